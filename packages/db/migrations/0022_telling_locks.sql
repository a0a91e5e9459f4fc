-- Whoever changes a policy, a window, a silence or a channel must not wait for incidents that others are writing, nor they for it: each
-- may hold several, in whatever order. What is passed by here is looked at within minutes (packages/db/src/ingest/tell.ts).
CREATE OR REPLACE FUNCTION tell_incidents_of_check() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE incidents SET tell_at = '-infinity' WHERE id IN (
    SELECT id FROM incidents WHERE check_id = NEW.id AND state = 'open' FOR UPDATE SKIP LOCKED);
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION tell_open_incidents() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE incidents SET tell_at = '-infinity' WHERE id IN (
    SELECT id FROM incidents WHERE state = 'open' AND tell_at IS DISTINCT FROM '-infinity' FOR UPDATE SKIP LOCKED);
  RETURN NULL;
END $$;

-- Every open incident is looked at now and then.
UPDATE incidents SET tell_at = '-infinity' WHERE state = 'open' AND tell_at IS NULL;
