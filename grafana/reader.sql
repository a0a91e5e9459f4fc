-- A database user for Grafana, who may read what the dashboards show and nothing else: no checks as they are written (which hold
-- sealed credentials), no documents of results (headers, bodies), no tokens. Run it as the owner of Sonde's tables after each
-- migration; repeating it changes nothing.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'grafana') THEN
    CREATE ROLE grafana LOGIN;
  ELSIF pg_has_role('grafana', 'pg_read_all_data', 'member') AND NOT (SELECT rolsuper FROM pg_roles WHERE rolname = 'grafana') THEN
    REVOKE pg_read_all_data FROM grafana;
  END IF;
END $$;

-- A dashboard of a long time must not hold up the ingest.
ALTER ROLE grafana SET statement_timeout = '30s';
ALTER ROLE grafana SET default_transaction_read_only = on;

GRANT USAGE ON SCHEMA public TO grafana;
-- Before PostgreSQL 15 everybody may make tables there.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;

GRANT SELECT ON
  check_facts, state_facts, regions, workers, certificates, certificate_sightings, events,
  results, results_default, rollups_5m, rollups_5m_default, rollups_1h, rollups_1h_default, rollups_1d
TO grafana;
-- All but the evidence, which quotes what targets answered.
GRANT SELECT (
  id, check_id, rule, state, opened_at, resolved_at, acknowledged_at, acknowledged_by, code, summary, cause, remedy, regions, labels
) ON incidents TO grafana;
