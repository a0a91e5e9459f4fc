-- As before, and where somebody got past the triggers and cut off the end: the next entry comes after the details that are left, so
-- that the gap is seen, and what is to be told is told.
CREATE OR REPLACE FUNCTION audit_append(new_action text, new_resource text, new_key text, told jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  actor jsonb := coalesce(nullif(current_setting('sonde.actor', true), ''), '{}')::jsonb;
  who text := coalesce(actor->>'token', nullif(current_setting('application_name'), ''), session_user::text);
  detail text := (actor - 'token' - 'labels' || told)::text;
  salt bytea := uuid_send(gen_random_uuid());
  now_at timestamptz(3);
  last record;
  next_id bigint;
  digest bytea := sha256(salt || convert_to(detail, 'UTF8'));
BEGIN
  PERFORM pg_advisory_xact_lock(1936682085);
  SELECT id, hash INTO last FROM audit ORDER BY id DESC LIMIT 1;
  next_id := greatest(last.id, (SELECT max(id) FROM audit_details), 0) + 1;
  now_at := clock_timestamp();
  INSERT INTO audit (id, at, action, resource, key, token, detail_hash, hash) VALUES (
    next_id, now_at, new_action, new_resource, new_key, who, digest,
    sha256(coalesce(last.hash, ''::bytea) || convert_to(
      audit_part(next_id::text) || audit_part(to_char(now_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      || audit_part(new_action) || audit_part(new_resource) || audit_part(new_key) || audit_part(who)
      || audit_part(encode(digest, 'hex')), 'UTF8')));
  INSERT INTO audit_details (id, salt, detail) VALUES (next_id, salt, detail);
END $$;

-- Whether a maintenance window is of checks with these labels alone. It is of the checks that it names and of those that have all of
-- its labels; one that gives neither is of every check.
CREATE FUNCTION maintenance_within(doc jsonb, reach jsonb) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN coalesce(doc->'labels', '{}') = '{}' THEN jsonb_array_length(coalesce(doc->'checks', '[]')) > 0
      ELSE doc->'labels' @> reach END
    AND NOT EXISTS (
      SELECT FROM jsonb_array_elements_text(coalesce(doc->'checks', '[]')) AS named(key)
      WHERE NOT EXISTS (SELECT FROM checks c WHERE c.key = named.key AND coalesce(c.doc->'labels', '{}') @> reach))
$$;

-- A silence is of the checks that have all of its labels, and of fewer where it gives more.
CREATE FUNCTION silence_within(matchers jsonb, reach jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(matchers->'labels', '{}') @> reach
$$;

CREATE FUNCTION keep_reach_of_maintenance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  reach jsonb := nullif(current_setting('sonde.actor', true), '')::jsonb->'labels';
BEGIN
  IF reach IS NOT NULL AND ((TG_OP <> 'INSERT' AND NOT maintenance_within(OLD.doc, reach))
    OR (TG_OP <> 'DELETE' AND NOT maintenance_within(NEW.doc, reach))) THEN
    RAISE EXCEPTION 'beyond the labels of the token' USING ERRCODE = 'SN403';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER maintenance_reach BEFORE INSERT OR UPDATE OF doc OR DELETE ON maintenance
  FOR EACH ROW EXECUTE FUNCTION keep_reach_of_maintenance();

CREATE FUNCTION keep_reach_of_silences() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  reach jsonb := nullif(current_setting('sonde.actor', true), '')::jsonb->'labels';
BEGIN
  IF reach IS NOT NULL AND ((TG_OP <> 'INSERT' AND NOT silence_within(OLD.matchers, reach))
    OR (TG_OP <> 'DELETE' AND NOT silence_within(NEW.matchers, reach))) THEN
    RAISE EXCEPTION 'beyond the labels of the token' USING ERRCODE = 'SN403';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER silences_reach BEFORE INSERT OR UPDATE OR DELETE ON silences
  FOR EACH ROW EXECUTE FUNCTION keep_reach_of_silences();
