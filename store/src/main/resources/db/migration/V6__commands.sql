-- Commands on their way to meters, and who may be spared what.

CREATE TABLE command (
  id           uuid        PRIMARY KEY,
  drafted      timestamptz NOT NULL,
  not_before   timestamptz NOT NULL,
  expires      timestamptz NOT NULL,
  due          timestamptz NOT NULL,               -- when it may be sent: later than not_before where many are spread
  released     timestamptz,                        -- since when it counts in the windows
  leased_until timestamptz,
  meter        text        NOT NULL,
  feeder       text        NOT NULL,               -- as it was when drafted; empty where unknown
  word         text        NOT NULL,
  parameters   bytea       NOT NULL,
  reason       text        NOT NULL,
  drafted_by   text        NOT NULL,
  state        text        NOT NULL,
  why          text        NOT NULL DEFAULT '',    -- of the state
  released_by  text        NOT NULL DEFAULT '',    -- the second person; empty where the policy did
  signed       bytea,                              -- the order under its operator's signature
  receipt      bytea,                              -- the meter's, under its own
  attempts     int         NOT NULL DEFAULT 0,
  switching    boolean     NOT NULL                -- whether it counts in the windows
) WITH (fillfactor = 70);
CREATE INDEX command_due ON command (due, id) WHERE state IN ('QUEUED', 'SENT', 'IN_DOUBT');
CREATE INDEX command_meter ON command (meter, id);
CREATE INDEX command_released ON command (released) WHERE switching;

-- Each step, never changed.
CREATE TABLE command_step (
  at         timestamptz NOT NULL,
  command    uuid        NOT NULL REFERENCES command,
  step       int         NOT NULL,
  state      text        NOT NULL,
  actor_kind text        NOT NULL,
  actor      text        NOT NULL,
  note       text        NOT NULL,
  PRIMARY KEY (command, step)
);

-- A row each for all, a feeder and a user: who releases what counts there holds it.
CREATE TABLE command_window (
  name text PRIMARY KEY
);

-- Consumers whose power nobody switches off from afar.
CREATE TABLE protected_meter (
  since  timestamptz NOT NULL,
  meter  text        PRIMARY KEY,
  reason text        NOT NULL,
  by     text        NOT NULL
);

-- The policy's versions. One is in force from its approval on; a proposal waits for a second person.
CREATE TABLE command_policy (
  version     int         GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  proposed    timestamptz NOT NULL,
  approved    timestamptz,
  refused     timestamptz,
  proposed_by text        NOT NULL,
  decided_by  text        NOT NULL DEFAULT '',
  reason      text        NOT NULL,
  content     text        NOT NULL,
  CHECK (decided_by <> proposed_by)
);

-- Operators' public keys.
CREATE TABLE operator_key (
  added    timestamptz NOT NULL,
  revoked  timestamptz,
  key_id   bytea       PRIMARY KEY,
  spki     bytea       NOT NULL,
  operator text        NOT NULL,
  added_by text        NOT NULL,
  CHECK (added_by <> operator)
);
