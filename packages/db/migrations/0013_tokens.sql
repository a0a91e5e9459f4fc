-- Who may ask, and what. Of a token its digest alone is kept; one that is revoked has no row.
CREATE TABLE tokens (
  id text COLLATE "C" PRIMARY KEY,
  digest bytea NOT NULL,
  name text NOT NULL,
  scopes text[] NOT NULL,
  -- Labels that a check must have to be within its reach.
  labels jsonb NOT NULL DEFAULT '{}',
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3),
  last_used_at timestamptz(3)
);
