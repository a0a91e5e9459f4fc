import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

// Whoever judges says so every second or two; after this long nobody has been there.
const breakMs = 15_000

/**
 * Notes that somebody judges at `nowMs`, and answers since when without a break: after one in which the database, or all of Sonde, was
 * away it begins anew.
 */
export async function noteJudging(db: Queryable, nowMs: number): Promise<number> {
  const now = new Date(nowMs).toISOString()
  const { rows } = await db.execute<{ since: Date }>(
    sql`insert into judging (since, seen_at) values (${now}, ${now})
        on conflict (one) do update set seen_at = excluded.seen_at,
          since = case when abs(extract(epoch from excluded.seen_at - judging.seen_at)) * 1000 > ${breakMs}
            then excluded.since else judging.since end
        returning since`,
  )
  return rows[0] === undefined ? nowMs : new Date(rows[0].since).getTime()
}

/** A check in a region, and from when on it was to bring results there, ms since the epoch. */
type Watched = { checkId: number; region: string; fromMs: number }

// A clock may be a little ahead of another; one that is more is wrong, and what it wrote says nothing.
const skewMs = 3_600_000

/**
 * From when on regions were to bring results of checks: since the check is as it is, since the region is there or was last told to be
 * back, and since somebody judges; nobody did before the first that said so.
 */
export async function watchedFrom(
  db: Queryable,
  checkIds: readonly number[],
  regions: readonly string[],
  nowMs: number,
): Promise<Watched[]> {
  if (checkIds.length === 0 || regions.length === 0) return []
  const latest = new Date(nowMs + skewMs).toISOString()
  const { rows } = await db.execute<{ id: number; name: string; from_ms: number | null; judged_ms: number | null }>(
    sql`select c.id, g.name, extract(epoch from j.seen_at)::float8 * 1000 as judged_ms,
          (select extract(epoch from max(at))::float8 * 1000 from (values (c.updated_at), (g.active_since), (j.since), ((
              select max(i.resolved_at) from incidents i where i.rule = 'regionSilent' and i.subject = g.name and i.subject <> ''))) as since(at)
           where at <= ${latest}::timestamptz) as from_ms
        from checks c cross join regions g left join judging j on true
        where c.id = any(${sql.param(checkIds)}::int[]) and g.name = any(${sql.param(regions)}::text[])`,
  )
  return rows.map(({ id, name, from_ms, judged_ms }) => {
    const isJudged = judged_ms === null || Math.abs(nowMs - judged_ms) <= breakMs
    return { checkId: id, region: name, fromMs: isJudged ? (from_ms ?? 0) : nowMs }
  })
}
