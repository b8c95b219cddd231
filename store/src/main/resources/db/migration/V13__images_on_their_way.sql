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
