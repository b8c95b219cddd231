-- What the office's certificate authority issued, what waits for a person, and who may enrol. No private key is here.

CREATE TABLE certificate (
  issued     timestamptz NOT NULL,
  not_before timestamptz NOT NULL,
  not_after  timestamptz NOT NULL CHECK (not_after > not_before),
  revoked    timestamptz,
  serial     bytea       PRIMARY KEY CHECK (octet_length(serial) BETWEEN 1 AND 20),
  key_id     bytea       NOT NULL CHECK (octet_length(key_id) = 32), -- SHA-256 of the SubjectPublicKeyInfo
  kind       text        NOT NULL,              -- Holder.Kind's word
  name       text        NOT NULL,              -- a meter's id, a user's name
  issued_by  text        NOT NULL,
  revoked_by text        NOT NULL DEFAULT '',
  reason     smallint    CHECK (reason BETWEEN 0 AND 10 AND reason <> 7), -- CRLReason (RFC 5280, 5.3.1)
  note       text        NOT NULL DEFAULT '',
  der        bytea       NOT NULL CHECK (octet_length(der) <= 4096),
  CHECK ((revoked IS NULL) = (reason IS NULL))
);
CREATE INDEX certificate_holder ON certificate (kind, name, issued DESC);
CREATE INDEX certificate_ending ON certificate (not_after) WHERE revoked IS NULL;
CREATE INDEX certificate_revoked ON certificate (revoked) WHERE revoked IS NOT NULL;

-- Requests that a person must decide: a name that has another key already (C24). One a holder and key.
CREATE TABLE certificate_request (
  asked      timestamptz NOT NULL,
  decided    timestamptz,
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key_id     bytea       NOT NULL CHECK (octet_length(key_id) = 32),
  kind       text        NOT NULL,
  name       text        NOT NULL,
  proof      text        NOT NULL,              -- how whoever asked was known: secret, certificate, maker
  state      text        NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'APPROVED', 'REFUSED', 'ISSUED')),
  decided_by text        NOT NULL DEFAULT '',
  csr        bytea       NOT NULL CHECK (octet_length(csr) <= 4096),
  CHECK ((decided IS NULL) = (state = 'PENDING'))
);
CREATE UNIQUE INDEX certificate_request_open ON certificate_request (kind, name, key_id)
  WHERE state IN ('PENDING', 'APPROVED');
CREATE INDEX certificate_request_asked ON certificate_request (asked DESC);

-- Secrets that let a device enrol once: their SHA-256 only; they have 128 random bits.
CREATE TABLE enrolment_secret (
  made    timestamptz NOT NULL,
  until   timestamptz NOT NULL,
  used    timestamptz,
  hash    bytea       PRIMARY KEY CHECK (octet_length(hash) = 32),
  kind    text        NOT NULL,
  name    text        NOT NULL,
  made_by text        NOT NULL
);
CREATE INDEX enrolment_secret_holder ON enrolment_secret (kind, name);

-- Revocation lists are numbered, each greater than the last.
CREATE SEQUENCE revocation_list_number;
