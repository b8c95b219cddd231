-- A slot in landing is looked for in its day's block and in the neighbours', where its place may lie outside the row.
-- Conditions joined by AND are evaluated in any order, so that place was asked for all the same and the view failed;
-- CASE keeps the order.
CREATE OR REPLACE VIEW interval_slot AS
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
    AND CASE
          WHEN i.n < 0 OR i.n >= coalesce(cardinality(b."values"), cardinality(b.wide)) THEN false
          ELSE coalesce(get_byte(b.quality, i.n), 0) <> 128
            AND NOT (coalesce(get_byte(b.quality, i.n), 0) & 32 <> 0 AND l.quality & 32 = 0)
        END);
