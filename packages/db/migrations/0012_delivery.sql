-- The day in which a message is tried again begins anew when somebody has it sent again.
ALTER TABLE outbox ADD COLUMN tried_since timestamptz(3);
ALTER TABLE outbox ADD COLUMN dead_at timestamptz(3);
-- Channels take turns: the due messages of each are found without passing by those of the others.
DROP INDEX outbox_pending;
CREATE INDEX outbox_pending ON outbox (channel_key, next_at) WHERE state = 'pending';
CREATE INDEX outbox_waiting ON outbox (created_at) WHERE state = 'pending';
-- Dead letters are listed, newest first, and so is all that was told of an incident or to a channel.
DROP INDEX outbox_dead;
CREATE INDEX outbox_dead ON outbox (created_at DESC, id) WHERE state = 'dead';
CREATE INDEX outbox_by_time ON outbox (created_at DESC, id);
CREATE INDEX outbox_of_channel ON outbox (channel_key, created_at DESC, id);
CREATE INDEX outbox_of_incident ON outbox (incident_id, created_at DESC, id);
