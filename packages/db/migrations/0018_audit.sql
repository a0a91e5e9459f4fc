-- Who did what. Each entry's hash is over the one before it and its own content: an entry that is changed, left out or put in
-- between is found by `sonde audit verify`. Nothing here is ever changed or deleted: nobody has the right, and a trigger refuses
-- even those that need none.
CREATE TABLE audit (
  id bigint PRIMARY KEY,
  at timestamptz(3) NOT NULL,
  action text NOT NULL,
  resource text NOT NULL,
  key text NOT NULL,
  -- The id of a token, or the process that acted by itself.
  token text NOT NULL,
  -- Of the details, which stand apart.
  detail_hash bytea NOT NULL,
  hash bytea NOT NULL
);
CREATE INDEX audit_by_key ON audit (resource, key, id DESC);
CREATE INDEX audit_by_token ON audit (token, id DESC);

-- Names, addresses, and documents before and after: what may speak of persons. A row can be erased and the chain still holds, as
-- it has the hash of it alone; the salt, which goes with it, keeps anybody from guessing what it said.
CREATE TABLE audit_details (
  -- Of an entry; not a reference, as the lock that one takes is a right to update.
  id bigint PRIMARY KEY,
  salt bytea NOT NULL,
  -- JSON, and text as it is this text that is hashed.
  detail text NOT NULL
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit log is added to, and never changed' USING ERRCODE = 'SN001';
END $$;
CREATE TRIGGER audit_kept BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_not_emptied BEFORE TRUNCATE ON audit EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_details_kept BEFORE UPDATE ON audit_details FOR EACH ROW EXECUTE FUNCTION refuse_change();
ALTER TABLE audit ENABLE ALWAYS TRIGGER audit_kept, ENABLE ALWAYS TRIGGER audit_not_emptied;
ALTER TABLE audit_details ENABLE ALWAYS TRIGGER audit_details_kept;
REVOKE UPDATE, DELETE, TRUNCATE ON audit FROM PUBLIC, CURRENT_USER;
REVOKE UPDATE, TRUNCATE ON audit_details FROM PUBLIC, CURRENT_USER;

-- One part of what is hashed: its length, so that no two contents give the same bytes.
CREATE FUNCTION audit_part(part text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
  SELECT octet_length(part) || ':' || part || ','
$$;

-- Adds an entry. Who acts is told by the setting `sonde.actor` (see packages/db/src/actor.ts). One at a time, to the end of the
-- transaction: so the chain has one order, and what is rolled back was never part of it.
CREATE FUNCTION audit_append(new_action text, new_resource text, new_key text, told jsonb) RETURNS void LANGUAGE plpgsql AS $$
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
  next_id := coalesce(last.id, 0) + 1;
  now_at := clock_timestamp();
  INSERT INTO audit (id, at, action, resource, key, token, detail_hash, hash) VALUES (
    next_id, now_at, new_action, new_resource, new_key, who, digest,
    sha256(coalesce(last.hash, ''::bytea) || convert_to(
      audit_part(next_id::text) || audit_part(to_char(now_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'))
      || audit_part(new_action) || audit_part(new_resource) || audit_part(new_key) || audit_part(who)
      || audit_part(encode(digest, 'hex')), 'UTF8')));
  INSERT INTO audit_details (id, salt, detail) VALUES (next_id, salt, detail);
END $$;

-- What an entry shows of a row: the fields of its document and the columns that are named. Sealed secrets are left out.
CREATE FUNCTION audit_view(row_of jsonb, shown text[]) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT regexp_replace((coalesce(row_of->'doc', '{}') || coalesce(
    (SELECT jsonb_object_agg(name, row_of->name) FROM unnest(shown) AS name WHERE name <> 'doc'), '{}'))::text,
    '"sealed:v1:[^"]*"', '"[secret]"', 'g')::jsonb
$$;

-- An entry for each row that was made, changed or deleted, whoever did it and by whichever way. Arguments: the word for such a
-- row, the column that names it, and the columns to show.
CREATE FUNCTION audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  old_row jsonb := CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END;
  new_row jsonb := CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END;
  before jsonb := audit_view(old_row, TG_ARGV[2:]);
  after jsonb := audit_view(new_row, TG_ARGV[2:]);
  told jsonb := '{}';
BEGIN
  IF old_row IS NOT NULL THEN told := told || jsonb_build_object('before', before); END IF;
  IF new_row IS NOT NULL THEN told := told || jsonb_build_object('after', after); END IF;
  IF TG_OP = 'UPDATE' AND before = after THEN
    IF old_row->'doc' IS NOT DISTINCT FROM new_row->'doc' THEN RETURN NULL; END IF;
    told := told || '{"secretsChanged": true}';
  END IF;
  PERFORM audit_append(CASE TG_OP WHEN 'INSERT' THEN 'create' WHEN 'UPDATE' THEN 'change' ELSE 'delete' END,
    TG_ARGV[0], coalesce(new_row, old_row)->>TG_ARGV[1], told);
  RETURN NULL;
END $$;

-- At the commit: by then a transaction has all its other locks, and cannot wait for somebody who waits for the end of the chain.
CREATE CONSTRAINT TRIGGER audit_checks AFTER INSERT OR UPDATE OF doc, managed_by OR DELETE ON checks
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_change('check', 'key', 'doc', 'managed_by');
CREATE CONSTRAINT TRIGGER audit_channels AFTER INSERT OR UPDATE OF doc, managed_by, refused OR DELETE ON channels
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_change('channel', 'key', 'doc', 'managed_by', 'refused');
CREATE CONSTRAINT TRIGGER audit_maintenance AFTER INSERT OR UPDATE OF doc, managed_by OR DELETE ON maintenance
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_change('maintenance', 'key', 'doc', 'managed_by');
CREATE CONSTRAINT TRIGGER audit_regions AFTER INSERT OR UPDATE OR DELETE ON regions
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  EXECUTE FUNCTION audit_change('region', 'name', 'labels', 'provider', 'latitude', 'longitude', 'managed_by', 'retired_at');
CREATE CONSTRAINT TRIGGER audit_tokens AFTER INSERT OR UPDATE OF name, scopes, labels, expires_at OR DELETE ON tokens
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION audit_change('token', 'id', 'name', 'scopes', 'labels', 'expires_at');
CREATE CONSTRAINT TRIGGER audit_incidents AFTER UPDATE OF acknowledged_at, acknowledged_by ON incidents
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (OLD.acknowledged_at IS DISTINCT FROM NEW.acknowledged_at OR OLD.acknowledged_by IS DISTINCT FROM NEW.acknowledged_by)
  EXECUTE FUNCTION audit_change('incident', 'id', 'acknowledged_at', 'acknowledged_by');

-- A token with labels writes what has them and leaves it with them, by whichever way it comes here.
CREATE FUNCTION keep_reach() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  reach jsonb := nullif(current_setting('sonde.actor', true), '')::jsonb->'labels';
BEGIN
  IF (TG_OP <> 'INSERT' AND NOT coalesce(OLD.doc->'labels', '{}') @> reach)
    OR (TG_OP <> 'DELETE' AND NOT coalesce(NEW.doc->'labels', '{}') @> reach) THEN
    RAISE EXCEPTION 'beyond the labels of the token' USING ERRCODE = 'SN403';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER checks_reach BEFORE INSERT OR UPDATE OF doc OR DELETE ON checks FOR EACH ROW EXECUTE FUNCTION keep_reach();
