import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** What stands still: checks without any word for longer than their policies allow, and regions from which nothing comes at all. */
export type Stillness = {
  checkIds: number[]
  /** When the newest of all results of a region was due, and how many of its checks have been due since without any. */
  regions: Map<string, { newestMs: number; due: number }>
}

export const nothingStill: Stillness = { checkIds: [], regions: new Map() }

/**
 * Whether slots may end without a word, as they do not while a scheduler notes what is due and a sweep accounts for it. Costs next to
 * nothing, which cannot be said of `lookForStillness`.
 */
export async function mayStandStill(db: Queryable): Promise<boolean> {
  const { rows } = await db.execute<{ may: boolean }>(
    sql`select coalesce((select seen_at < now() - interval '20 seconds' from schedule), true)
          or exists (select from due_slots where mature_at < now() - interval '30 seconds')
          or exists (select from incidents where state = 'open' and rule = 'regionSilent') as may`,
  )
  return rows[0]?.may === true
}

// From the end of a probe to its row.
const writtenWithinMs = 10_000

/**
 * Looks at all states for what has been without a word, whoever is at fault. What is paused was not due; what was before `sinceMs`, when
 * nobody watched, does not count.
 */
export async function lookForStillness(db: Queryable, nowMs: number, sinceMs: number): Promise<Stillness> {
  const [now, since] = [nowMs, sinceMs].map((ms) => new Date(ms).toISOString())
  const { rows } = await db.execute<{ name: string; newest: Date; due: number; silent: number[] | null }>(
    sql`with newest as (
          select region_id, max(at) as at from (
            select region_id, max(greatest(last_slot, last_paused)) as at from check_states
            where missed = 0 and last_slot is not null group by region_id
            union all
            select s.region_id, greatest(s.last_slot - s.missed * c.interval_ms * interval '1 millisecond', s.last_paused)
            from check_states s join checks c on c.id = s.check_id where s.missed > 0) as seen
          group by region_id),
        quiet as (
          select s.check_id, g.name, n.at, greatest(n.at, g.active_since, ${since}::timestamptz,
              case when c.updated_at < ${now}::timestamptz + interval '1 hour' then c.updated_at end) as due_from,
            s.last_slot, c.interval_ms, c.timeout_ms, c.no_data
          from check_states s join checks c on c.id = s.check_id join regions g on g.id = s.region_id
            join newest n on n.region_id = s.region_id
          where (s.missed > 0 or s.last_slot < ${now}::timestamptz - interval '10 seconds') and g.retired_at is null and c.enabled
            and c.regions ?| array['*', g.name])
        select name, at as newest,
          count(*) filter (where due_from + (interval_ms + timeout_ms + ${writtenWithinMs}) * interval '1 millisecond' < ${now}::timestamptz)::int
            as due,
          array_agg(check_id) filter (where last_slot + ((no_data + 1) * interval_ms + timeout_ms) * interval '1 millisecond' < ${now}::timestamptz)
            as silent
        from quiet group by name, at`,
  )
  return {
    checkIds: [...new Set(rows.flatMap(({ silent }) => silent ?? []))],
    regions: new Map(
      rows.map(({ name, newest, due }) => [name, { newestMs: Math.max(new Date(newest).getTime(), sinceMs), due }]),
    ),
  }
}
