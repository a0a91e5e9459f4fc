-- One open incident a check and rule, and of rules that speak of something (a certificate), one for each: whoever comes second
-- finds it there.
ALTER TABLE incidents ADD COLUMN subject text NOT NULL DEFAULT '';
CREATE UNIQUE INDEX incidents_one_open ON incidents (check_id, rule, subject) WHERE state = 'open' AND check_id IS NOT NULL;
DROP INDEX incidents_open;

-- Where notifications go. The document's credentials are sealed.
CREATE TABLE channels (
  key text COLLATE "C" PRIMARY KEY,
  doc jsonb NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  updated_at timestamptz(3) NOT NULL DEFAULT now(),
  -- Set when the receiver says that it is gone for good; it is asked again once somebody writes the channel anew.
  refused text
);

-- A notification is a row first, written with what it tells of. Its id is the same for every attempt.
CREATE TABLE outbox (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  -- The order in which messages of one incident go to one channel.
  number bigint GENERATED ALWAYS AS IDENTITY,
  incident_id uuid REFERENCES incidents ON DELETE CASCADE,
  channel_key text COLLATE "C" NOT NULL,
  type text NOT NULL,
  doc jsonb NOT NULL,
  -- The slot that decided it; the time from there to the receiver's yes is what people wait for.
  decided_at timestamptz(3) NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sent', 'dead')),
  attempts integer NOT NULL DEFAULT 0,
  next_at timestamptz(3) NOT NULL DEFAULT now(),
  leased_until timestamptz(3),
  sent_at timestamptz(3),
  last_error text
);
CREATE INDEX outbox_pending ON outbox (next_at) WHERE state = 'pending';
CREATE INDEX outbox_order ON outbox (incident_id, channel_key, number) WHERE state = 'pending';
CREATE INDEX outbox_dead ON outbox (created_at DESC) WHERE state = 'dead';

CREATE FUNCTION notify_outbox() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('sonde_outbox', '');
  RETURN NULL;
END $$;
CREATE TRIGGER outbox_insert AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION notify_outbox();
