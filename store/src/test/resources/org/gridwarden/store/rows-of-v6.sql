-- Rows as the version with schema 6 wrote them: a meter with a folded day, a single slot, a window, a counter, a user, an
-- entry of the audit log that is not in the tree yet.
INSERT INTO meter (meter_id, serial, system_title) VALUES ('OLD-1', 'S1', '\x4d4d4d0000000001');
INSERT INTO channel (obis, interval_s, unit, scaler, code, symbol)
  VALUES (x'0100011D00FF'::bigint, 900, 30, 0, '1.0.1.29.0.255', 'Wh');
INSERT INTO meter_channel SELECT m.id, c.id, 0 FROM meter m, channel c;
INSERT INTO interval_block (day_start, meter, channel, day, interval_s, layer, "values", quality)
  SELECT '2026-03-01 00:00:00+00', m.id, c.id, '2026-03-01', 900, 0,
    array_cat(ARRAY[10, 11], array_fill(0, ARRAY[94])),
    decode('0000' || repeat('80', 94), 'hex')
  FROM meter m, channel c;
INSERT INTO landing (start, value, seq, meter, channel, generation, quality)
  SELECT '2026-03-02 10:00:00+00', 12, 1048576, m.id, c.id, 0, 0 FROM meter m, channel c;
INSERT INTO send_counter (next, meter, key_id) VALUES (500, 'OLD-1', '\x01');
INSERT INTO app_user (created, version, must_change, name, roles, password_hash)
  VALUES ('2026-03-01 00:00:00+00', 1, false, 'olga', '{OPERATOR}', 'pbkdf2:1:00:00');
INSERT INTO audit_log (at, actor_kind, actor, action, detail)
  VALUES ('2026-03-01 00:00:00+00', 'PERSON', 'olga', 'test', convert_to('what olga did', 'UTF8'));
