-- A span of time in which a check breaks its alert policy, with its evidence. What is of no check (Sonde's own faults) has none.
CREATE TABLE incidents (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  check_id integer REFERENCES checks ON DELETE CASCADE,
  rule text NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'resolved')),
  opened_at timestamptz(3) NOT NULL,
  resolved_at timestamptz(3),
  acknowledged_at timestamptz(3),
  acknowledged_by text,
  code text,
  summary text NOT NULL,
  cause text,
  remedy text,
  regions jsonb NOT NULL DEFAULT '[]',
  evidence jsonb NOT NULL DEFAULT '{}',
  labels jsonb NOT NULL DEFAULT '{}',
  CHECK ((state = 'resolved') = (resolved_at IS NOT NULL))
);
-- Few are open, and they are asked for with every result; the rest is listed by time, of one check or of all.
CREATE INDEX incidents_open ON incidents (check_id, rule) WHERE state = 'open';
CREATE INDEX incidents_of_check ON incidents (check_id, opened_at DESC);
CREATE INDEX incidents_by_time ON incidents (opened_at DESC, id);

-- What a reader of the history may see of checks and of how they stand: no credentials, headers or bodies. Labels are those of a
-- check's series that a dashboard can choose by, `job` and `kind` among them.
CREATE VIEW check_facts AS
  SELECT id, key, coalesce(doc->>'name', key) AS name, doc->>'kind' AS kind, doc->>'target' AS target,
    coalesce((doc->>'enabled')::boolean, true) AS enabled,
    coalesce(doc->'labels', '{}') || jsonb_build_object('job', key, 'kind', doc->>'kind') AS labels
  FROM checks;

CREATE VIEW state_facts AS
  SELECT check_id, region_id, verdict, since, last_slot, recent->>'outcome' AS outcome, recent->'error'->>'code' AS code,
    recent->'error'->>'message' AS message, recent->'error'->>'remedy' AS remedy,
    (recent->>'durationMs')::double precision AS duration_ms, recent->>'ip' AS ip,
    (recent->'http'->>'status')::integer AS http_status, recent->'tls'->>'version' AS tls_version,
    recent->'dns'->>'rcode' AS dns_rcode, recent->'dns'->>'server' AS dns_server, recent->'dns'->'answers' AS dns_answers,
    to_timestamp((open_span->>'startMs')::bigint / 1000) AS open_start, (open_span->>'up')::integer AS open_up,
    (open_span->>'down')::integer AS open_down, (open_span->>'missed')::integer AS open_missed,
    (open_span->>'maintenance')::integer AS open_maintenance
  FROM check_states;

-- Results of each (check, region) in a span of time, by outcome: whole days and hours are read as such, so that a month is some
-- thirty rows. The bounds are written out in each part for the planner, which leaves out the partitions beyond them.
CREATE FUNCTION counts_between(from_at timestamptz, to_at timestamptz)
RETURNS TABLE (check_id integer, region_id smallint, up bigint, down bigint, missed bigint, maintenance bigint)
LANGUAGE sql STABLE AS $$
  SELECT check_id, region_id, sum(up), sum(down), sum(missed), sum(maintenance) FROM (
    SELECT check_id, region_id, up, down, missed, maintenance FROM rollups_5m
    WHERE start >= from_at AND start < least(date_trunc('hour', from_at + interval '1 hour' - interval '1 microsecond', 'UTC'), to_at)
    UNION ALL
    SELECT check_id, region_id, up, down, missed, maintenance FROM rollups_1h
    WHERE start >= date_trunc('hour', from_at + interval '1 hour' - interval '1 microsecond', 'UTC')
      AND start < least(date_trunc('day', from_at + interval '1 day' - interval '1 microsecond', 'UTC'), date_trunc('hour', to_at, 'UTC'))
    UNION ALL
    SELECT check_id, region_id, up, down, missed, maintenance FROM rollups_1d
    WHERE start >= date_trunc('day', from_at + interval '1 day' - interval '1 microsecond', 'UTC')
      AND start < date_trunc('day', to_at, 'UTC')
    UNION ALL
    SELECT check_id, region_id, up, down, missed, maintenance FROM rollups_1h
    WHERE start >= greatest(date_trunc('day', from_at + interval '1 day' - interval '1 microsecond', 'UTC'), date_trunc('day', to_at, 'UTC'))
      AND start < date_trunc('hour', to_at, 'UTC')
    UNION ALL
    SELECT check_id, region_id, up, down, missed, maintenance FROM rollups_5m
    WHERE start >= greatest(date_trunc('hour', from_at + interval '1 hour' - interval '1 microsecond', 'UTC'), date_trunc('hour', to_at, 'UTC'))
      AND start < to_at
    UNION ALL
    SELECT check_id, region_id, open_up, open_down, open_missed, open_maintenance FROM state_facts
    WHERE open_start >= from_at AND open_start < to_at
  ) AS spans GROUP BY check_id, region_id
$$;
