import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** A check that is down, and its incident. */
export type FailingCheck = { incidentId: string; checkId: number; intervalMs: number }

/**
 * Keeps the first failing result of each region that is down as evidence of the incident of each of these checks: under `results`, by
 * region, beside what else is there. A region that has one keeps it.
 */
export async function noteFailingResults(tx: Queryable, checks: readonly FailingCheck[]): Promise<void> {
  if (checks.length === 0) return
  // What is down is kept whole. A slot that was missed among them moves the first a little further back.
  await tx.execute(
    sql`with found as (
          select f.id, jsonb_object_agg(g.name, d.doc) as results
          from jsonb_to_recordset(${JSON.stringify(checks.map(({ incidentId, checkId, intervalMs }) => ({ id: incidentId, check_id: checkId, interval_ms: intervalMs })))}::jsonb)
              as f(id uuid, check_id int, interval_ms float8)
            join check_states s on s.check_id = f.check_id and (s.failures > 0 or s.verdict = 'down')
            join regions g on g.id = s.region_id cross join lateral (
            select doc from result_details d where d.check_id = s.check_id and d.region_id = s.region_id
              and d.slot > s.last_slot - (greatest(s.failures, 1) + s.missed) * f.interval_ms * interval '1 millisecond'
              and d.doc->>'outcome' = 'down' order by d.slot limit 1) d
          group by f.id)
        update incidents i set evidence = i.evidence || jsonb_build_object('results', found.results || coalesce(i.evidence->'results', '{}'))
        from found where i.id = found.id`,
  )
}
