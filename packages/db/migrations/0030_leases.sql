-- What one process at a time is to do, and who does it until when: whoever holds a lease renews it, and anybody may take one that has ended.
CREATE TABLE leases (
  name text PRIMARY KEY,
  holder uuid NOT NULL,
  until timestamptz(3) NOT NULL
) WITH (fillfactor = 50);

-- When the next message is due of those that were not tried: one that waits for evidence is to be sent as soon as it may.
CREATE INDEX outbox_untried ON outbox (next_at) WHERE state = 'pending' AND attempts = 0;
