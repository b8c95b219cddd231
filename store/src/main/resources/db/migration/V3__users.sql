-- People who may log in. Passwords stand as hashes with their own salt and parameters.
CREATE TABLE app_user (
  created       timestamptz NOT NULL,
  version       bigint      NOT NULL,     -- grows with each change; sessions of an older one have ended
  must_change   boolean     NOT NULL,
  name          text        NOT NULL,
  roles         text[]      NOT NULL CHECK (cardinality(roles) > 0),
  password_hash text        NOT NULL
);
-- a name is the same in capitals
CREATE UNIQUE INDEX app_user_name ON app_user (lower(name));
