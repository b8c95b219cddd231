-- What commands need to know of a meter: what it hangs on, and with what it signs its receipts. The
-- key under which the head-end seals commands is a row of meter_key, wrapped as the others are.

ALTER TABLE meter
  ADD COLUMN feeder      text NOT NULL DEFAULT '',   -- empty where unknown
  ADD COLUMN receipt_key bytea                       -- SubjectPublicKeyInfo on P-256; NULL: cannot sign
    CHECK (octet_length(receipt_key) BETWEEN 64 AND 512);
