-- What a restore needs to be safe: which life of the office this is, and how fast counters may have gone.

-- A row a life: the first, and one for each restore. "taken": what was committed before it is here, what came after is
-- lost. "audit_size": where the audit log goes on from; "statement": that, under the log's key.
CREATE TABLE office_epoch (
  began      timestamptz NOT NULL,
  taken      timestamptz,
  audit_size bigint      NOT NULL DEFAULT 0,
  epoch      uuid        NOT NULL UNIQUE,
  n          int         GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  parent     text        NOT NULL DEFAULT '',
  snapshot   text        NOT NULL DEFAULT '',
  statement  text        NOT NULL DEFAULT ''
);
INSERT INTO office_epoch (epoch, began) VALUES (gen_random_uuid(), now());

-- Up to when a key's allowance of counters is spent: so it is known how many an unknown time can have taken.
ALTER TABLE send_counter ADD COLUMN spent timestamptz NOT NULL DEFAULT '-infinity';

-- Keys whose counters cannot jump far enough: the meter is not addressed under them, they have to be rotated.
CREATE TABLE counter_finding (
  found  timestamptz NOT NULL,
  meter  text        NOT NULL,
  key_id bytea       NOT NULL,
  why    text        NOT NULL,
  PRIMARY KEY (meter, key_id)
);

-- Who and what of an entry of the audit log, in the clear. The log itself holds salted commitments to them: where a part
-- is erased here, its salt goes with it, and the log stands. Entries of before hold their text themselves.
CREATE TABLE audit_clear (
  entry       bigint PRIMARY KEY,             -- of audit_log
  who_salt    bytea,
  who         bytea,
  detail_salt bytea,
  detail      bytea,
  CHECK ((who IS NULL) = (who_salt IS NULL) AND (detail IS NULL) = (detail_salt IS NULL))
);

-- That something was erased, by whom and why; never whose it was.
CREATE TABLE erasure (
  at     timestamptz NOT NULL,
  id     bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind   text        NOT NULL,
  by     text        NOT NULL,
  reason text        NOT NULL
);
