-- Operators' keys: asked for by their owner, taken by a security administrator.

CREATE TABLE operator_key_request (
  asked    timestamptz NOT NULL,
  key_id   bytea       PRIMARY KEY,
  spki     bytea       NOT NULL,
  operator text        NOT NULL,
  name     text        NOT NULL,
  kind     text        NOT NULL
);
CREATE INDEX operator_key_request_operator ON operator_key_request (operator);

ALTER TABLE operator_key
  ADD COLUMN name       text NOT NULL DEFAULT '',
  ADD COLUMN kind       text NOT NULL DEFAULT 'file',
  ADD COLUMN revoked_by text NOT NULL DEFAULT '';
CREATE INDEX operator_key_operator ON operator_key (operator);

-- Lists of one operator's commands, and of those in a state.
CREATE INDEX command_drafter ON command (drafted_by, id);
CREATE INDEX command_state ON command (state, id);
