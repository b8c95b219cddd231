-- Files of readings that somebody took in, and whom consumers let see theirs.

-- A file with its settings is taken in once: the same again changes nothing. TAKING that stays was cut off: again finishes it.
CREATE TABLE import_run (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL,
  finished   timestamptz,
  first      timestamptz NOT NULL,  -- the first interval's beginning
  last       timestamptz NOT NULL,  -- the last one's end
  intervals  bigint      NOT NULL,
  meters     int         NOT NULL,
  messages   int         NOT NULL DEFAULT 0,  -- that were new
  duplicates int         NOT NULL DEFAULT 0,
  refused    int         NOT NULL DEFAULT 0,
  state      text        NOT NULL CHECK (state IN ('TAKING', 'DONE', 'FAILED')),
  kind       text        NOT NULL,  -- Actor.Kind's word
  by         text        NOT NULL,
  file       text        NOT NULL CHECK (length(file) <= 255),
  form       text        NOT NULL,
  settings   text        NOT NULL CHECK (length(settings) <= 1000),
  note       text        NOT NULL DEFAULT '',
  sha256     bytea       NOT NULL CHECK (octet_length(sha256) = 32),
  UNIQUE (sha256, settings)
);

-- Third parties of Green Button Connect My Data: a hash is kept of what they show.
CREATE TABLE third_party (
  id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  registered    timestamptz NOT NULL,
  revoked       timestamptz,
  name          text        NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 80),
  contact       text        NOT NULL CHECK (length(contact) <= 200),
  registered_by text        NOT NULL,
  revoked_by    text        NOT NULL DEFAULT '',
  client_id     text        NOT NULL UNIQUE,
  secret_hash   bytea       NOT NULL CHECK (octet_length(secret_hash) = 32)
);

-- A consumer's word: who sees what of which service point, until when. It goes with the account.
CREATE TABLE consent (
  id            uuid        PRIMARY KEY,  -- the subscription's number in ESPI's addresses
  app_user      bigint      NOT NULL REFERENCES app_user ON DELETE CASCADE,
  third_party   bigint      NOT NULL REFERENCES third_party,
  given         timestamptz NOT NULL,
  until         timestamptz NOT NULL CHECK (until > given),
  withdrawn     timestamptz,
  last_used     timestamptz,
  uses          bigint      NOT NULL DEFAULT 0,
  service_point text        NOT NULL CHECK (service_point <> ''),
  scope         text        NOT NULL,
  code_expires  timestamptz NOT NULL,
  code_hash     bytea       CHECK (octet_length(code_hash) = 32),   -- NULL once it was used
  token_hash    bytea       UNIQUE CHECK (octet_length(token_hash) = 32)
);
CREATE INDEX consent_user ON consent (app_user);
CREATE UNIQUE INDEX consent_code ON consent (code_hash) WHERE code_hash IS NOT NULL;
