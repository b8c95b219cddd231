-- What analytics may see (control C32, ADR 37): day curves of households, without any name. A login of its own reads these
-- two views and nothing else. "subject" and "meter" are inner numbers: whoever computes with the rows gets a pseudonym in
-- their place. Who holds an account that was erased is not in them, nor what a quarantined meter tells.
CREATE VIEW analytics_day AS
SELECT b.day, b.day_start, b.meter,
       CASE WHEN g.id IS NULL THEN 'meter/' || b.meter
            ELSE 'household/' || (SELECT min(x.id) FROM agreement x
                                  WHERE x.account = g.account AND x.service_point = g.service_point)
       END AS subject,
       c.code, c.scaler, b.interval_s,
       coalesce(b.wide, b."values"::bigint[]) AS slots, b.quality,
       v.places, v.instead,
       m.zone, m.feeder,
       coalesce(g.tariff, '') AS tariff,
       -- a region of the post, never more of an address
       coalesce(left(substring(a.city FROM '[0-9]{4,5}'), 2), '') AS area
FROM interval_block b
JOIN channel c ON c.id = b.channel
JOIN meter m ON m.id = b.meter
LEFT JOIN service_point_term t
  ON t.meter = b.meter AND t.since <= b.day_start AND (t.until IS NULL OR t.until > b.day_start)
LEFT JOIN agreement g
  ON g.service_point = t.service_point AND g.since <= b.day_start AND (g.until IS NULL OR g.until > b.day_start)
LEFT JOIN account a ON a.id = g.account
-- of each slot the version that counts, as for a bill
LEFT JOIN LATERAL (
  SELECT array_agg((extract(epoch FROM s.start - b.day_start) / b.interval_s)::int ORDER BY s.start) AS places,
         array_agg(s.value ORDER BY s.start) AS instead
  FROM (SELECT DISTINCT ON (x.start) x.start, x.value FROM slot_version x
        WHERE x.meter = b.meter AND x.channel = b.channel
          AND x.start >= b.day_start AND x.start < b.day_start + interval '24 hours'
        ORDER BY x.start, x.version DESC) s
  WHERE s.value IS NOT NULL) v ON true
WHERE b.layer = 0
  AND c.unit = 30                              -- Wh, taken from the grid
  AND c.code ~ '^1\.[0-9]+\.1\.[0-9]+\.0\.[0-9]+$'
  AND b.interval_s BETWEEN 60 AND 3600 AND 3600 % b.interval_s = 0
  AND m.state <> 'QUARANTINED'
  AND a.status IS DISTINCT FROM 'ERASED';
COMMENT ON VIEW analytics_day IS 'a meter''s day without names, for analytics';

-- Changes with each erasure: what was computed before counts no more.
CREATE VIEW analytics_mark AS SELECT coalesce(max(id), 0) AS mark FROM erasure;
