-- Meters that are read: how they are reached, when what is due, and how their clocks were.

ALTER TABLE meter
  ADD COLUMN address   text NOT NULL DEFAULT '',  -- host:port or host:port/device; empty where it calls in
  ADD COLUMN link      text NOT NULL DEFAULT '',  -- what it shares with others: a concentrator, a cell
  ADD COLUMN client    text NOT NULL DEFAULT '',  -- which client the office is; empty: the usual one
  ADD COLUMN companion text NOT NULL DEFAULT '';  -- which companion profile; empty: as its profile, or generic

-- One row a meter and schedule: what is due, and how it went. What is missing is reckoned from the
-- day rows each time a meter's turn comes; "missing" and "expected" are what that gave last.
-- A killed server loses nothing: a turn that was not written down is due still.
CREATE TABLE collection (
  due       timestamptz NOT NULL,
  tried     timestamptz,
  succeeded timestamptz,
  given_up  timestamptz,                          -- gaps before it were asked for in vain, and are not any more
  meter     int         NOT NULL REFERENCES meter,
  failures  int         NOT NULL DEFAULT 0,       -- in a row
  asked     int         NOT NULL DEFAULT 0,       -- how often the gaps that are left were asked for
  missing   int         NOT NULL DEFAULT 0,       -- slots
  expected  int         NOT NULL DEFAULT 0,       -- slots
  schedule  smallint    NOT NULL,                 -- 0 billing, 1 profiles
  fault     text        NOT NULL DEFAULT '',      -- of the last try; empty where it went well
  PRIMARY KEY (meter, schedule)
) WITH (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.1);
CREATE INDEX collection_due ON collection (due, meter);

-- How a meter's clock was when it was read.
CREATE TABLE meter_clock (
  read      timestamptz NOT NULL,
  corrected timestamptz,
  off_ms    bigint      NOT NULL,                 -- positive where it was fast
  meter     int         PRIMARY KEY REFERENCES meter
) WITH (fillfactor = 80);
