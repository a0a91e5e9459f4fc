import { Check, type IncidentDocument, type LabelSelector } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../database.ts'
import { type IncidentRow, incidentDocument } from '../ingest/incident-row.ts'
import { judgeChecks } from '../ingest/incidents.ts'
import type { IncidentChange } from '../ingest/tell.ts'
import { withinLabels } from './within-labels.ts'

type Row = IncidentRow & { key: string; doc: Pick<Check, 'target' | 'kind' | 'labels'> }

const selection = sql.raw(
  'i.id, i.rule, i.opened_at, i.resolved_at, i.acknowledged_at, i.acknowledged_by, i.code, i.summary, i.cause, i.remedy, i.regions, c.key, c.doc',
)

export type IncidentFilter = {
  state?: 'open' | 'resolved' | undefined
  checkKey?: string | undefined
  rule?: string | undefined
  from?: Date | undefined
  to?: Date | undefined
  /** The last of the page before. */
  after?: { openedAt: Date; id: string } | undefined
  /** Of checks that have all of these labels alone. */
  within?: LabelSelector | undefined
  limit: number
}

/** A page of incidents, newest first. */
export async function listIncidents(db: Queryable, filter: IncidentFilter): Promise<IncidentDocument[]> {
  const { state, checkKey, rule, from, to, after, within, limit } = filter
  const ofTeam = withinLabels(sql`c.doc`, within)
  const conditions = [
    sql`true`,
    ...(ofTeam === undefined ? [] : [ofTeam]),
    ...(state === undefined ? [] : [sql`i.state = ${state}`]),
    ...(checkKey === undefined ? [] : [sql`c.key = ${checkKey}`]),
    ...(rule === undefined ? [] : [sql`i.rule = ${rule}`]),
    ...(from === undefined ? [] : [sql`i.opened_at >= ${from.toISOString()}::timestamptz`]),
    ...(to === undefined ? [] : [sql`i.opened_at < ${to.toISOString()}::timestamptz`]),
    ...(after === undefined
      ? []
      : [sql`(i.opened_at, i.id) < (${after.openedAt.toISOString()}::timestamptz, ${after.id}::uuid)`]),
  ]
  const { rows } = await db.execute<Row>(
    sql`select ${selection} from incidents i join checks c on c.id = i.check_id
        where ${sql.join(conditions, sql` and `)} order by i.opened_at desc, i.id desc limit ${limit}`,
  )
  return rows.map(shown)
}

export async function findIncident(db: Queryable, id: string): Promise<IncidentDocument | undefined> {
  const { rows } = await db.execute<Row>(
    sql`select ${selection} from incidents i join checks c on c.id = i.check_id where i.id = ${id}::uuid`,
  )
  return rows[0] === undefined ? undefined : shown(rows[0])
}

/** Notes that somebody looks after an incident; who did so first stays. Answers it, or undefined when there is none. */
export async function acknowledgeIncident(
  db: Queryable,
  id: string,
  by: string,
): Promise<IncidentDocument | undefined> {
  await db.execute(
    sql`update incidents set acknowledged_at = now(), acknowledged_by = ${by} where id = ${id}::uuid and acknowledged_at is null`,
  )
  return findIncident(db, id)
}

/** How many incidents of each rule are open, by check key. */
export async function countOpenIncidents(db: Queryable): Promise<Map<string, Record<string, number>>> {
  const { rows } = await db.execute<{ key: string; rule: string; count: string }>(
    sql`select c.key, i.rule, count(*) as count from incidents i join checks c on c.id = i.check_id
        where i.state = 'open' group by c.key, i.rule`,
  )
  const byKey = new Map<string, Record<string, number>>()
  for (const { key, rule, count } of rows) byKey.set(key, { ...byKey.get(key), [rule]: Number(count) })
  return byKey
}

// A judgement locks its check until it is committed: so few at a time.
const checksAtOnce = 50

/**
 * Judges again what only time changes: checks with a region that is down and no incident, as when one that they depend on is up
 * again, and checks with an open incident, as when a region falls silent or the check is disabled.
 */
export async function judgeAgain(db: Database, nowMs: number): Promise<IncidentChange[]> {
  const { rows } = await db.execute<{ id: number; doc: Check }>(
    sql`select id, doc from checks where id in (
          select check_id from check_states where verdict = 'down' union select check_id from incidents where state = 'open') order by id`,
  )
  const changes: IncidentChange[] = []
  for (let at = 0; at < rows.length; at += checksAtOnce) {
    const part = new Map(rows.slice(at, at + checksAtOnce).map(({ id, doc }) => [id, Check.safeParse(doc).data ?? doc]))
    changes.push(...(await db.transaction((tx) => judgeChecks(tx, part, nowMs))))
  }
  return changes
}

function shown({ key, doc, ...row }: Row): IncidentDocument {
  return incidentDocument(row, { key, target: doc.target, kind: doc.kind, labels: doc.labels })
}
