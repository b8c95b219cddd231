-- How far a firmware image has come on its way to a meter, one row a command. The meter itself says which blocks it
-- has; of which image they are is what stands here.
CREATE TABLE image_progress (
  begun    timestamptz NOT NULL,
  at       timestamptz NOT NULL,
  command  uuid        PRIMARY KEY REFERENCES command,
  there    int         NOT NULL,
  blocks   int         NOT NULL CHECK (blocks > 0 AND there BETWEEN 0 AND blocks),
  meter    text        NOT NULL,
  image    text        NOT NULL
) WITH (fillfactor = 70);
CREATE INDEX image_progress_meter ON image_progress (meter, at DESC);

-- Whom meters obey: lists under the trust root's signature, the newest is sent to meters that have an older one. The
-- root's private half is nowhere in this system.
CREATE TABLE trust_root (
  added    timestamptz NOT NULL,
  one      boolean     PRIMARY KEY DEFAULT true CHECK (one),   -- meters know one root, from their making on
  spki     bytea       NOT NULL,
  added_by text        NOT NULL
);

CREATE TABLE trust_list (
  added    timestamptz NOT NULL,
  version  bigint      PRIMARY KEY CHECK (version > 0),
  signed   bytea       NOT NULL,                               -- COSE_Sign1
  added_by text        NOT NULL
);

-- Which list a meter has, as it said; -1 where it takes none. "tried" is when it was asked or sent one last.
CREATE TABLE meter_trust (
  tried   timestamptz NOT NULL,
  version bigint      NOT NULL,
  meter   text        PRIMARY KEY
);
