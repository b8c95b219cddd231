-- In which form a meter has operators' signatures checked: COSE_Sign1 at its desk or at the last gate, or DLMS
-- general-signing by the meter itself.

ALTER TABLE meter
  ADD COLUMN signing text NOT NULL DEFAULT 'COSE' CHECK (signing IN ('COSE', 'DLMS'));
