-- What the judging loop asks of every check, beside the document: to take it out of 20,000 of them takes a second, each time.
ALTER TABLE checks
  ADD COLUMN enabled boolean GENERATED ALWAYS AS (coalesce(doc->>'enabled', 'true') = 'true') STORED,
  ADD COLUMN regions jsonb GENERATED ALWAYS AS (coalesce(doc->'regions', '["*"]')) STORED,
  ADD COLUMN host text GENERATED ALWAYS AS (target_host(doc->>'target')) STORED,
  ADD COLUMN interval_ms double precision GENERATED ALWAYS AS (duration_ms(doc->>'interval')) STORED,
  ADD COLUMN timeout_ms double precision GENERATED ALWAYS AS (duration_ms(doc->>'timeout')) STORED,
  -- Slots without a result; null where the rule is turned off.
  ADD COLUMN no_data integer GENERATED ALWAYS AS (
    CASE jsonb_typeof(doc->'alerts'->'noData') WHEN 'number' THEN (doc->'alerts'->>'noData')::integer WHEN 'object' THEN NULL ELSE 3 END) STORED;
