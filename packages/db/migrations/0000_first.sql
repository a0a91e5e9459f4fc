-- Names of regions stand in every result; a number of two bytes stands for them there.
CREATE TABLE regions (
  id smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE workers (
  id text PRIMARY KEY,
  region_id smallint NOT NULL REFERENCES regions ON DELETE CASCADE,
  version text NOT NULL,
  started_at timestamptz NOT NULL,
  seen_at timestamptz NOT NULL
);

CREATE TABLE checks (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  key text COLLATE "C" NOT NULL UNIQUE,
  doc jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now()
);

-- Whoever writes a check, the scheduler hears of it: the payload is its key. Empty stands for "many, read all".
CREATE FUNCTION notify_check_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('sonde_checks', coalesce(NEW.key, OLD.key));
  RETURN NULL;
END $$;
CREATE TRIGGER check_change AFTER INSERT OR UPDATE OR DELETE ON checks FOR EACH ROW EXECUTE FUNCTION notify_check_change();

CREATE FUNCTION notify_region_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('sonde_checks', '');
  RETURN NULL;
END $$;
CREATE TRIGGER region_change AFTER INSERT OR DELETE ON regions FOR EACH STATEMENT EXECUTE FUNCTION notify_region_change();

-- One row a (check, region): rewritten with every result, so it leaves room on its page for the next version (HOT updates).
CREATE TABLE check_states (
  check_id integer NOT NULL REFERENCES checks ON DELETE CASCADE,
  region_id smallint NOT NULL REFERENCES regions ON DELETE CASCADE,
  verdict text NOT NULL DEFAULT 'unknown',
  failures integer NOT NULL DEFAULT 0,
  successes integer NOT NULL DEFAULT 0,
  last_slot timestamptz(3),
  since timestamptz(3),
  last_result json,
  totals jsonb NOT NULL DEFAULT '{}',
  duration_count bigint NOT NULL DEFAULT 0,
  duration_sum_seconds double precision NOT NULL DEFAULT 0,
  duration_buckets bigint[] NOT NULL DEFAULT '{}',
  PRIMARY KEY (check_id, region_id)
) WITH (fillfactor = 50);

-- Documents are json, not jsonb: they are shown as they came, and nothing looks inside.
-- The history: one row a slot, for ever named by (check, region, slot). No reference to checks: a check that is deleted leaves
-- its rows to retention, which drops whole days.
CREATE TABLE results (
  check_id integer NOT NULL,
  region_id smallint NOT NULL,
  slot timestamptz(3) NOT NULL,
  outcome text NOT NULL,
  code text,
  duration_ms real NOT NULL,
  doc json NOT NULL,
  PRIMARY KEY (check_id, slot, region_id)
) PARTITION BY RANGE (slot);
CREATE TABLE results_default PARTITION OF results DEFAULT;

-- How far the schedule has been handed to the queue; a new leader goes on from here.
CREATE TABLE schedule (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  horizon timestamptz(3) NOT NULL
);

-- Answers of `run now`, kept until the API has read them.
CREATE TABLE run_results (
  run_id uuid NOT NULL,
  region text NOT NULL,
  doc json NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (run_id, region)
);
