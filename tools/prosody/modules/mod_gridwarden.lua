-- Who may hold a connection, and whom a meter may speak to.
--
-- Connections that have not logged in take places, so many in all. Where there is none left, the one that was silent
-- for longest goes, of the source that holds most. A log-in that goes on is not silent, so that it ends well, also when
-- it comes from the very address of somebody who opens connections and falls silent. Who has logged in is counted by
-- name and not by address.
module:set_global();

local filters = require "util.filters";
local jid = require "util.jid";
local now = require "util.time".monotonic;
local st = require "util.stanza";

local most = module:get_option_number("gridwarden_unproven", 3000);
local each = module:get_option_number("gridwarden_connections", 4);
local unproven = {}; -- session -> its source, and when it was heard last
local per_source = {}; -- address -> how many
local total = 0;

local function forget(session)
	local place = unproven[session];
	if place then
		unproven[session] = nil;
		total = total - 1;
		local left = per_source[place.source] - 1;
		per_source[place.source] = left > 0 and left or nil;
	end
end

local function put_out()
	local greediest, held = nil, 0;
	for source, count in pairs(per_source) do
		if count > held then
			greediest, held = source, count;
		end
	end
	local victim, since;
	for session, place in pairs(unproven) do
		if place.source == greediest and (not since or place.heard < since) then
			victim, since = session, place.heard;
		end
	end
	if victim then
		forget(victim);
		local conn = victim.conn;
		if conn then
			-- at once, without a word: what waits to be written to who reads nothing would hold the place
			conn:on("disconnect", "no place left");
			conn:destroy();
		end
	end
end

filters.add_filter_hook(function (session)
	if session.type ~= "c2s_unauthed" then return; end
	if total >= most then put_out(); end
	local place = { source = session.conn and session.conn:ip() or "?", heard = now() };
	unproven[session] = place;
	total = total + 1;
	per_source[place.source] = (per_source[place.source] or 0) + 1;
	filters.add_filter(session, "bytes/in", function (data)
		place.heard = now();
		return data;
	end, 2000);
end);

module:hook("c2s-closed", function (event)
	if event.session then forget(event.session); end
end);

function module.add_host(host)
	if host:get_host_type() ~= "local" then return; end

	host:hook("authentication-success", function (event)
		forget(event.session);
	end, 100);

	-- a meter that comes again before its old connection is known to be dead takes the place of the oldest
	host:hook("resource-bind", function (event)
		local session = event.session;
		local user = prosody.hosts[session.host].sessions[session.username];
		local count, oldest = 0, nil;
		for _, other in pairs(user and user.sessions or {}) do
			count = count + 1;
			if other ~= session and (not oldest or other.conntime < oldest.conntime) then
				oldest = other;
			end
		end
		if count > each and oldest then
			oldest:close({ condition = "policy-violation", text = "Too many connections" });
		end
	end);

	-- meters speak to the office, its services and this server, and never to each other
	local open = host:get_option_set("gridwarden_services", {});
	open:add(host:get_option_string("gridwarden_office"));
	open:add(host.host);
	local function wall(event)
		local origin, stanza = event.origin, event.stanza;
		local to = stanza.attr.to;
		if not to or open:contains(to) or jid.bare(to) == origin.username .. "@" .. origin.host then
			return;
		end
		if stanza.attr.type ~= "error" and stanza.attr.type ~= "result" then
			origin.send(st.error_reply(stanza, "auth", "forbidden", "Meters speak to their office alone"));
		end
		return true;
	end
	for _, kind in ipairs({ "iq", "message", "presence" }) do
		for _, where in ipairs({ "host", "bare", "full" }) do
			host:hook("pre-" .. kind .. "/" .. where, wall, 1000);
		end
	end
end
