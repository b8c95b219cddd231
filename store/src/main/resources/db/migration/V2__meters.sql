-- Meters, where they are mounted, their keys, and those that are not known yet.

ALTER TABLE meter
  ADD COLUMN registered    timestamptz NOT NULL DEFAULT now(),
  ADD COLUMN system_title  bytea CHECK (octet_length(system_title) = 8),
  ADD COLUMN serial        text NOT NULL DEFAULT '',
  ADD COLUMN profile       text NOT NULL DEFAULT 'generic',
  ADD COLUMN zone          text NOT NULL DEFAULT 'UTC',
  ADD COLUMN state         text NOT NULL DEFAULT 'ACTIVE'
    CHECK (state IN ('ACTIVE', 'QUARANTINED', 'RETIRED')),
  ADD COLUMN push_policy   text NOT NULL DEFAULT 'AUTHENTICATED'
    CHECK (push_policy IN ('AUTHENTICATED', 'ENCRYPTED', 'PLAIN')),
  ADD COLUMN service_point text NOT NULL DEFAULT '';
-- what a search by any part looks through; titles in hexadecimal digits
ALTER TABLE meter
  ADD COLUMN search text GENERATED ALWAYS AS (
    lower(meter_id || ' ' || serial || ' ' || coalesce(encode(system_title, 'hex'), '')
      || ' ' || service_point)) STORED;
CREATE UNIQUE INDEX meter_system_title ON meter (system_title);
CREATE INDEX meter_serial ON meter (serial);
CREATE INDEX meter_service_point ON meter (service_point);

-- Trigrams make a search by any part quick among millions; without them it reads the table.
DO $$
BEGIN
  CREATE EXTENSION IF NOT EXISTS pg_trgm;
  EXECUTE 'CREATE INDEX meter_search ON meter USING gin (search gin_trgm_ops)';
EXCEPTION WHEN OTHERS THEN
  RAISE NOTICE 'no trigram index for meters: %', SQLERRM;
END $$;

-- Which meter was mounted at a service point from when to when; "until" is NULL while it is there.
-- A meter is at one point at a time.
CREATE TABLE service_point_term (
  since         timestamptz NOT NULL,
  until         timestamptz CHECK (until > since),
  meter         int         NOT NULL REFERENCES meter,
  service_point text        NOT NULL,
  PRIMARY KEY (meter, since)
);
CREATE UNIQUE INDEX service_point_term_now ON service_point_term (meter) WHERE until IS NULL;
CREATE INDEX service_point_term_point ON service_point_term (service_point, since);

-- Keys, wrapped only. "shipped": to the office's RSA key, as they came (NULL for keys that came in
-- the clear in a demo). "local": under the office's local key, once they were opened.
CREATE TABLE meter_key (
  since          timestamptz NOT NULL DEFAULT now(),
  meter          int         NOT NULL REFERENCES meter,
  purpose        smallint    NOT NULL,    -- KeyAccess.Purpose's ordinal
  in_force       boolean     NOT NULL DEFAULT true,
  key_id         bytea       NOT NULL,
  shipped        bytea,
  shipped_auth   bytea,
  local          bytea,
  local_auth     bytea,
  PRIMARY KEY (meter, purpose, key_id),
  CHECK (shipped IS NOT NULL OR local IS NOT NULL)
);
CREATE UNIQUE INDEX meter_key_in_force ON meter_key (meter, purpose) WHERE in_force;
-- ciphertext does not compress
ALTER TABLE meter_key ALTER COLUMN shipped SET STORAGE EXTERNAL;
ALTER TABLE meter_key ALTER COLUMN shipped_auth SET STORAGE EXTERNAL;

-- Meters that sent something and are not known: kept until an operator accepts or drops them.
CREATE TABLE waiting (
  first_seen timestamptz NOT NULL,
  last_seen  timestamptz NOT NULL,
  messages   bigint      NOT NULL,
  identity   text        PRIMARY KEY,
  channel    text        NOT NULL,
  instance   text        NOT NULL,
  sample     bytea       NOT NULL
);
CREATE INDEX waiting_last_seen ON waiting (last_seen DESC);

-- Messages that could not be stored for a reason of their own.
CREATE TABLE refused_message (
  id       bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at       timestamptz NOT NULL,
  meter    text        NOT NULL,
  channel  text        NOT NULL,
  instance text        NOT NULL,
  reason   text        NOT NULL,
  raw      bytea       NOT NULL
);
