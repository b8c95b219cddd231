-- Whom the office supplies and by which agreement, what validation leaves to people, and work in the field.

-- An account. What is personal of it stands in these columns and in account_step.note, and nowhere else: when it is
-- erased the row stays without it, and so do the bills that name it.
CREATE SEQUENCE account_number START 100001;
CREATE TABLE account (
  opened   timestamptz NOT NULL,
  closed   timestamptz,
  erased   timestamptz,
  id       text        PRIMARY KEY CHECK (id ~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$'),
  name     text        NOT NULL CHECK (name <> ''),
  street   text        NOT NULL,
  city     text        NOT NULL,              -- with its postal code
  email    text        NOT NULL DEFAULT '',
  phone    text        NOT NULL DEFAULT '',
  language text        NOT NULL CHECK (language ~ '^[a-z]{2,3}(-[A-Z]{2})?$'),
  status   text        NOT NULL DEFAULT 'OPEN' CHECK (status IN ('OPEN', 'CLOSED', 'ERASED')),
  -- what a search by any part looks through
  search   text        GENERATED ALWAYS AS (
    lower(id || ' ' || name || ' ' || street || ' ' || city || ' ' || email || ' ' || phone)) STORED
);
-- as for meters (V2): quick among millions, and not needed among thousands
DO $$
BEGIN
  EXECUTE 'CREATE INDEX account_search ON account USING gin (search gin_trgm_ops)';
EXCEPTION WHEN OTHERS THEN
  RAISE NOTICE 'no trigram index for accounts: %', SQLERRM;
END $$;

-- Who is supplied at a service point from when to when, and by which tariff. A change of tariff ends a row and begins
-- the next. No two rows of a service point overlap: the database itself sees to it. An exclusion by equal text wants an
-- extension that the embedded archive lacks; a range of one hash is as good, and built in.
CREATE TABLE agreement (
  since         timestamptz NOT NULL,
  until         timestamptz CHECK (until > since),   -- exclusive; NULL while it goes on
  made          timestamptz NOT NULL,
  id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account       text        NOT NULL REFERENCES account,
  service_point text        NOT NULL CHECK (service_point <> ''),
  tariff        text        NOT NULL CHECK (tariff <> ''),
  CONSTRAINT agreement_one_at_a_time EXCLUDE USING gist (
    int8range(hashtextextended(service_point, 20), hashtextextended(service_point, 20), '[]') WITH &&,
    tstzrange(since, until) WITH &&)
);
CREATE INDEX agreement_account ON agreement (account, since);
CREATE INDEX agreement_point ON agreement (service_point, since);

-- Which users see an account as their own.
CREATE TABLE account_user (
  account  text   NOT NULL REFERENCES account,
  app_user bigint NOT NULL REFERENCES app_user ON DELETE CASCADE,
  PRIMARY KEY (account, app_user)
);
CREATE INDEX account_user_user ON account_user (app_user);

-- An account's story: never changed but by erasure.
CREATE TABLE account_step (
  at         timestamptz NOT NULL,
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account    text        NOT NULL REFERENCES account,
  what       text        NOT NULL,            -- opened, changed, moved-in, tariff, moved-out, closed, note, erased
  actor_kind text        NOT NULL,
  actor      text        NOT NULL,
  note       text        NOT NULL DEFAULT ''
);
CREATE INDEX account_step_account ON account_step (account, id);

-- What validation found in a meter's day, a row a rule: open until a person settles it or it is gone by itself.
CREATE TABLE vee_exception (
  found    timestamptz      NOT NULL,
  changed  timestamptz      NOT NULL,
  settled  timestamptz,
  since    timestamptz      NOT NULL,         -- the first slot's beginning
  until    timestamptz      NOT NULL,         -- the last one's end
  id       bigint           GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  measured double precision NOT NULL,
  permitted double precision NOT NULL,
  meter    int              NOT NULL REFERENCES meter,
  channel  int              NOT NULL,
  day      date             NOT NULL,         -- by the meter's zone
  slots    int              NOT NULL CHECK (slots > 0),
  rule     text             NOT NULL,
  unit     text             NOT NULL,         -- of measured and permitted
  action   text             NOT NULL CHECK (action IN ('flagged', 'estimated')),
  method   text             NOT NULL DEFAULT '',   -- how it was filled
  state    text             NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'accepted', 'edited', 'gone')),
  settled_by text           NOT NULL DEFAULT '',
  reason   text             NOT NULL DEFAULT '' CHECK (length(reason) <= 1000),
  UNIQUE (meter, channel, day, rule),
  CHECK ((settled IS NULL) = (state = 'open'))
);
CREATE INDEX vee_exception_open ON vee_exception (day DESC, id DESC) WHERE state = 'open';
CREATE INDEX vee_exception_settled ON vee_exception (settled DESC) WHERE state <> 'open';

-- Work in the field. "cause" is the event that made it, such as case.opened/12: while such work is open it makes no
-- second one.
CREATE TABLE work_order (
  created       timestamptz NOT NULL,
  due           timestamptz,
  closed        timestamptz,
  id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  meter         int         REFERENCES meter,
  severity      smallint    NOT NULL,         -- Severity's ordinal
  service_point text        NOT NULL DEFAULT '',
  kind          text        NOT NULL,         -- inspect, exchange, visit, ...: a word of the work order file
  title         text        NOT NULL,
  cause         text        NOT NULL DEFAULT '',
  state         text        NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'assigned', 'done', 'cancelled')),
  assignee      text        NOT NULL DEFAULT '',
  created_by    text        NOT NULL,
  closed_by     text        NOT NULL DEFAULT '',
  CHECK ((closed IS NULL) = (state IN ('open', 'assigned'))),
  CHECK (state <> 'assigned' OR assignee <> '')
);
CREATE UNIQUE INDEX work_order_cause ON work_order (cause) WHERE closed IS NULL AND cause <> '';
CREATE INDEX work_order_open ON work_order (severity DESC, due, id) WHERE closed IS NULL;
CREATE INDEX work_order_meter ON work_order (meter, id);
CREATE INDEX work_order_point ON work_order (service_point, id) WHERE service_point <> '';

CREATE TABLE work_step (
  at         timestamptz NOT NULL,
  id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  work       bigint      NOT NULL REFERENCES work_order,
  what       text        NOT NULL,            -- created, assigned, note, evidence, done, cancelled
  actor_kind text        NOT NULL,
  actor      text        NOT NULL,
  note       text        NOT NULL DEFAULT ''
);
CREATE INDEX work_step_work ON work_step (work, id);

-- Photographs and papers that show that it was done.
CREATE TABLE work_evidence (
  at      timestamptz NOT NULL,
  id      bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  work    bigint      NOT NULL REFERENCES work_order,
  name    text        NOT NULL,
  type    text        NOT NULL,
  by      text        NOT NULL,
  sha256  bytea       NOT NULL CHECK (octet_length(sha256) = 32),
  content bytea       NOT NULL,
  UNIQUE (work, sha256)
);
-- pictures do not compress
ALTER TABLE work_evidence ALTER COLUMN content SET STORAGE EXTERNAL;

-- What the fitter read off the meter.
CREATE TABLE work_reading (
  at    timestamptz NOT NULL,
  work  bigint      NOT NULL REFERENCES work_order,
  meter text        NOT NULL,
  code  text        NOT NULL,                 -- OBIS
  unit  text        NOT NULL,
  value numeric     NOT NULL,
  PRIMARY KEY (work, meter, code)
);
