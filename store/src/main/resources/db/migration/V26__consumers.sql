-- What consumers keep for themselves: how much a month may cost at a service point, and when that was passed.

-- It goes with the user.
CREATE TABLE consumer_budget (
  since         timestamptz NOT NULL,                   -- when the amount was set
  id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  app_user      bigint      NOT NULL REFERENCES app_user ON DELETE CASCADE,
  service_point text        NOT NULL CHECK (service_point <> ''),
  currency      text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  amount        numeric     NOT NULL CHECK (amount > 0 AND amount < 1e9),
  UNIQUE (app_user, service_point)
);

-- Once a month, way and amount: another amount may be passed anew.
CREATE TABLE consumer_budget_alert (
  at      timestamptz NOT NULL,
  budget  bigint      NOT NULL REFERENCES consumer_budget ON DELETE CASCADE,
  month   date        NOT NULL,                         -- its first day, by the meter's zone
  kind    text        NOT NULL CHECK (kind IN ('forecast', 'sum')),
  amount  numeric     NOT NULL,                         -- the budget that was passed
  reached numeric     NOT NULL,                         -- by how much
  PRIMARY KEY (budget, month, kind, amount)
);

-- Who is alike: those of one tariff.
CREATE INDEX agreement_tariff ON agreement (tariff);
