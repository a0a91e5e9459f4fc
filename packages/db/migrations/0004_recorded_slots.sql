-- Up to where the slots that are due have been noted; those up to the horizon are on the queue too. In between, what was noted is
-- what will be run, whoever leads by then and however the checks have changed since.
ALTER TABLE schedule ADD COLUMN recorded timestamptz(3);
