-- What a request that makes something was answered, for the caller who did not hear it and asks again. The answer is sealed under a
-- key that only who asked has; that key and the request stand here as digests alone. A row without a status is being worked on.
CREATE TABLE idempotency_keys (
  holder text NOT NULL,
  key_digest bytea NOT NULL,
  fingerprint bytea NOT NULL,
  begun_at timestamptz(3) NOT NULL DEFAULT now(),
  status smallint,
  headers jsonb,
  body text,
  PRIMARY KEY (holder, key_digest)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (begun_at);
