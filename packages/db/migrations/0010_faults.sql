-- What is not up is looked for in days of what is; it is few, so the index is small.
CREATE INDEX results_faults ON results (check_id, region_id, slot) WHERE outcome <> 'up';
