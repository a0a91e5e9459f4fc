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
