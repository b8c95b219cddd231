-- Public keys with which users come in over SSH: the office keeps no other half. They go with their user.
CREATE TABLE ssh_key (
  added       timestamptz NOT NULL,
  user_name   text        NOT NULL,           -- lower case; of app_user
  fingerprint text        NOT NULL PRIMARY KEY,
  algorithm   text        NOT NULL,
  blob        bytea       NOT NULL,           -- as SSH sends it (RFC 4253, 6.6)
  comment     text        NOT NULL,
  added_by    text        NOT NULL
);
CREATE INDEX ssh_key_user ON ssh_key (user_name);

-- a user who comes back under an old name does not find the old one's keys
CREATE FUNCTION ssh_keys_go_with_their_user() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM ssh_key WHERE user_name = lower(OLD.name);
  RETURN OLD;
END $$;
CREATE TRIGGER ssh_keys_of_user AFTER DELETE ON app_user
  FOR EACH ROW EXECUTE FUNCTION ssh_keys_go_with_their_user();
