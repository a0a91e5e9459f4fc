CREATE TABLE maintenance (
  key text COLLATE "C" PRIMARY KEY,
  doc jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  revision bigint NOT NULL DEFAULT nextval('revisions'),
  -- Which configuration it came from; null is what was made by hand.
  managed_by text
);
CREATE TRIGGER maintenance_revision BEFORE UPDATE ON maintenance FOR EACH ROW WHEN (NEW.doc IS DISTINCT FROM OLD.doc)
  EXECUTE FUNCTION next_revision();

-- Whoever holds the windows in memory (scheduler, ingester) reads them again: they are few.
CREATE FUNCTION notify_maintenance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('sonde_maintenance', '');
  RETURN NULL;
END $$;
CREATE TRIGGER maintenance_change AFTER INSERT OR UPDATE OR DELETE ON maintenance FOR EACH STATEMENT
  EXECUTE FUNCTION notify_maintenance();
