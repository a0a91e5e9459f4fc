-- Rows that live for seconds, and rows that are rewritten with every result: vacuumed by count, as a fifth of the table would be late
-- for the one and, when there are many checks, for the other. The states are nearly all HOT updates, which clean up after themselves.
ALTER TABLE due_slots SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
ALTER TABLE check_states SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);
