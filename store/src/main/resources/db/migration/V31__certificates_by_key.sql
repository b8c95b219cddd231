-- Devices that show the bare key of their certificate (RFC 7250) are looked up by it at each handshake.
CREATE INDEX certificate_key ON certificate (key_id) WHERE revoked IS NULL;
