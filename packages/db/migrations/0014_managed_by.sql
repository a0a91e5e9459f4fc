-- Which configuration an object came from: `sonde apply --prune` deletes what its own file no longer has, and nothing else.
-- Null is what was made by hand.
ALTER TABLE regions ADD COLUMN managed_by text;
ALTER TABLE channels ADD COLUMN managed_by text;
ALTER TABLE checks ADD COLUMN managed_by text;
