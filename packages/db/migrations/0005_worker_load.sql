-- What a worker said of its load with its last heartbeat: probes that run, that wait to be let in, and how many it lets in at once;
-- and how far its own clock is ahead of the queue server's. One of an older version says nothing.
ALTER TABLE workers
  ADD COLUMN running integer,
  ADD COLUMN waiting integer,
  ADD COLUMN admitted integer,
  ADD COLUMN clock_offset_ms double precision;
