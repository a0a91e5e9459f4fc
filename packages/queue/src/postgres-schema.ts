import { runMigrations } from 'bullmq'
import type pg from 'pg'

// Each step of a job is a row of BullMQ's `event` and wakes every connection that listens to anything at all; nobody here reads them.
const noEvents = `
create or replace function bullmq.publish_event(p_queue text, p_event text, p_data jsonb) returns bigint
  language sql as 'select 0::bigint';
truncate bullmq.event;`

/** Makes or upgrades BullMQ's own tables; the PostgreSQL backend does not work without them. */
export async function migrateQueue(client: pg.ClientBase): Promise<void> {
  await runMigrations(client)
  await client.query(noEvents)
}
