import { Check, type Evidence } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../database.ts'
import { letGo, lookedAtRules } from '../ingest/held.ts'

/** An incident that has just opened, and the regions in which its check is down that are to look closer. */
export type EvidenceRequest = { incidentId: string; checkId: number; check: Check; regions: string[] }

// An outage of a thousand checks is one outage: it must not send a thousand traces on their way.
const perRegionAndMinute = 10
const regionsAnIncident = 3
const incidentsAtOnce = 50

// Any two ingesters must agree on this number ("evi" in ASCII).
const evidenceLock = 0x657669

const isUnasked = sql`i.state = 'open' and i.rule = any(${sql.param(lookedAtRules)}::text[]) and i.opened_at > now() - interval '2 minutes'
            and not i.evidence ? 'asked'`

/**
 * Takes the incidents of the last two minutes that nobody has looked closer at, each once, whether its regions are asked or not: of each
 * region at most ten a minute, and what is down before what is slow. The first messages of those of which no region is asked wait no longer.
 */
export async function takeEvidenceRequests(db: Queryable & Pick<Database, 'transaction'>): Promise<EvidenceRequest[]> {
  const requests: EvidenceRequest[] = []
  for (;;) {
    // It is asked every second, and mostly there is nothing: a transaction would cost three times as much.
    const { rows: some } = await db.execute(sql`select from incidents i where ${isUnasked} limit 1`)
    if (some.length === 0) return requests
    const taken = await takeSome(db)
    requests.push(...taken.requests)
    if (taken.incidents < incidentsAtOnce) return requests
  }
}

function takeSome(db: Pick<Database, 'transaction'>): Promise<{ incidents: number; requests: EvidenceRequest[] }> {
  return db.transaction(async (tx) => {
    const { rows } = await tx.execute<{
      id: string
      check_id: number
      doc: unknown
      regions: { region: string; state: string }[]
    }>(
      sql`select i.id, i.check_id, c.doc, i.regions from incidents i join checks c on c.id = i.check_id
          where ${isUnasked}
          order by i.rule <> 'down', i.opened_at limit ${incidentsAtOnce} for update of i skip locked`,
    )
    if (rows.length === 0) return { incidents: 0, requests: [] }
    await tx.execute(sql`select pg_advisory_xact_lock(${evidenceLock})`)
    const asked = await askedOfLate(tx)
    const requests: EvidenceRequest[] = []
    const unseen: string[] = []
    const orders: { id: string; asked: string[] }[] = []
    for (const { id, check_id, doc, regions } of rows) {
      const check = Check.safeParse(doc).data
      const down = regions.filter(({ state }) => state === 'down').map(({ region }) => region)
      const chosen = down.filter((region) => (asked.get(region) ?? 0) < perRegionAndMinute).slice(0, regionsAnIncident)
      for (const region of chosen) asked.set(region, (asked.get(region) ?? 0) + 1)
      orders.push({ id, asked: chosen })
      if (check !== undefined && chosen.length > 0)
        requests.push({ incidentId: id, checkId: check_id, check, regions: chosen })
      else unseen.push(id)
    }
    await tx.execute(
      sql`update incidents i set evidence = i.evidence || jsonb_build_object('asked', o.asked)
          from jsonb_to_recordset(${JSON.stringify(orders)}::jsonb) as o(id uuid, asked jsonb) where i.id = o.id`,
    )
    await letGo(tx, unseen)
    return { incidents: rows.length, requests }
  })
}

async function askedOfLate(tx: Queryable): Promise<Map<string, number>> {
  const { rows } = await tx.execute<{ region: string; count: number }>(
    sql`select region, count(*)::int as count from incidents, jsonb_array_elements_text(evidence->'asked') as region
        where opened_at > now() - interval '1 minute' group by region`,
  )
  return new Map(rows.map(({ region, count }) => [region, count]))
}

// A worker looks for some seconds. What comes later, out of a queue that stood still, was not seen at the opening.
const lateAfterMs = 600_000

/**
 * Keeps what a region saw at the opening of an incident, under `opening`, beside what its rule keeps there: of each region that was asked the
 * first that comes, or the whole in place of what is partial, and within ten minutes. When all that were asked have said something, the
 * first message waits no longer.
 */
export async function saveEvidence(db: Queryable, incidentId: string, evidence: Evidence): Promise<void> {
  const { rows } = await db.execute<{ all: boolean }>(
    sql`update incidents set evidence = evidence || jsonb_build_object('opening',
          coalesce(evidence->'opening', '{}') || jsonb_build_object(${evidence.region}::text, ${JSON.stringify(evidence)}::jsonb))
        where id = ${incidentId}::uuid and evidence->'asked' ? ${evidence.region}::text
          and (not coalesce(evidence->'opening', '{}') ? ${evidence.region}::text
            or (not ${evidence.partial} and evidence->'opening'->${evidence.region}::text->>'partial' = 'true'))
          and opened_at > now() - ${lateAfterMs} * interval '1 millisecond'
        returning evidence->'opening' ?& array(select jsonb_array_elements_text(evidence->'asked')) as all`,
  )
  if (rows[0]?.all === true) await letGo(db, [incidentId])
}

/** What is kept of an incident to show why it opened, `asked` being the regions that were to look closer; undefined when there is none. */
export async function readEvidence(db: Queryable, incidentId: string): Promise<Record<string, unknown> | undefined> {
  const { rows } = await db.execute<{ evidence: Record<string, unknown> }>(
    sql`select evidence from incidents where id = ${incidentId}::uuid`,
  )
  return rows[0]?.evidence
}
