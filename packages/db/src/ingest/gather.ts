import { ownGrouping } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** How long what follows the first of a group waits for more, counted from the first. */
export const gatherMs = 30_000

// Any two processes that tell of one group must agree on this number ("grp" in ASCII).
const groupLock = 0x677270

/**
 * Of channels that are to hear that an incident opened, those that hear at once: all of them when it is of no group, and else those for
 * which it is the first of its group, or that group by themselves. For the others it is noted that it waits.
 *
 * Who is first is decided without waiting for another process: one that holds the group in its transaction is about to tell of
 * the first, so this one follows. To wait would be a deadlock where two chunks hold two groups in different order.
 */
export async function hearingAtOnce(
  tx: Queryable,
  incidentId: string,
  group: string | null,
  channels: readonly string[],
  nowMs: number,
): Promise<string[]> {
  if (group === null || channels.length === 0) return [...channels]
  const now = new Date(nowMs).toISOString()
  const { rows: grouped } = await tx.execute<{ key: string }>(
    sql`select key from channels where key = any(${sql.param(channels)}::text[]) and doc->>'kind' <> all(${sql.param(ownGrouping)}::text[])`,
  )
  const keys = grouped.map(({ key }) => key)
  if (keys.length === 0) return [...channels]
  const { rows: firsts } = await tx.execute<{ channel_key: string }>(
    sql`insert into telling_groups (channel_key, name, first_at)
        select key, ${group}, ${now}::timestamptz from unnest(${sql.param(keys)}::text[]) as key
        where pg_try_advisory_xact_lock(${groupLock}, hashtext(key || ' ' || ${group}::text))
        on conflict (channel_key, name) do update set first_at = excluded.first_at
          where abs(extract(epoch from excluded.first_at - telling_groups.first_at)) * 1000 >= ${gatherMs}
        returning channel_key`,
  )
  const first = new Set(firsts.map(({ channel_key }) => channel_key))
  const waiting = new Set(keys.filter((key) => !first.has(key)))
  if (waiting.size > 0)
    await tx.execute(
      sql`update incident_tellings t set gather_name = ${group}, gather_at = ${gatherMs} * interval '1 millisecond' + coalesce((
            select g.first_at from telling_groups g where g.channel_key = t.channel_key and g.name = ${group}), ${now}::timestamptz)
          where incident_id = ${incidentId}::uuid and channel_key = any(${sql.param([...waiting])}::text[])`,
    )
  return channels.filter((channel) => !waiting.has(channel))
}

/** Forgets who was to hear of an incident with others and has not: it is over before it was told. */
export async function leaveGroups(tx: Queryable, incidentId: string): Promise<void> {
  await tx.execute(sql`delete from incident_tellings where incident_id = ${incidentId}::uuid and gather_at is not null`)
}
