-- Readings, events and what intake keeps beside them. Names of columns follow their widths, widest
-- first, so that no row carries padding. One file an owner: meters are V2, users V3.

CREATE TABLE meter (
  id       int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meter_id text NOT NULL UNIQUE
);

-- What is measured, in which unit and scale and, for slots, over which time. A meter whose scaler
-- changes has its values rescaled where that is exact, and gets another channel where it is not.
CREATE TABLE channel (
  id         int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  obis       bigint   NOT NULL,           -- six groups packed, A highest
  interval_s int      NOT NULL,           -- 0 for registers and momentary values
  unit       smallint NOT NULL,           -- COSEM unit enumeration
  scaler     smallint NOT NULL,           -- value = raw * 10^scaler
  code       text     NOT NULL,           -- 1.0.1.8.0.255
  symbol     text     NOT NULL,
  UNIQUE (obis, interval_s, unit, scaler)
);

-- Which channels a meter has; kind 0 interval, 1 register, 2 momentary.
CREATE TABLE meter_channel (
  meter   int      NOT NULL REFERENCES meter,
  channel int      NOT NULL,                -- made in a transaction of its own: no snapshot may miss it
  kind    smallint NOT NULL,
  PRIMARY KEY (meter, channel, kind)
);

-- One civil day of slots a row. Slot n (from 0) starts at day_start + n * interval_s: no zone table
-- is asked again. Either "values" or, where one of them overflows int4, "wide" is there. Quality is
-- one byte a slot (Quality.java), NULL where all are good; 128 means missing.
CREATE TABLE interval_block (
  day_start  timestamptz NOT NULL,
  meter      int         NOT NULL,
  channel    int         NOT NULL,
  day        date        NOT NULL,
  interval_s int         NOT NULL,
  layer      smallint    NOT NULL,        -- 0 raw, 1 final
  "values"   int[],
  wide       bigint[],
  quality    bytea,
  PRIMARY KEY (meter, channel, layer, day)
) PARTITION BY RANGE (day);
-- dates that no sane meter sends land here instead of making a partition each
CREATE TABLE interval_block_default PARTITION OF interval_block DEFAULT;

-- Single slots as live pushes bring them, until they are folded into blocks: appended to one of two
-- generations while the other is folded and emptied whole.
CREATE TABLE landing (
  start      timestamptz NOT NULL,
  value      bigint      NOT NULL,
  seq        bigint      NOT NULL,        -- evidence segment * 2^20 + position: the order of arrival
  meter      int         NOT NULL,
  channel    int         NOT NULL,
  generation smallint    NOT NULL,
  quality    smallint    NOT NULL
) PARTITION BY LIST (generation);
CREATE TABLE landing_0 PARTITION OF landing FOR VALUES IN (0);
CREATE TABLE landing_1 PARTITION OF landing FOR VALUES IN (1);
CREATE INDEX landing_slot ON landing (meter, channel, start);
CREATE TABLE landing_generation (
  lone    bool     PRIMARY KEY DEFAULT true CHECK (lone),
  current smallint NOT NULL
);
INSERT INTO landing_generation (current) VALUES (0);

-- Values that came for a slot and do not stand in it (layer raw: later, other ones; layer final:
-- earlier versions).
CREATE TABLE slot_revision (
  start   timestamptz NOT NULL,
  value   bigint      NOT NULL,
  noted   timestamptz NOT NULL DEFAULT now(),
  meter   int         NOT NULL,
  channel int         NOT NULL,
  layer   smallint    NOT NULL,
  quality smallint    NOT NULL,
  PRIMARY KEY (meter, channel, layer, start, value, quality)
);

-- Cumulative registers. length_s > 0: a capture at the end of an interval, whose difference from its
-- neighbour is a slot of slot_obis.
CREATE TABLE register_reading (
  at        timestamptz NOT NULL,
  value     bigint      NOT NULL,
  meter     int         NOT NULL,
  channel   int         NOT NULL,
  length_s  int         NOT NULL,
  quality   smallint    NOT NULL,
  slot_obis bigint,
  modulus   bigint,
  PRIMARY KEY (meter, channel, length_s, at)
) PARTITION BY RANGE (at);
CREATE TABLE register_reading_default PARTITION OF register_reading DEFAULT;

CREATE TABLE momentary (
  at      timestamptz NOT NULL,
  value   bigint      NOT NULL,
  meter   int         NOT NULL,
  channel int         NOT NULL,
  quality smallint    NOT NULL,
  PRIMARY KEY (meter, channel, at)
) PARTITION BY RANGE (at);
CREATE TABLE momentary_default PARTITION OF momentary DEFAULT;

CREATE TABLE event (
  id       uuid        PRIMARY KEY,
  at       timestamptz NOT NULL,
  received timestamptz NOT NULL DEFAULT now(),
  meter    int         REFERENCES meter,
  severity smallint    NOT NULL,          -- Severity's ordinal
  code     text        NOT NULL,
  text     text        NOT NULL
);
CREATE INDEX event_at ON event (at DESC, id DESC);
CREATE INDEX event_meter ON event (meter, at DESC, id DESC);

