-- What rules remember of a check in a region beside its verdict: the answers of a name, a signature near its end; and when it was
-- last slow, where the policy has a bound. Both mostly stay as they are from one result to the next.
ALTER TABLE check_states ADD COLUMN slow_at timestamptz(3), ADD COLUMN memory json;
ALTER TABLE check_states ALTER COLUMN memory SET STORAGE EXTERNAL;
CREATE INDEX check_states_slow ON check_states (slow_at) WHERE slow_at IS NOT NULL;
-- Changes of chains, where a certificate was shown before.
CREATE INDEX incidents_by_subject ON incidents (rule, subject, resolved_at) WHERE subject <> '';
