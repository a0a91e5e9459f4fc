-- Since when somebody has been judging without a break, and when last. What nobody watched, as when all of Sonde was off, is no silence
-- of whoever would have been heard.
CREATE TABLE judging (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  since timestamptz(3) NOT NULL,
  seen_at timestamptz(3) NOT NULL
) WITH (fillfactor = 50);

-- Since when a region has slots: since it is there, or there again after it was retired.
ALTER TABLE regions ADD COLUMN active_since timestamptz NOT NULL DEFAULT now();
UPDATE regions SET active_since = created_at;
CREATE FUNCTION region_is_back() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.active_since := now();
  RETURN NEW;
END $$;
CREATE TRIGGER region_back BEFORE UPDATE ON regions FOR EACH ROW
  WHEN (OLD.retired_at IS NOT NULL AND NEW.retired_at IS NULL) EXECUTE FUNCTION region_is_back();

-- The milliseconds of a duration as a check has it: 250ms, 30s, 5m, 1h, 14d.
CREATE FUNCTION duration_ms(duration text) RETURNS double precision LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT rtrim(duration, 'mshd')::double precision * CASE ltrim(duration, '0123456789')
    WHEN 'ms' THEN 1 WHEN 's' THEN 1000 WHEN 'm' THEN 60000 WHEN 'h' THEN 3600000 WHEN 'd' THEN 86400000 END
$$;
