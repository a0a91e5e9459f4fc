-- What was due, noted before it is handed out. A sweep takes the groups that are mature and writes `missed` for those of their
-- slots that have no row, so each row here lives for an interval and a little more.
CREATE TABLE due_slots (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  region text NOT NULL,
  mature_at timestamptz(3) NOT NULL,
  check_ids integer[] NOT NULL,
  slots_ms bigint[] NOT NULL
);
CREATE INDEX due_slots_mature ON due_slots (mature_at);

-- When the leader last said that it lives: one that is frozen holds its lock, and is put out by whoever stands by.
ALTER TABLE schedule ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now();
