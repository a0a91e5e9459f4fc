-- What people say of a region, for labels and maps. One that is retired keeps its history and gets no more slots.
ALTER TABLE regions
  ADD COLUMN labels jsonb NOT NULL DEFAULT '{}',
  ADD COLUMN provider text,
  ADD COLUMN latitude double precision,
  ADD COLUMN longitude double precision,
  ADD COLUMN retired_at timestamptz;

DROP TRIGGER region_change ON regions;
CREATE TRIGGER region_change AFTER INSERT OR UPDATE OR DELETE ON regions FOR EACH STATEMENT EXECUTE FUNCTION notify_region_change();
