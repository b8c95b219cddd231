-- Who may what. Roles are sets of permissions: the standard's are in the program, the office's own here.

-- what hangs on a user goes with the user: one who gets the name later inherits nothing
ALTER TABLE app_user
  ADD COLUMN id       bigint  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ADD COLUMN disabled boolean NOT NULL DEFAULT false,
  -- whom an identity provider names: its address and their subject there; empty where a password opens
  ADD COLUMN subject  text    NOT NULL DEFAULT '';

CREATE UNIQUE INDEX app_user_subject ON app_user (subject) WHERE subject <> '';

UPDATE app_user SET roles = array_replace(roles, 'AUDITOR', 'SECURITY_AUDITOR');
-- who managed users said what roles may, too
UPDATE app_user SET roles = array_append(roles, 'RBAC_ADMINISTRATOR')
WHERE 'SECURITY_ADMINISTRATOR' = ANY (roles);

CREATE TABLE access_role (
  created     timestamptz NOT NULL,
  name        text        PRIMARY KEY CHECK (name ~ '^[A-Z][A-Z0-9_]{1,39}$'),
  permissions text[]      NOT NULL CHECK (cardinality(permissions) > 0),
  note        text        NOT NULL
);

-- A consumer's service points. The readings of who lived there before are none of theirs.
CREATE TABLE user_point (
  app_user      bigint      NOT NULL REFERENCES app_user ON DELETE CASCADE,
  since         timestamptz NOT NULL,
  service_point text        NOT NULL CHECK (service_point <> ''),
  PRIMARY KEY (app_user, service_point)
);

-- TOTP (RFC 6238): the secret sealed under the office's key; last_step: the last time step that was shown, so that a
-- code opens once.
CREATE TABLE user_factor (
  app_user  bigint      PRIMARY KEY REFERENCES app_user ON DELETE CASCADE,
  created   timestamptz NOT NULL,
  last_step bigint      NOT NULL,
  confirmed boolean     NOT NULL,
  sealed    bytea       NOT NULL
);

CREATE TABLE recovery_code (
  app_user bigint NOT NULL REFERENCES user_factor ON DELETE CASCADE,
  used     timestamptz,
  hash     bytea  NOT NULL CHECK (octet_length(hash) = 32),
  PRIMARY KEY (app_user, hash)
);

-- Machines: what they may, and by what they are known: the hash of a key, a certificate's fingerprint, or both.
CREATE TABLE machine (
  id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  created     timestamptz NOT NULL,
  expires     timestamptz NOT NULL,
  last_used   timestamptz,
  revoked     timestamptz,
  per_minute  int         NOT NULL CHECK (per_minute BETWEEN 1 AND 100000),
  name        text        NOT NULL UNIQUE,
  permissions text[]      NOT NULL CHECK (cardinality(permissions) > 0),
  created_by  text        NOT NULL,
  revoked_by  text        NOT NULL,
  key_id      text        UNIQUE,
  key_hash    bytea       CHECK (octet_length(key_hash) = 32),
  certificate bytea       UNIQUE CHECK (octet_length(certificate) = 32),
  CHECK ((key_id IS NULL) = (key_hash IS NULL)),
  CHECK (key_id IS NOT NULL OR certificate IS NOT NULL)
);

-- What an OpenID provider says of somebody, and which role that gives. What no row names gives nothing.
CREATE TABLE oidc_role (
  claim text NOT NULL,
  value text NOT NULL,
  role  text NOT NULL,
  PRIMARY KEY (claim, value, role)
);
