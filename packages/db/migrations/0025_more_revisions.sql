-- Regions and tokens have revisions too, of the same counter: who changes one can say which state of it that is about.
ALTER TABLE regions ADD COLUMN revision bigint NOT NULL DEFAULT nextval('revisions');
CREATE TRIGGER region_revision BEFORE UPDATE ON regions FOR EACH ROW
  WHEN ((NEW.labels, NEW.provider, NEW.latitude, NEW.longitude, NEW.retired_at)
    IS DISTINCT FROM (OLD.labels, OLD.provider, OLD.latitude, OLD.longitude, OLD.retired_at))
  EXECUTE FUNCTION next_revision();
ALTER TABLE tokens ADD COLUMN revision bigint NOT NULL DEFAULT nextval('revisions');
-- Not with every use.
CREATE TRIGGER token_revision BEFORE UPDATE ON tokens FOR EACH ROW
  WHEN ((NEW.name, NEW.scopes, NEW.labels, NEW.expires_at) IS DISTINCT FROM (OLD.name, OLD.scopes, OLD.labels, OLD.expires_at))
  EXECUTE FUNCTION next_revision();
