-- Every write that changes a document gives its row another number, of one counter for all of them: so a number names one state of
-- one row for ever, also when the row is deleted and made again under its key.
CREATE SEQUENCE revisions;
CREATE FUNCTION next_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.revision := nextval('revisions');
  RETURN NEW;
END $$;

ALTER TABLE checks ADD COLUMN revision bigint NOT NULL DEFAULT nextval('revisions');
CREATE TRIGGER check_revision BEFORE UPDATE ON checks FOR EACH ROW WHEN (NEW.doc IS DISTINCT FROM OLD.doc)
  EXECUTE FUNCTION next_revision();
ALTER TABLE channels ADD COLUMN revision bigint NOT NULL DEFAULT nextval('revisions');
CREATE TRIGGER channel_revision BEFORE UPDATE ON channels FOR EACH ROW WHEN (NEW.doc IS DISTINCT FROM OLD.doc)
  EXECUTE FUNCTION next_revision();
