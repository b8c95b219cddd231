-- What a balance went through is told its consumer, and what follows from it is proposed to operators: once.
ALTER TABLE ledger_event ADD COLUMN told timestamptz;
UPDATE ledger_event SET told = at;
CREATE INDEX ledger_event_untold ON ledger_event (at, account, number) WHERE told IS NULL;

-- Orders that the office proposed because of a balance: a draft each, which people let through, sign, or refuse.
CREATE TABLE balance_proposal (
  at        timestamptz NOT NULL,
  withdrawn timestamptz,
  number    bigint      NOT NULL,               -- the ledger's entry that brought it
  account   text        NOT NULL,
  meter     int         NOT NULL REFERENCES meter,
  word      text        NOT NULL CHECK (word IN ('disconnect', 'connect')),
  command   uuid,                               -- NULL until it is drafted
  PRIMARY KEY (account, number, meter),
  FOREIGN KEY (account, number) REFERENCES ledger
);
CREATE INDEX balance_proposal_open ON balance_proposal (account) WHERE withdrawn IS NULL;

-- A year's cost in equal instalments. What a bill says is carried to the plan, what is asked for is the instalment, and at
-- the plan's end what is left is settled.
ALTER TABLE ledger DROP CONSTRAINT ledger_kind_check;
ALTER TABLE ledger ADD CONSTRAINT ledger_kind_check
  CHECK (kind IN ('bill', 'payment', 'credit', 'correction', 'charge', 'instalment', 'carried', 'settlement'));
CREATE TABLE budget_plan (
  agreed        timestamptz NOT NULL,
  ended         timestamptz,
  id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  first_month   date        NOT NULL CHECK (extract(day FROM first_month) = 1),
  instalments   int         NOT NULL CHECK (instalments BETWEEN 1 AND 12),
  foreseen      numeric     NOT NULL CHECK (foreseen >= 0 AND foreseen < 1e12),
  account       text        NOT NULL,
  service_point text        NOT NULL,
  currency      text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  agreed_by     text        NOT NULL
);
CREATE UNIQUE INDEX budget_plan_open ON budget_plan (account, service_point) WHERE ended IS NULL;

-- Meters that nobody put up: others' energy by a formula, which never changes. One may stand at a service point of its own.
CREATE TABLE virtual_meter (
  made          timestamptz NOT NULL,
  ended         timestamptz,
  id            text        PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$'),
  zone          text        NOT NULL,
  service_point text        NOT NULL DEFAULT '' CHECK (length(service_point) <= 100),
  formula       text        NOT NULL CHECK (length(formula) BETWEEN 1 AND 16384),
  made_by       text        NOT NULL
);
CREATE UNIQUE INDEX virtual_meter_point ON virtual_meter (service_point) WHERE service_point <> '' AND ended IS NULL;

-- Which meter runs alike, and which measures the same a second time.
CREATE TABLE meter_companion (
  since   timestamptz NOT NULL,
  meter   int         NOT NULL REFERENCES meter,
  other   int         NOT NULL REFERENCES meter CHECK (other <> meter),
  kind    text        NOT NULL CHECK (kind IN ('sibling', 'check')),
  said_by text        NOT NULL,
  PRIMARY KEY (meter, kind)
);

-- Which meter measures what a feeder supplies to all of its meters together.
CREATE TABLE feeder_meter (
  since     timestamptz NOT NULL,
  meter     int         NOT NULL UNIQUE REFERENCES meter,
  most_loss numeric     NOT NULL CHECK (most_loss > 0 AND most_loss <= 50), -- per cent of what it measured
  feeder    text        PRIMARY KEY CHECK (feeder <> ''),
  said_by   text        NOT NULL
);