-- Raw messages: one compressed segment an intake batch, one index row a message.
CREATE SEQUENCE evidence_segment_id;
CREATE TABLE evidence_segment (
  id         bigint      NOT NULL,
  at         timestamptz NOT NULL,
  day        date        NOT NULL,        -- of receipt, UTC
  size       int         NOT NULL,        -- before compression
  compressed bytea       NOT NULL,        -- zlib (RFC 1950)
  PRIMARY KEY (id, day)
) PARTITION BY RANGE (day);
-- compressed or enciphered already: PostgreSQL's own compression would only cost time
ALTER TABLE evidence_segment ALTER COLUMN compressed SET STORAGE EXTERNAL;
CREATE TABLE evidence (
  counter   bigint NOT NULL,              -- unsigned; where there is none, the digest
  digest    bigint NOT NULL,              -- the first 8 bytes of SHA-256 over the message
  segment   bigint NOT NULL,
  meter     int    NOT NULL,
  window_id int    NOT NULL,
  day       date   NOT NULL,
  place     int    NOT NULL,              -- offset within the segment
  length    int    NOT NULL
) PARTITION BY RANGE (day);
CREATE INDEX evidence_message ON evidence (meter, counter);

-- One row a meter and key: the replay window of 1,024 counters (bit = counter mod 1024) and the last
-- contact. Room is left in each page so that an update stays in it and touches no index.
CREATE TABLE replay_window (
  top     bigint      NOT NULL,
  contact timestamptz NOT NULL,
  id      int         GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meter   int         NOT NULL REFERENCES meter,
  via     int         NOT NULL,
  version int         NOT NULL,
  key_id  bytea       NOT NULL,
  seen    bytea       NOT NULL,
  UNIQUE (meter, key_id)
) WITH (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.5);

CREATE TABLE way (
  id       int  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name     text NOT NULL,
  instance text NOT NULL,
  UNIQUE (name, instance)
);

CREATE TABLE send_counter (
  next   bigint NOT NULL,
  meter  text   NOT NULL,
  key_id bytea  NOT NULL,
  PRIMARY KEY (meter, key_id)
);

CREATE TABLE audit_log (
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at         timestamptz NOT NULL,
  actor_kind text        NOT NULL,
  actor      text        NOT NULL,
  action     text        NOT NULL,
  detail     bytea       NOT NULL
);

CREATE TABLE outbox (
  id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  made         timestamptz NOT NULL DEFAULT now(),
  leased_until timestamptz,
  topic        text        NOT NULL,
  meter        text        NOT NULL,
  event        bytea       NOT NULL
);
CREATE INDEX outbox_order ON outbox (topic, meter, id);

-- Slots as plain rows, by inner numbers. A slot that stands in a block and in landing counts once:
-- the block's, unless only landing's is authenticated (flag 32).
CREATE VIEW interval_slot AS
SELECT b.meter, b.channel, b.layer,
       b.day_start + n * b.interval_s * interval '1 second' AS start,
       b.interval_s,
       coalesce(b.wide[n + 1], b."values"[n + 1]::bigint) AS raw,
       coalesce(get_byte(b.quality, n), 0) AS quality
FROM interval_block b
CROSS JOIN LATERAL generate_series(0, coalesce(cardinality(b."values"), cardinality(b.wide)) - 1) n
WHERE coalesce(get_byte(b.quality, n), 0) <> 128
  AND NOT (coalesce(get_byte(b.quality, n), 0) & 32 <> 0 AND b.layer = 0 AND EXISTS (
        SELECT FROM landing l
        WHERE l.meter = b.meter AND l.channel = b.channel AND l.quality & 32 = 0
          AND l.start = b.day_start + n * b.interval_s * interval '1 second'))
UNION ALL
SELECT l.meter, l.channel, 0::smallint, l.start, c.interval_s, l.value, l.quality::int
FROM (SELECT DISTINCT ON (meter, channel, start) *
      FROM landing
      ORDER BY meter, channel, start, quality & 32, seq) l
JOIN channel c ON c.id = l.channel
WHERE NOT EXISTS (
  SELECT FROM interval_block b
  CROSS JOIN LATERAL (
    SELECT (extract(epoch FROM l.start - b.day_start) / b.interval_s)::int AS n) i
  WHERE b.meter = l.meter AND b.channel = l.channel AND b.layer = 0
    AND b.day BETWEEN (l.start AT TIME ZONE 'UTC')::date - 1
                  AND (l.start AT TIME ZONE 'UTC')::date + 1
    AND i.n >= 0 AND i.n < coalesce(cardinality(b."values"), cardinality(b.wide))
    AND coalesce(get_byte(b.quality, i.n), 0) <> 128
    AND NOT (coalesce(get_byte(b.quality, i.n), 0) & 32 <> 0 AND l.quality & 32 = 0));

-- The same for anybody's SQL: names, units and decimal values.
CREATE VIEW interval_reading AS
SELECT m.meter_id, c.code AS obis,
       CASE s.layer WHEN 0 THEN 'raw' ELSE 'final' END AS layer,
       s.start, s.start + s.interval_s * interval '1 second' AS "end",
       s.raw * power(10::numeric, c.scaler) AS value, c.symbol AS unit,
       s.raw, c.scaler, s.quality
FROM interval_slot s
JOIN meter m ON m.id = s.meter
JOIN channel c ON c.id = s.channel;
COMMENT ON VIEW interval_reading IS 'interval data as plain rows: value in unit over [start, end)';
