-- What a worker can do: kinds of checks, and ipv6. Where ping may not run, icmp is missing.
ALTER TABLE workers ADD COLUMN capabilities text[] NOT NULL DEFAULT '{}';
