-- What readings were before they were billed, and bills. Days and raw messages are leaves of a Merkle tree (RFC 9162) of
-- its own, whose checkpoints the office signs; a bill is a leaf behind the days that it was reckoned from.

-- Which record is which leaf. The records themselves are made again from what is stored; "salt" keeps a neighbour's
-- quiet day from being guessed, and goes where the day is erased.
CREATE TABLE evidence_leaf (
  leaf     bigint      PRIMARY KEY,
  at       timestamptz NOT NULL,
  meter    int         REFERENCES meter,      -- NULL for bills
  channel  int,                               -- of a day's slots
  revision int         NOT NULL,              -- from 1: a day that changed is committed to again
  day      date,                              -- civil day of slots; UTC day of receipt of messages
  messages int,                               -- how many were received on the day
  kind     smallint    NOT NULL,              -- 0 a day's slots, 1 a day's messages, 2 a bill
  hash     bytea       NOT NULL CHECK (octet_length(hash) = 32),
  salt     bytea,
  chain    bytea                              -- the digest over the messages
);
CREATE UNIQUE INDEX evidence_leaf_day ON evidence_leaf (meter, kind, day, channel, revision) NULLS NOT DISTINCT
  WHERE kind < 2;

-- as the audit log's: level n holds the hashes of subtrees of 256^n leaves
CREATE TABLE evidence_tile (
  level  smallint NOT NULL,
  tile   bigint   NOT NULL,
  hashes bytea    NOT NULL,
  PRIMARY KEY (level, tile)
);

CREATE TABLE evidence_checkpoint (
  size bigint      PRIMARY KEY,
  at   timestamptz NOT NULL,
  text text        NOT NULL
);

-- Days of receipt (UTC) whose messages were all committed to.
CREATE TABLE evidence_received (
  day    date        PRIMARY KEY,
  at     timestamptz NOT NULL,
  meters int         NOT NULL
);

-- What a meter signed of a day itself, where it does such a thing.
CREATE TABLE meter_day_signature (
  day_start   timestamptz NOT NULL,
  meter       int         NOT NULL REFERENCES meter,
  channel     int         NOT NULL,
  signed      bytea       NOT NULL,           -- COSE_Sign1
  certificate bytea       NOT NULL,           -- X.509, DER
  PRIMARY KEY (meter, channel, day_start)
);

-- A bill is never changed: what was wrong is credited, and billed again.
CREATE TABLE bill (
  issued        timestamptz NOT NULL,
  leaf          bigint      NOT NULL UNIQUE REFERENCES evidence_leaf,
  run           uuid        NOT NULL,
  period_from   date        NOT NULL,
  period_to     date        NOT NULL CHECK (period_to > period_from),
  edition       int         NOT NULL CHECK (edition > 0),   -- how often the period was billed, from 1
  total         numeric     NOT NULL,
  number        text        PRIMARY KEY,
  kind          text        NOT NULL CHECK (kind IN ('bill', 'credit')),
  account       text        NOT NULL,
  service_point text        NOT NULL,
  currency      text        NOT NULL,
  replaces      text        REFERENCES bill,
  document      bytea       NOT NULL,         -- the canonical JSON, zlib (RFC 1950)
  CHECK (kind = 'bill' OR replaces IS NOT NULL)
);
ALTER TABLE bill ALTER COLUMN document SET STORAGE EXTERNAL;
CREATE UNIQUE INDEX bill_edition ON bill (service_point, account, period_from, period_to, kind, edition);
CREATE UNIQUE INDEX bill_credited ON bill (replaces) WHERE kind = 'credit';
CREATE INDEX bill_account ON bill (account, period_from DESC);
CREATE INDEX bill_of_run ON bill (run);

-- for mistakes, as with the audit log: against malice there is the tree
CREATE FUNCTION bills_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a bill is never changed: credit it, and bill again';
END $$;
CREATE TRIGGER bill_stays BEFORE UPDATE OR DELETE ON bill FOR EACH ROW EXECUTE FUNCTION bills_stay();
CREATE TRIGGER bill_never_emptied BEFORE TRUNCATE ON bill FOR EACH STATEMENT EXECUTE FUNCTION bills_stay();

-- To whom it was made out. The bill holds a commitment to it only, so that it can be erased with the account.
CREATE TABLE bill_customer (
  number  text  PRIMARY KEY REFERENCES bill,
  account text  NOT NULL,
  clear   bytea NOT NULL                      -- canonical JSON with its salt
);
CREATE INDEX bill_customer_account ON bill_customer (account);

CREATE TABLE bill_number (
  year int    PRIMARY KEY,
  last bigint NOT NULL
);

-- Runs, dry ones among them, and what they did not bill.
CREATE TABLE bill_run (
  id          uuid        PRIMARY KEY,
  started     timestamptz NOT NULL,
  ended       timestamptz,
  points      bigint      NOT NULL DEFAULT 0, -- how many agreements were looked at so far
  billed      bigint      NOT NULL DEFAULT 0,
  before      bigint      NOT NULL DEFAULT 0, -- billed by an earlier run
  blocked     bigint      NOT NULL DEFAULT 0,
  period_from date        NOT NULL,
  period_to   date        NOT NULL,
  dry         boolean     NOT NULL,
  by          text        NOT NULL,
  totals      text        NOT NULL DEFAULT '', -- what was billed, by currency: CHF 1234.50, ...
  failure     text        NOT NULL DEFAULT ''
);
CREATE INDEX bill_run_started ON bill_run (started DESC);
CREATE TABLE bill_blocked (
  run           uuid NOT NULL REFERENCES bill_run,
  service_point text NOT NULL,
  account       text NOT NULL,
  reason        text NOT NULL,                -- a word: held, missing, unauthenticated, ...
  detail        text NOT NULL,                -- where, and what to do
  PRIMARY KEY (run, service_point, account)
);
