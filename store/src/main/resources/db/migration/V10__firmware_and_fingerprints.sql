-- Firmware: images with their makers' signatures, who runs what, and campaigns that bring an image to meters ring by
-- ring. Then fingerprints: what stored data was when it was vouched for.

-- Whose signatures on images are taken. Meters have their makers' keys of their own: this is the office's first check.
CREATE TABLE firmware_key (
  added    timestamptz NOT NULL,
  revoked  timestamptz,
  key_id   bytea       PRIMARY KEY,
  spki     bytea       NOT NULL,
  name     text        NOT NULL,
  added_by text        NOT NULL
);

CREATE TABLE firmware_image (
  added    timestamptz NOT NULL,
  sha256   bytea       PRIMARY KEY CHECK (octet_length(sha256) = 32),
  model    text        NOT NULL,
  version  text        NOT NULL,
  added_by text        NOT NULL,
  signed   bytea       NOT NULL,              -- the manifest under its maker's signature, COSE_Sign1
  image    bytea       NOT NULL,
  UNIQUE (model, version)                     -- one version is one image
);
ALTER TABLE firmware_image ALTER COLUMN image SET STORAGE EXTERNAL;

-- What a meter was last known to run, and from where that is known: its inventory, or its own signed receipt.
CREATE TABLE meter_firmware (
  at      timestamptz NOT NULL,
  meter   text        PRIMARY KEY,
  model   text        NOT NULL,
  version text        NOT NULL,
  source  text        NOT NULL
);
CREATE INDEX meter_firmware_model ON meter_firmware (model);

CREATE TABLE firmware_campaign (
  id         uuid        PRIMARY KEY,
  started    timestamptz NOT NULL,
  changed    timestamptz NOT NULL,
  sha256     bytea       NOT NULL REFERENCES firmware_image,
  ring       int         NOT NULL,            -- released so far, from 0
  state      text        NOT NULL CHECK (state IN ('RUNNING', 'STOPPED', 'DONE')),
  why        text        NOT NULL,
  plan       text        NOT NULL,
  reason     text        NOT NULL,
  started_by text        NOT NULL
);

-- Which meter is in which ring is settled at the start. "command" is its update, once drafted.
CREATE TABLE firmware_campaign_meter (
  campaign uuid    NOT NULL REFERENCES firmware_campaign,
  command  uuid    REFERENCES command,
  ring     int     NOT NULL,
  meter    text    NOT NULL,
  excused  boolean NOT NULL DEFAULT false,    -- lost, and a person said to go on all the same
  skipped  text    NOT NULL DEFAULT '',       -- why it was left out at its turn
  PRIMARY KEY (campaign, meter)
);
CREATE INDEX firmware_campaign_meter_ring ON firmware_campaign_meter (campaign, ring);

-- The chain of what was vouched for: each link is signed with a key that is not in the database, and names the one
-- before, so that none is changed, taken out or moved unnoticed.
CREATE TABLE integrity_link (
  n       bigint      PRIMARY KEY,
  at      timestamptz NOT NULL,
  kind    text        NOT NULL,               -- day, late, configuration
  subject text        NOT NULL,               -- a day, a meter, or both
  signed  bytea       NOT NULL                -- COSE_Sign1
);
CREATE INDEX integrity_link_subject ON integrity_link (kind, subject, n DESC);

-- One meter's raw rows of one closed day as a hash. The day's link vouches for all of them together.
CREATE TABLE fingerprint_day (
  day   date  NOT NULL,
  meter int   NOT NULL,
  hash  bytea NOT NULL,
  PRIMARY KEY (day, meter)
);
