-- An incident outlives its check: that it is over must still be told, and it stays in the history. `about` is what it was of when
-- it opened; `memory` is what its rule wants to know when it judges again.
ALTER TABLE incidents ADD COLUMN about jsonb, ADD COLUMN memory jsonb NOT NULL DEFAULT '{}';
UPDATE incidents i SET about = jsonb_build_object('key', c.key, 'target', c.doc->'target', 'kind', c.doc->'kind',
  'labels', coalesce(c.doc->'labels', '{}'), 'alerts', coalesce(c.doc->'alerts', '{}')) FROM checks c WHERE c.id = i.check_id;
UPDATE incidents SET about = '{"key": "sonde", "target": "", "kind": "sonde", "labels": {}, "alerts": {"channels": []}}' WHERE about IS NULL;
ALTER TABLE incidents ALTER COLUMN about SET NOT NULL,
  ALTER COLUMN about SET DEFAULT '{"key": "sonde", "target": "", "kind": "sonde", "labels": {}, "alerts": {"channels": []}}';
ALTER TABLE incidents DROP CONSTRAINT incidents_check_id_fkey;
ALTER TABLE incidents ADD FOREIGN KEY (check_id) REFERENCES checks ON DELETE SET NULL;
-- One open incident a region, and one a certificate however many checks see it.
CREATE UNIQUE INDEX incidents_one_shared ON incidents (rule, subject)
  WHERE state = 'open' AND rule IN ('regionSuspect', 'regionSilent', 'certExpiry', 'certChange');
-- Those that are open are judged again all the time.
CREATE INDEX incidents_open ON incidents (rule) WHERE state = 'open';

-- Slots in a row without a probe, the last outcomes where the policy counts so many of so many.
ALTER TABLE check_states ADD COLUMN missed integer NOT NULL DEFAULT 0, ADD COLUMN outcomes text NOT NULL DEFAULT '';
-- What is not well is looked for every second or two, and is mostly little. No column of these changes while all is well, so the
-- rows are still rewritten in place.
CREATE INDEX check_states_failing ON check_states (region_id, check_id) WHERE failures > 0 OR verdict = 'down';
CREATE INDEX check_states_silent ON check_states (region_id, check_id) WHERE missed > 0;
-- Who depends on a check.
CREATE INDEX checks_dependencies ON checks USING gin ((doc->'dependsOn'));

-- The host of a check's target: checks of one host fail together for the host's sake, and say nothing of the region.
CREATE FUNCTION target_host(target text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN target ~ '^[0-9a-fA-F.]*:[0-9a-fA-F.]*:[0-9a-fA-F:.]*$' THEN lower(target)
    ELSE lower(substring(target from '^(?:[A-Za-z][A-Za-z0-9+.-]*://)?(?:[^/@]*@)?(\[[^]]*\]|[^:/?#]+)')) END
$$;
