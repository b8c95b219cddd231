-- A meter's key may have a certificate, or be known from its shipment: either way it stands beside what it signed.
ALTER TABLE meter_day_signature ALTER COLUMN certificate DROP NOT NULL;
ALTER TABLE meter_day_signature ADD COLUMN key bytea;  -- SubjectPublicKeyInfo, as the meter was registered with it
ALTER TABLE meter_day_signature ADD CHECK ((certificate IS NULL) <> (key IS NULL));
