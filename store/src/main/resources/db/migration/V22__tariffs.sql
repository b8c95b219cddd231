-- What energy costs, version by version, each under the signature of the person who answers for it. Append only: a bill
-- names the version that it was reckoned by, and years later that version is still what it was.

CREATE TABLE tariff (
  added      timestamptz NOT NULL,
  valid_from date        NOT NULL,  -- the first civil day, by the zone of whoever is billed
  version    int         NOT NULL CHECK (version > 0),
  id         text        NOT NULL CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$'),
  form       text        NOT NULL CHECK (form IN ('urdb', 'gridwarden')),
  added_by   text        NOT NULL,
  digest     bytea       NOT NULL,  -- SHA-256 of the document
  signed     bytea       NOT NULL,  -- COSE_Sign1 over id, version, first day, form, size and digest
  signer     bytea       NOT NULL,  -- SubjectPublicKeyInfo of the key that signed
  document   bytea       NOT NULL CHECK (length(document) <= 4194304),
  PRIMARY KEY (id, version),
  CHECK (sha256(document) = digest)
);
CREATE INDEX tariff_on_a_day ON tariff (id, valid_from, version);

-- Prices by the quarter-hour or hour, as a market published them. Tariffs name them by their hash, so that whoever signed
-- the tariff signed them, too.
CREATE TABLE price_file (
  added    timestamptz NOT NULL,
  added_by text        NOT NULL,
  digest   bytea       PRIMARY KEY,
  document bytea       NOT NULL CHECK (length(document) <= 16777216),
  CHECK (sha256(document) = digest)
);

CREATE FUNCTION tariffs_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'tariffs are added to, never changed: add a version';
END $$;
CREATE TRIGGER tariff_appends_only BEFORE UPDATE OR DELETE ON tariff
  FOR EACH ROW EXECUTE FUNCTION tariffs_append_only();
CREATE TRIGGER tariff_never_emptied BEFORE TRUNCATE ON tariff
  FOR EACH STATEMENT EXECUTE FUNCTION tariffs_append_only();
CREATE TRIGGER price_file_appends_only BEFORE UPDATE OR DELETE ON price_file
  FOR EACH ROW EXECUTE FUNCTION tariffs_append_only();
CREATE TRIGGER price_file_never_emptied BEFORE TRUNCATE ON price_file
  FOR EACH STATEMENT EXECUTE FUNCTION tariffs_append_only();
