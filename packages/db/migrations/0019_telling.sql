-- Who has been told that an incident opened: whoever was hears the rest of it, and nobody hears of it twice.
CREATE TABLE incident_tellings (
  incident_id uuid NOT NULL REFERENCES incidents ON DELETE CASCADE,
  channel_key text COLLATE "C" NOT NULL,
  told_at timestamptz(3) NOT NULL,
  PRIMARY KEY (incident_id, channel_key)
);
INSERT INTO incident_tellings
  SELECT incident_id, channel_key, min(created_at) FROM outbox WHERE type = 'incident.opened' AND incident_id IS NOT NULL GROUP BY 1, 2;

-- When its opening was first told, or would have been had it had a channel; when it was last told again; and when somebody must look
-- at it next: for a reminder, an escalation, the end of what mutes it, or at once.
ALTER TABLE incidents ADD COLUMN told_at timestamptz(3), ADD COLUMN reminded_at timestamptz(3), ADD COLUMN tell_at timestamptz(3);
UPDATE incidents SET told_at = opened_at, tell_at = '-infinity' WHERE state = 'open';
CREATE INDEX incidents_to_tell ON incidents (tell_at) WHERE state = 'open' AND tell_at IS NOT NULL;

-- What is not to be told for a while. `doc` holds the labels, checks and rules that it is of.
CREATE TABLE silences (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  matchers jsonb NOT NULL,
  starts_at timestamptz(3) NOT NULL,
  ends_at timestamptz(3) NOT NULL,
  comment text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  revision bigint NOT NULL DEFAULT nextval('revisions')
);
CREATE TRIGGER silence_revision BEFORE UPDATE ON silences FOR EACH ROW EXECUTE FUNCTION next_revision();
CREATE INDEX silences_by_time ON silences (created_at DESC, id);
CREATE INDEX silences_by_end ON silences (ends_at);

-- Whoever changes what decides about telling has the open incidents looked at again: a policy those of its check, and windows,
-- silences and channels all of them, which are few.
CREATE FUNCTION tell_incidents_of_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE incidents SET tell_at = '-infinity' WHERE check_id = NEW.id AND state = 'open';
  RETURN NULL;
END $$;
CREATE TRIGGER check_telling AFTER UPDATE ON checks FOR EACH ROW WHEN (NEW.doc IS DISTINCT FROM OLD.doc)
  EXECUTE FUNCTION tell_incidents_of_check();

CREATE FUNCTION tell_open_incidents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE incidents SET tell_at = '-infinity' WHERE state = 'open' AND tell_at IS DISTINCT FROM '-infinity';
  RETURN NULL;
END $$;
CREATE TRIGGER maintenance_telling AFTER INSERT OR UPDATE OR DELETE ON maintenance FOR EACH STATEMENT
  EXECUTE FUNCTION tell_open_incidents();
CREATE TRIGGER silence_telling AFTER INSERT OR UPDATE OR DELETE ON silences FOR EACH STATEMENT
  EXECUTE FUNCTION tell_open_incidents();
CREATE TRIGGER channel_telling AFTER INSERT OR UPDATE OR DELETE ON channels FOR EACH STATEMENT
  EXECUTE FUNCTION tell_open_incidents();
