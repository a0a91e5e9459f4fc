import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/**
 * Keeps the first failing result of each region that is down as evidence of an incident: under `results`, by region, beside what
 * else is there. A region that has one keeps it.
 */
export async function noteFailingResults(
  tx: Queryable,
  incidentId: string,
  check: { id: number; intervalMs: number },
): Promise<void> {
  // What is down is kept whole. A slot that was missed among them moves the first a little further back.
  await tx.execute(
    sql`with firsts as (
          select g.name, d.doc from check_states s join regions g on g.id = s.region_id cross join lateral (
            select doc from result_details d where d.check_id = s.check_id and d.region_id = s.region_id
              and d.slot > s.last_slot - (greatest(s.failures, 1) + s.missed) * ${check.intervalMs} * interval '1 millisecond'
              and d.doc->>'outcome' = 'down' order by d.slot limit 1) d
          where s.check_id = ${check.id} and (s.failures > 0 or s.verdict = 'down')),
        found as (select jsonb_object_agg(name, doc) as results from firsts)
        update incidents set evidence = evidence || jsonb_build_object('results', found.results || coalesce(evidence->'results', '{}'))
        from found where id = ${incidentId}::uuid and found.results is not null`,
  )
}
