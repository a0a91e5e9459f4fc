-- Incidents that open within 30 s for the same label go to a channel as one message. The first of a group is told at once.
CREATE TABLE telling_groups (
  channel_key text COLLATE "C" NOT NULL,
  name text NOT NULL,
  first_at timestamptz(3) NOT NULL,
  PRIMARY KEY (channel_key, name)
);
-- Set while an incident waits to be told with others.
ALTER TABLE incident_tellings ADD COLUMN gather_name text, ADD COLUMN gather_at timestamptz(3);
CREATE INDEX incident_tellings_gathered ON incident_tellings (gather_at) WHERE gather_at IS NOT NULL;

-- A message of several incidents: one row a incident, so that what follows of each waits for it, of which one carries all. `others` are
-- the incidents of those that it carries.
ALTER TABLE outbox ADD COLUMN carried_by uuid REFERENCES outbox ON DELETE SET NULL, ADD COLUMN others jsonb;
CREATE INDEX outbox_carried ON outbox (carried_by) WHERE carried_by IS NOT NULL;
