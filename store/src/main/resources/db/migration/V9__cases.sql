-- Alarms, cases and what is held back from billing. One file an owner: commands are V6.

-- Events that intake stored and the tamper desk has not judged: written with the event, deleted with what was made
-- of it. After a crash they are still here. The most urgent is taken first, whatever waits before it.
CREATE TABLE alarm_queue (
  event    uuid     NOT NULL,
  segment  bigint   NOT NULL,                 -- the raw message that told it: evidence's segment, day and place
  day      date     NOT NULL,
  place    int      NOT NULL,
  length   int      NOT NULL,                 -- 0 where it came in no message
  severity smallint NOT NULL,
  source   smallint NOT NULL                  -- Warning.Source's ordinal
) WITH (autovacuum_vacuum_scale_factor = 0.05);
CREATE UNIQUE INDEX alarm_queue_order ON alarm_queue (severity DESC, event);

-- One case a meter at a time: what was noticed, what was done about it, what a person found.
CREATE TABLE meter_case (
  opened    timestamptz NOT NULL,
  closed    timestamptz,
  id        bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meter     int         NOT NULL REFERENCES meter,
  severity  smallint    NOT NULL,
  verdict   text        CHECK (verdict IN ('theft', 'fault', 'false-alarm', 'maintenance')),
  closed_by text        NOT NULL DEFAULT '',
  CHECK ((closed IS NULL) = (verdict IS NULL))
);
CREATE UNIQUE INDEX meter_case_open ON meter_case (meter) WHERE closed IS NULL;
CREATE INDEX meter_case_opened ON meter_case (opened DESC, id DESC);

-- Its story: never changed.
CREATE TABLE case_step (
  at         timestamptz NOT NULL,
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id    bigint      NOT NULL REFERENCES meter_case,
  what       text        NOT NULL,            -- opened, alarm, quarantined, keys-revoked, note, closed, released
  actor_kind text        NOT NULL,
  actor      text        NOT NULL,
  note       text        NOT NULL
);
CREATE INDEX case_step_case ON case_step (case_id, id);

-- One open row a meter and word, however often it is told; without a meter: a storm, many meters in one row.
-- What pushes and the meter's own log tell is counted apart: the same happening told by both is one.
CREATE TABLE alarm (
  first           timestamptz NOT NULL,       -- by the meter's clock
  last            timestamptz NOT NULL,       -- by the meter's clock
  raised          timestamptz NOT NULL,       -- by the office's
  changed         timestamptz NOT NULL,
  over            timestamptz,                -- since when it is over, by the meter's clock
  acknowledged    timestamptz,
  closed          timestamptz,
  id              bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id         bigint      REFERENCES meter_case,
  pushed          bigint      NOT NULL DEFAULT 0,
  logged          bigint      NOT NULL DEFAULT 0,
  meters          bigint      NOT NULL DEFAULT 1,
  meter           int         REFERENCES meter,
  severity        smallint    NOT NULL,
  sources         smallint    NOT NULL,       -- bits: which sources told it
  lasting         boolean     NOT NULL,       -- whether there is a word that says it is over
  word            text        NOT NULL,
  text            text        NOT NULL,
  acknowledged_by text        NOT NULL DEFAULT ''
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX alarm_open ON alarm (meter, word) NULLS NOT DISTINCT WHERE closed IS NULL;
CREATE INDEX alarm_now ON alarm (severity DESC, changed DESC) WHERE closed IS NULL;
CREATE INDEX alarm_meter ON alarm (meter, word, id);
CREATE INDEX alarm_case ON alarm (case_id) WHERE case_id IS NOT NULL;

-- Which raw messages told an alarm: the first ones of each minute; the rest is in its count, and in the meter's events.
CREATE TABLE alarm_evidence (
  at      timestamptz NOT NULL,               -- by the meter's clock
  alarm   bigint      NOT NULL REFERENCES alarm,
  segment bigint      NOT NULL,
  event   uuid        NOT NULL,
  day     date        NOT NULL,
  place   int         NOT NULL,
  length  int         NOT NULL,
  source  smallint    NOT NULL,
  PRIMARY KEY (alarm, event)
);

-- From when to when a meter's readings are held: from the tamper on until the quarantine ends.
CREATE TABLE hold (
  since   timestamptz NOT NULL,
  until   timestamptz CHECK (until > since),
  made    timestamptz NOT NULL,
  id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  case_id bigint      NOT NULL REFERENCES meter_case,
  meter   int         NOT NULL REFERENCES meter,
  reason  text        NOT NULL,
  by      text        NOT NULL
);
CREATE UNIQUE INDEX hold_now ON hold (meter) WHERE until IS NULL;
CREATE INDEX hold_meter ON hold (meter);

-- What a person released for billing: of the holds that were there then.
CREATE TABLE hold_release (
  at      timestamptz NOT NULL,
  span    tstzrange   NOT NULL CHECK (NOT isempty(span)),
  id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meter   int         NOT NULL REFERENCES meter,
  by      text        NOT NULL,
  reason  text        NOT NULL
);
CREATE INDEX hold_release_meter ON hold_release (meter);

-- What is held now: by inner numbers, a row a meter. Whatever overlaps with it is not billed.
CREATE VIEW held AS
SELECT h.meter, range_agg(h.left_over) AS spans
FROM (
  SELECT g.meter,
         tstzmultirange(tstzrange(g.since, g.until))
           - coalesce((SELECT range_agg(r.span) FROM hold_release r
                       WHERE r.meter = g.meter AND r.at >= g.made), '{}'::tstzmultirange) AS left_over
  FROM hold g) h
GROUP BY h.meter;

-- Interval data that may be billed, as interval_reading has it.
CREATE VIEW billable_reading AS
SELECT r.*
FROM interval_reading r
JOIN meter m ON m.meter_id = r.meter_id
LEFT JOIN held h ON h.meter = m.id
WHERE h.spans IS NULL OR NOT h.spans && tstzrange(r.start, r."end");
COMMENT ON VIEW billable_reading IS 'interval_reading without what is held after tamper and not released';
