-- What validation, estimation and people put in the place of raw slots. Append only: the raw value stays where it is,
-- and of a slot's versions the one with the highest number counts.

CREATE TABLE slot_version (
  start   timestamptz NOT NULL,
  at      timestamptz NOT NULL,
  value   bigint,                -- NULL: the raw value counts again
  version int         NOT NULL CHECK (version > 0),
  meter   int         NOT NULL,
  channel int         NOT NULL,
  quality smallint    NOT NULL,
  cause   text        NOT NULL,  -- the rule that made it necessary; empty where a person did it
  method  text        NOT NULL,
  kind    text        NOT NULL,  -- Actor.Kind's word
  by      text        NOT NULL,
  reason  text        NOT NULL DEFAULT '' CHECK (length(reason) <= 1000),
  PRIMARY KEY (meter, channel, start, version),
  CHECK (kind <> 'PERSON' OR reason <> '')
);
