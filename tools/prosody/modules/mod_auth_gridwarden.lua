-- Meters log in by SCRAM; what that needs of a meter is asked of the office, a component of this server, each
-- time. It gives no password, and nothing that one could log in with. The server keeps no accounts: a meter that
-- is registered, retired or has a new key there is so here at once.
local async = require "util.async";
local base64 = require "util.encodings".base64;
local new_id = require "util.id".medium;
local new_sasl = require "util.sasl".new;
local st = require "util.stanza";

local xmlns = "urn:gridwarden:xmpp:1";
local office = module:get_option_string("gridwarden_office");
local patience = module:get_option_number("gridwarden_patience", 8); -- seconds

local function scram(hash)
	return function (_, username)
		local question = st.iq({ type = "get", from = module.host, to = office, id = new_id() })
			:tag("account", { xmlns = xmlns, name = username, hash = hash }):up();
		local event = async.wait_for(module:send_iq(question, nil, patience));
		local account = event and event.stanza:get_child("account", xmlns);
		if not account then
			module:log("info", "The office knows no way in for %s", username);
			return nil;
		end
		local a = account.attr;
		local stored, server, salt = base64.decode(a.stored), base64.decode(a.server), base64.decode(a.salt);
		local iterations = tonumber(a.iterations);
		if not (stored and server and salt and iterations) then
			return nil;
		end
		return stored, server, iterations, salt, true;
	end
end

local provider = {};

function provider.get_sasl_handler()
	return new_sasl(module.host, { scram_sha_1 = scram("SHA-1"), scram_sha_256 = scram("SHA-256") });
end

-- whose connection is here has logged in; nothing is kept for others
function provider.user_exists()
	return true;
end

function provider.test_password()
	return nil, "Passwords are not known here.";
end

function provider.set_password()
	return nil, "Passwords follow from meters' keys.";
end

function provider.create_user()
	return nil, "Meters are registered in the office.";
end

function provider.delete_user()
	return nil, "Meters are retired in the office.";
end

module:provides("auth", provider);
