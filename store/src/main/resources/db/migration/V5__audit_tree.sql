-- The audit log's Merkle tree (RFC 9162): which entry is which leaf, the hashes of complete subtrees in tiles of
-- 256, and what the office signed. An entry becomes a leaf soon after its commit, in the order of commits.
CREATE TABLE audit_leaf (
  leaf  bigint PRIMARY KEY,
  entry bigint NOT NULL UNIQUE REFERENCES audit_log
);

-- level n holds the hashes of subtrees of 256^n leaves
CREATE TABLE audit_tile (
  level  smallint NOT NULL,
  tile   bigint   NOT NULL,
  hashes bytea    NOT NULL,
  PRIMARY KEY (level, tile)
);

CREATE TABLE audit_checkpoint (
  size bigint      PRIMARY KEY,
  at   timestamptz NOT NULL,
  text text        NOT NULL
);

-- A first hurdle, for mistakes rather than attackers: who may drop a trigger is found by the tree.
CREATE FUNCTION audit_appends_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is only ever appended to';
END $$;
CREATE TRIGGER audit_log_appends_only BEFORE UPDATE OR DELETE ON audit_log
  FOR EACH ROW EXECUTE FUNCTION audit_appends_only();
CREATE TRIGGER audit_log_never_emptied BEFORE TRUNCATE ON audit_log
  FOR EACH STATEMENT EXECUTE FUNCTION audit_appends_only();
