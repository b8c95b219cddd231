-- Prosody 0.12 for meters: they log in here, and the office is a component. docs/xmpp.md says how it is
-- installed. What differs from place to place may stand in the environment, or be written in here.
local domain = ENV_GW_DOMAIN or "meters.example"
local office = "office." .. domain
local files = ENV_GW_FILES or "/etc/prosody/gridwarden" -- modules, certificate, key

plugin_paths = { files .. "/modules" }
data_path = ENV_GW_DATA or "/var/lib/prosody"
pidfile = ENV_GW_PID or "/run/prosody/prosody.pid"
run_as_root = ENV_GW_ROOT == "yes" -- tests in containers alone
certificates = files

-- no server to server, no files, no registration, nothing kept for who is away: orders wait in the office
modules_enabled = { "disco", "saslauth", "tls", "ping", "limits", "posix", "gridwarden" }
modules_disabled = { "s2s", "offline" }
admins = { office } -- it owns the publish-subscribe node
log = { { levels = { min = ENV_GW_LOG or "warn" }, to = "console" } } -- the journal

-- who has not logged in: so long, so many bytes, so many connections (modules/mod_gridwarden.lua)
c2s_timeout = 30
c2s_unauthed_stanza_size_limit = 4096
gridwarden_unproven = 3000 -- with LimitNOFILE=65536
-- who has: as many bytes as a message takes, so many a second, so many connections each
c2s_stanza_size_limit = 32768
c2s_max_child_elements = 128
limits = { c2s = { rate = "64kb/s", burst = "4s" } }
gridwarden_connections = 4
tcp_keepalives = true
network_settings = { read_timeout = 300, tcp_backlog = 1024 }

c2s_ports = { tonumber(ENV_GW_C2S_PORT or 5222) }
c2s_direct_tls_ports = {} -- STARTTLS alone: a handshake counts as not logged in from its first byte
c2s_require_encryption = true
c2s_interfaces = { ENV_GW_BIND or "*" }
component_ports = { tonumber(ENV_GW_COMPONENT_PORT or 5347) }
component_interfaces = { "127.0.0.1" } -- the link has no TLS

VirtualHost(domain)
  authentication = "gridwarden" -- asks the office: there are no accounts to keep here
  gridwarden_office = office
  gridwarden_services = { "pubsub." .. domain }
  ssl = {
    certificate = files .. "/server.crt",
    key = files .. "/server.key",
    protocol = "tlsv1_2+",
  }

Component(office)
  component_secret = ENV_GW_SECRET or error("set GW_SECRET to what the office's secretFile holds")
  modules_enabled = {}

Component("pubsub." .. domain)("pubsub")
  autocreate_on_publish = false
