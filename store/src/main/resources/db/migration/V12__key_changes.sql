-- A key's life: it is in force; or pending, while an order carries it to the meter; or retired, once
-- the meter uses its successor; or revoked, which nothing comes back from. Retired ones stay, wrapped:
-- what is kept of raw messages is read under them.
--
-- in_force is what was asked before there were states, and follows from the state now.

ALTER TABLE meter_key
  ADD COLUMN state   text        NOT NULL DEFAULT 'IN_FORCE'
    CHECK (state IN ('IN_FORCE', 'PENDING', 'RETIRED', 'REVOKED')),
  ADD COLUMN changed timestamptz NOT NULL DEFAULT now(),   -- since when it is in its state
  ADD COLUMN command uuid;                                 -- which order carried it; NULL where it was shipped

UPDATE meter_key SET state = 'REVOKED' WHERE NOT in_force;
UPDATE meter_key SET changed = since WHERE in_force;

ALTER TABLE meter_key DROP COLUMN in_force;                -- and the index on it
ALTER TABLE meter_key
  ADD COLUMN in_force boolean GENERATED ALWAYS AS (state = 'IN_FORCE') STORED;

CREATE UNIQUE INDEX meter_key_in_force ON meter_key (meter, purpose) WHERE state = 'IN_FORCE';
CREATE UNIQUE INDEX meter_key_pending ON meter_key (meter, purpose) WHERE state = 'PENDING';
CREATE INDEX meter_key_command ON meter_key (command) WHERE state = 'PENDING';
