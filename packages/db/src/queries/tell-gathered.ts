import type { Check, IncidentDocument } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../database.ts'
import { asStored, type IncidentAbout, type IncidentRow, incidentDocument } from '../ingest/incident-row.ts'
import { mutedUntil, readMutes } from '../ingest/mutes.ts'
import { readCheck } from './checks.ts'
import { databaseNow } from './clock.ts'

// As many as a message of them still serves; more go as another one.
const incidentsAMessage = 100

// Who tells of a group has it to itself, so that it is one message ("gat" in ASCII).
const gatherLock = 0x676174

type Group = { channel_key: string; gather_name: string }
type Row = IncidentRow & { doc: Check | null; about: IncidentAbout }

/**
 * Tells what has been gathered: of each group and channel that is due one message of all its incidents. Answers how many incidents
 * were told. Any number of processes may. By the database's clock, unless `nowMs` says otherwise.
 */
export async function tellGathered(db: Database, nowMs?: number): Promise<number> {
  let told = 0
  for (;;) {
    // It is asked every other second, and mostly nothing is: a transaction would cost four times as much.
    const at = nowMs === undefined ? sql`now()` : sql`${new Date(nowMs).toISOString()}::timestamptz`
    const { rows } = await db.execute(sql`select from incident_tellings where gather_at <= ${at} limit 1`)
    if (rows.length === 0) return told
    const some = await db.transaction((tx) => tellOneGroup(tx, nowMs))
    if (some === undefined) return told
    told += some
  }
}

/** Undefined when none is due. */
async function tellOneGroup(tx: Queryable, atMs: number | undefined): Promise<number | undefined> {
  const nowMs = atMs ?? (await databaseNow(tx))
  const now = new Date(nowMs).toISOString()
  const { rows: due } = await tx.execute<Group>(
    sql`select channel_key, gather_name from (
          select distinct channel_key, gather_name from incident_tellings where gather_at <= ${now}::timestamptz) as due
        where pg_try_advisory_xact_lock(${gatherLock}, hashtext(channel_key || ' ' || gather_name)) limit 1`,
  )
  const [group] = due
  if (group === undefined) return undefined
  const { rows } = await tx.execute<Row>(
    sql`select i.*, c.doc from incident_tellings t join incidents i on i.id = t.incident_id left join checks c on c.id = i.check_id
        where t.channel_key = ${group.channel_key} and t.gather_name = ${group.gather_name} and t.gather_at <= ${now}::timestamptz
        order by i.opened_at, i.about->>'key', i.id limit ${incidentsAMessage} for update of t`,
  )
  const mutes = await readMutes(tx, nowMs)
  const incidents = rows.map((row) => {
    const about = row.doc === null ? asStored(row.about) : readCheck(row.doc)
    return { document: incidentDocument(row, about), isMuted: mutedUntil(mutes, { ...about, rule: row.rule }) !== null }
  })
  const muted = incidents.filter(({ isMuted }) => isMuted).map(({ document }) => document.id)
  const documents = incidents.filter(({ isMuted }) => !isMuted).map(({ document }) => document)
  await insertTogether(tx, group.channel_key, documents, now)
  await tx.execute(
    sql`update incident_tellings set gather_at = null, gather_name = null
        where channel_key = ${group.channel_key} and incident_id = any(${sql.param(documents.map(({ id }) => id))}::uuid[])`,
  )
  if (muted.length > 0) await forgetTold(tx, group.channel_key, muted)
  return documents.length
}

/** Forgets groups in which nothing has opened for a day. */
export async function forgetGroups(db: Queryable): Promise<void> {
  await db.execute(sql`delete from telling_groups where first_at < now() - interval '1 day'`)
}

/** One message of these incidents: a row for each, of which the first carries the others. */
async function insertTogether(
  tx: Queryable,
  channelKey: string,
  [first, ...others]: readonly IncidentDocument[],
  decidedAt: string,
): Promise<void> {
  if (first === undefined) return
  const { rows } = await tx.execute<{ id: string }>(
    sql`insert into outbox (incident_id, channel_key, type, doc, decided_at, others)
        select ${first.id}::uuid, key, 'incident.opened', ${JSON.stringify(first)}::jsonb, ${decidedAt}::timestamptz,
          ${others.length === 0 ? null : JSON.stringify(others)}::jsonb
        from channels where key = ${channelKey} and coalesce((doc->>'enabled')::boolean, true) returning id`,
  )
  const [carrier] = rows
  if (carrier === undefined || others.length === 0) return
  await tx.execute(
    sql`insert into outbox (incident_id, channel_key, type, doc, decided_at, carried_by)
        select (one->>'id')::uuid, ${channelKey}, 'incident.opened', one, ${decidedAt}::timestamptz, ${carrier.id}::uuid
        from jsonb_array_elements(${JSON.stringify(others)}::jsonb) as one`,
  )
}

/** What a silence took hold of before it was told is told when that ends, as if it had opened in it. */
async function forgetTold(tx: Queryable, channelKey: string, incidentIds: readonly string[]): Promise<void> {
  await tx.execute(
    sql`delete from incident_tellings where channel_key = ${channelKey} and incident_id = any(${sql.param(incidentIds)}::uuid[])`,
  )
  await tx.execute(
    sql`update incidents set tell_at = '-infinity' where id = any(${sql.param(incidentIds)}::uuid[]) and state = 'open'`,
  )
}
