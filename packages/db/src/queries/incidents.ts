import type { IncidentDocument, LabelSelector } from '@sonde/core'
import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { type IncidentAbout, type IncidentRow, incidentColumns, incidentDocument } from '../ingest/incident-row.ts'
import { withinLabels } from './within-labels.ts'

type Row = IncidentRow & { about: IncidentAbout }

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
  const ofTeam = withinLabels(sql`i.about`, within)
  const conditions = [
    sql`true`,
    ...(ofTeam === undefined ? [] : [ofTeam]),
    ...(state === undefined ? [] : [sql`i.state = ${state}`]),
    ...(checkKey === undefined ? [] : [ofCheck(checkKey)]),
    ...(rule === undefined ? [] : [sql`i.rule = ${rule}`]),
    ...(from === undefined ? [] : [sql`i.opened_at >= ${from.toISOString()}::timestamptz`]),
    ...(to === undefined ? [] : [sql`i.opened_at < ${to.toISOString()}::timestamptz`]),
    ...(after === undefined
      ? []
      : [sql`(i.opened_at, i.id) < (${after.openedAt.toISOString()}::timestamptz, ${after.id}::uuid)`]),
  ]
  const { rows } = await db.execute<Row>(
    sql`select ${incidentColumns}, about from incidents i
        where ${sql.join(conditions, sql` and `)} order by opened_at desc, id desc limit ${limit}`,
  )
  return rows.map(shown)
}

export async function findIncident(db: Queryable, id: string): Promise<IncidentDocument | undefined> {
  const { rows } = await db.execute<Row>(sql`select ${incidentColumns}, about from incidents where id = ${id}::uuid`)
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

// So many at a time: what was told of each goes with it.
const forgottenAtOnce = 500

/** Forgets incidents that have been over for so long, with what was told of them. */
export async function forgetIncidents(db: Queryable, olderMs: number): Promise<void> {
  const past = sql`now() - ${olderMs} * interval '1 millisecond'`
  for (;;) {
    const { rows } = await db.execute(
      sql`delete from incidents where id in (
            select id from incidents where opened_at < ${past} and state = 'resolved' and resolved_at < ${past}
            order by opened_at limit ${forgottenAtOnce}) returning id`,
    )
    if (rows.length < forgottenAtOnce) return
  }
}

/** Incidents of a check, or of one of that key that is gone; and those of certificates that list it. */
function ofCheck(key: string): SQL {
  return sql`(i.check_id = (select id from checks where key = ${key}) or (i.check_id is null and i.about->>'key' = ${key})
    or (i.rule in ('certExpiry', 'certChange') and i.memory->'checks' ? ${key}))`
}

function shown({ about, ...row }: Row): IncidentDocument {
  return incidentDocument(row, about)
}
