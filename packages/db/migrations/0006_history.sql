-- Narrow rows: what is stored of every result, widest columns first so that nothing is lost to alignment. The whole document is
-- in `result_details`, for the few that say something new. The rows of before are carried over, day by day.
ALTER TABLE results RENAME TO results_before;
ALTER INDEX results_pkey RENAME TO results_before_pkey;

CREATE TABLE results (
  slot timestamptz(3) NOT NULL,
  check_id integer NOT NULL,
  duration_ms real NOT NULL,
  dns_ms real,
  connect_ms real,
  tls_ms real,
  ttfb_ms real,
  transfer_ms real,
  -- From the slot to the start of the probe; null when it never ran.
  start_delay_ms integer,
  region_id smallint NOT NULL,
  attempts smallint NOT NULL,
  delayed boolean NOT NULL DEFAULT false,
  outcome text NOT NULL,
  code text,
  -- Null when it is that of the detail before.
  ip inet,
  PRIMARY KEY (check_id, region_id, slot)
) PARTITION BY RANGE (slot);

CREATE TABLE result_details (
  slot timestamptz(3) NOT NULL,
  check_id integer NOT NULL,
  region_id smallint NOT NULL,
  -- It came after a later slot was judged, and tells nothing of the results behind it.
  late boolean NOT NULL DEFAULT false,
  doc json NOT NULL,
  PRIMARY KEY (check_id, region_id, slot)
) PARTITION BY RANGE (slot);

DO $$
DECLARE part record;
BEGIN
  FOR part IN
    SELECT c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound
    FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'results_before'::regclass
  LOOP
    EXECUTE format('ALTER TABLE %I RENAME TO %I', part.name, 'before_' || part.name);
    EXECUTE format('CREATE TABLE %I PARTITION OF results %s', part.name, part.bound);
    EXECUTE format('CREATE TABLE %I PARTITION OF result_details %s', replace(part.name, 'results', 'result_details'), part.bound);
  END LOOP;
END $$;

INSERT INTO results
SELECT slot, check_id, duration_ms, (doc->'phases'->>'dnsMs')::real, (doc->'phases'->>'connectMs')::real,
  (doc->'phases'->>'tlsMs')::real, (doc->'phases'->>'ttfbMs')::real, (doc->'phases'->>'transferMs')::real,
  (extract(epoch FROM (doc->>'startedAt')::timestamptz - slot) * 1000)::integer, region_id, (doc->>'attempts')::smallint,
  doc->>'timing' IS NOT NULL, outcome, code, NULL
FROM results_before;
INSERT INTO result_details SELECT slot, check_id, region_id, false, doc FROM results_before;
DROP TABLE results_before;

-- Sums a (check, region) and span. `latency` holds the log-bucket histograms, see rollup-codec.ts.
CREATE TABLE rollups_5m (
  start timestamptz(0) NOT NULL,
  check_id integer NOT NULL,
  up integer NOT NULL,
  down integer NOT NULL,
  missed integer NOT NULL,
  maintenance integer NOT NULL,
  region_id smallint NOT NULL,
  codes jsonb,
  latency bytea NOT NULL,
  PRIMARY KEY (check_id, region_id, start)
) PARTITION BY RANGE (start);
CREATE TABLE rollups_5m_default PARTITION OF rollups_5m DEFAULT;
CREATE TABLE rollups_1h (LIKE rollups_5m, PRIMARY KEY (check_id, region_id, start)) PARTITION BY RANGE (start);
CREATE TABLE rollups_1h_default PARTITION OF rollups_1h DEFAULT;
-- One row a day, kept for ever unless told otherwise: deleted by row, there are few.
CREATE TABLE rollups_1d (LIKE rollups_5m, PRIMARY KEY (check_id, region_id, start));

-- The span of five minutes that results are being added to; the last detail; the chain that was seen last.
ALTER TABLE check_states
  ADD COLUMN open_span json,
  ADD COLUMN detail json,
  ADD COLUMN chain json,
  -- The newest result without what its detail has too, and that detail: it stays where it is when the row is rewritten.
  ADD COLUMN recent json,
  ADD COLUMN detail_doc json;
UPDATE check_states SET recent = last_result, detail_doc = last_result;
ALTER TABLE check_states DROP COLUMN last_result;
-- Nothing of it is worth compressing with every result; what is largest, the detail, goes out of line first.
ALTER TABLE check_states
  ALTER COLUMN recent SET STORAGE EXTERNAL,
  ALTER COLUMN detail_doc SET STORAGE EXTERNAL,
  ALTER COLUMN totals SET STORAGE EXTERNAL,
  ALTER COLUMN duration_buckets SET STORAGE EXTERNAL,
  ALTER COLUMN open_span SET STORAGE EXTERNAL,
  ALTER COLUMN detail SET STORAGE EXTERNAL,
  ALTER COLUMN chain SET STORAGE EXTERNAL;

-- Every certificate that was ever seen, by the SHA-256 of its DER, and where. No row of a sighting outlives its check.
CREATE TABLE certificates (
  sha256 text COLLATE "C" PRIMARY KEY,
  subject text NOT NULL,
  issuer text NOT NULL,
  serial text NOT NULL,
  not_before timestamptz(0) NOT NULL,
  not_after timestamptz(0) NOT NULL,
  san json NOT NULL,
  key_type text NOT NULL,
  key_bits integer,
  signature text NOT NULL,
  first_seen timestamptz(3) NOT NULL,
  last_seen timestamptz(3) NOT NULL
);
CREATE INDEX certificates_expiry ON certificates (not_after, sha256);
CREATE TABLE certificate_sightings (
  check_id integer NOT NULL REFERENCES checks ON DELETE CASCADE,
  region_id smallint NOT NULL REFERENCES regions ON DELETE CASCADE,
  sha256 text COLLATE "C" NOT NULL REFERENCES certificates ON DELETE CASCADE,
  position smallint NOT NULL,
  current boolean NOT NULL,
  first_seen timestamptz(3) NOT NULL,
  last_seen timestamptz(3) NOT NULL,
  PRIMARY KEY (check_id, region_id, sha256)
);
CREATE INDEX certificate_sightings_certificate ON certificate_sightings (sha256);

-- What changed at a target: another chain.
CREATE TABLE events (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz(3) NOT NULL,
  check_id integer NOT NULL REFERENCES checks ON DELETE CASCADE,
  region_id smallint NOT NULL REFERENCES regions ON DELETE CASCADE,
  type text NOT NULL,
  data jsonb NOT NULL
);
CREATE INDEX events_of_check ON events (check_id, at DESC);
