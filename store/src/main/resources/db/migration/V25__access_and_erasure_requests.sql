-- Whom meters let in, how those prove who they are, and what they may do: as it was read last, and as it is wanted. Most
-- meters have the same rights as others: each text of rights stands once.
CREATE TABLE access_rights (
  hash   bytea PRIMARY KEY CHECK (length(hash) = 32),   -- SHA-256 of the text
  rights text  NOT NULL                                  -- a line an object, sorted (MeterAccess.Client.rights)
);

CREATE TABLE meter_access (
  association bigint   NOT NULL,                         -- the Association LN object, six groups packed
  meter       int      NOT NULL REFERENCES meter,
  client      int      NOT NULL,
  wanted      boolean  NOT NULL,
  level       smallint NOT NULL,                         -- MeterAccess.Level's ordinal
  rights      bytea    NOT NULL REFERENCES access_rights,
  PRIMARY KEY (meter, wanted, client)
);

CREATE TABLE meter_access_read (
  at    timestamptz NOT NULL,
  meter int         PRIMARY KEY REFERENCES meter
);

CREATE TABLE meter_access_wish (
  since  timestamptz NOT NULL,
  agreed timestamptz,                                    -- when the meter was first found to be so
  meter  int         PRIMARY KEY REFERENCES meter,
  by     text        NOT NULL,
  reason text        NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000)
);

-- Erasures are asked for by one person and approved by another; whom it was about goes with the erasure.
CREATE TABLE erasure_request (
  asked      timestamptz NOT NULL,
  decided    timestamptz,
  since      timestamptz,                               -- of a meter's term
  until      timestamptz,
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind       text        NOT NULL CHECK (kind IN ('user', 'account', 'term')),
  whom       text        NOT NULL,                      -- the user, the account or the meter; empty once it is done
  asked_by   text        NOT NULL,
  decided_by text        NOT NULL DEFAULT '',
  reason     text        NOT NULL CHECK (length(reason) BETWEEN 1 AND 500),
  state      text        NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'approved', 'done', 'refused')),
  CHECK (decided_by <> asked_by OR state = 'refused')
);
CREATE INDEX erasure_request_open ON erasure_request (id) WHERE state IN ('open', 'approved');
