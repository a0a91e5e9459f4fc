-- Slots that maintenance paused: they were not due, and wait here to be counted.
CREATE TABLE paused_slots (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  region text COLLATE "C" NOT NULL,
  counted_at timestamptz(3) NOT NULL,
  check_ids integer[] NOT NULL,
  slots_ms bigint[] NOT NULL
);
CREATE INDEX paused_slots_by_time ON paused_slots (counted_at);
-- Until when a check was paused in a region: from there on it may be without data.
ALTER TABLE check_states ADD COLUMN last_paused timestamptz(3);

CREATE CONSTRAINT TRIGGER audit_silences AFTER INSERT OR UPDATE OR DELETE ON silences
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION audit_change('silence', 'id', 'matchers', 'starts_at', 'ends_at', 'comment', 'created_by');
