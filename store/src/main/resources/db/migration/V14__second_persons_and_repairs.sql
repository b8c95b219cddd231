-- Who lifts a consumer's protection asks; somebody else releases it. Then: who holds a command that is on its way, and
-- until when one is put off whose meter is out of reach. Then: tables that are being filled again from raw messages.

CREATE TABLE protection_lift (
  asked      timestamptz NOT NULL,
  decided    timestamptz,
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meter      text        NOT NULL,
  asked_by   text        NOT NULL,
  decided_by text        NOT NULL DEFAULT '',
  reason     text        NOT NULL,
  released   boolean     NOT NULL DEFAULT false,
  CHECK (decided_by <> asked_by)
);
CREATE UNIQUE INDEX protection_lift_open ON protection_lift (meter) WHERE decided IS NULL;
CREATE INDEX protection_lift_meter ON protection_lift (meter, id);

-- A lease names its holder, the data folder of the server that took it: no two processes hold one, so whoever holds it
-- now may take over at once what its dead predecessor held. "due" stays what policy and order say; a meter that calls in
-- ends "put_off".
ALTER TABLE command
  ADD COLUMN leased_by uuid,
  ADD COLUMN put_off   timestamptz;
CREATE INDEX command_put_off ON command (meter) WHERE put_off IS NOT NULL AND state IN ('QUEUED', 'SENT', 'IN_DOUBT');

-- When a feeder's next switching command may be woken: those that were put off do not come back all at once (C15).
ALTER TABLE command_window
  ADD COLUMN next_wake timestamptz;

-- A torn table whose readable rows were saved, until the raw messages have been read again. Written with the rows: where
-- the process dies in between, the next repair goes on with it.
CREATE TABLE table_repair (
  begun         timestamptz NOT NULL,
  done          timestamptz,
  id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kept          bigint      NOT NULL,              -- rows that could still be read
  torn          bigint      NOT NULL,              -- pages that could not
  evidence_from date        NOT NULL,              -- raw messages received from then on are read again
  name          text        NOT NULL
);
CREATE INDEX table_repair_open ON table_repair (id) WHERE done IS NULL;
