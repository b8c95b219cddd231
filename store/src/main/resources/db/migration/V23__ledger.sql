-- What accounts owe and have, entry upon entry. Each entry is both of its halves: what an account gets, the contra account
-- gives. Append only; number and balance are reckoned here, by whoever writes, so that no two can reckon from the same last
-- entry, and no writer can be wrong.

CREATE TABLE ledger (
  at        timestamptz NOT NULL,
  number    bigint      NOT NULL,
  day       date        NOT NULL,            -- for which civil day it counts
  account   text        NOT NULL CHECK (length(account) BETWEEN 1 AND 128),
  contra    text        NOT NULL CHECK (length(contra) BETWEEN 1 AND 64),
  kind      text        NOT NULL CHECK (kind IN ('bill', 'payment', 'credit', 'correction', 'charge', 'instalment')),
  amount    numeric     NOT NULL CHECK (amount <> 0 AND scale(amount) <= 6 AND abs(amount) < 1e15),
  currency  text        NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  balance   numeric     NOT NULL,            -- after this entry; above zero: the account has it
  reference text        NOT NULL CHECK (length(reference) BETWEEN 1 AND 128),
  note      text        NOT NULL DEFAULT '' CHECK (length(note) <= 1000),
  by_kind   text        NOT NULL,            -- Actor.Kind's word
  by        text        NOT NULL,
  credit    numeric     CHECK (credit >= 0), -- how far below zero it may go that pays beforehand; NULL: it does not
  low       numeric     CHECK (low > -credit),
  PRIMARY KEY (account, number),
  UNIQUE (account, reference),
  CHECK ((credit IS NULL) = (low IS NULL))
);

CREATE FUNCTION ledger_reckons() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  last ledger%ROWTYPE;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended(NEW.account, 23));
  SELECT * INTO last FROM ledger WHERE account = NEW.account ORDER BY number DESC LIMIT 1;
  IF last.currency IS NOT NULL AND last.currency <> NEW.currency THEN
    RAISE EXCEPTION 'an account has one currency';
  END IF;
  NEW.number := coalesce(last.number, 0) + 1;
  NEW.balance := coalesce(last.balance, 0) + NEW.amount;
  -- a payment does not say how its account pays: as before. A bill does, since whoever pays beforehand has charges
  IF NEW.credit IS NULL AND NEW.kind <> 'bill' THEN
    NEW.credit := last.credit;
    NEW.low := last.low;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER ledger_reckoned BEFORE INSERT ON ledger
  FOR EACH ROW EXECUTE FUNCTION ledger_reckons();

CREATE FUNCTION ledger_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the ledger is added to, never changed: add a correction';
END $$;
CREATE TRIGGER ledger_appends_only BEFORE UPDATE OR DELETE ON ledger
  FOR EACH ROW EXECUTE FUNCTION ledger_append_only();
CREATE TRIGGER ledger_never_emptied BEFORE TRUNCATE ON ledger
  FOR EACH STATEMENT EXECUTE FUNCTION ledger_append_only();

-- What an account's balance went through, told once, in the transaction of the entry that did it.
CREATE TABLE ledger_event (
  at      timestamptz NOT NULL,
  number  bigint      NOT NULL,
  account text        NOT NULL,
  word    text        NOT NULL,
  balance numeric     NOT NULL,
  PRIMARY KEY (account, number, word),
  FOREIGN KEY (account, number) REFERENCES ledger
);
CREATE INDEX ledger_event_time ON ledger_event (at);
