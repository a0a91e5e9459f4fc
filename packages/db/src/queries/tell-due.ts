import type { Check } from '@sonde/core'
import { type SQL, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../database.ts'
import { Audience } from '../ingest/audience.ts'
import { asStored, type IncidentAbout, type IncidentRow } from '../ingest/incident-row.ts'
import { type IncidentChange, tellOpen } from '../ingest/tell.ts'
import { readCheck } from './checks.ts'
import { databaseNow } from './clock.ts'

// Their rows are locked until it is committed: so few at a time.
const atOnce = 50

type Row = IncidentRow & {
  told_at: Date | null
  reminded_at: Date | null
  told: string[]
  doc: Check | null
  about: IncidentAbout
}

/**
 * Tells of open incidents what time, or a change of what decides about telling, has made due: reminders, escalations, and what was
 * muted until now. Any number of processes may: who takes an incident holds its row, and the others pass it by. By the database's
 * clock, unless `nowMs` says otherwise.
 */
export async function tellDue(db: Database, nowMs?: number): Promise<IncidentChange[]> {
  const changes: IncidentChange[] = []
  for (;;) {
    // It is asked every other second, and mostly nothing is: a transaction would cost four times as much.
    const { rows: due } = await db.execute(sql`select from incidents where ${isDue(nowMs)} limit 1`)
    if (due.length === 0) return changes
    const some = await db.transaction((tx) => tellSome(tx, nowMs))
    changes.push(...some.told)
    if (some.incidents < atOnce) return changes
  }
}

/** By the database's clock where no other is given. */
function isDue(atMs: number | undefined): SQL {
  const at = atMs === undefined ? sql`now()` : sql`${new Date(atMs).toISOString()}::timestamptz`
  return sql`state = 'open' and tell_at <= ${at}`
}

async function tellSome(tx: Queryable, atMs: number | undefined) {
  const nowMs = atMs ?? (await databaseNow(tx))
  const { rows } = await tx.execute<Row>(
    sql`select i.*, c.doc, array(select channel_key from incident_tellings t where t.incident_id = i.id order by channel_key) as told
        from incidents i left join checks c on c.id = i.check_id
        where ${isDue(nowMs)}
        order by i.tell_at limit ${atOnce} for update of i skip locked`,
  )
  if (rows.length === 0) return { incidents: 0, told: [] }
  const audience = new Audience(tx, nowMs)
  const told: IncidentChange[] = []
  for (const row of rows) {
    const { told_at, reminded_at } = row
    const ms = (at: Date | null) => (at === null ? null : new Date(at).getTime())
    const open = {
      row,
      about: aboutNow(row),
      told: row.told,
      toldMs: ms(told_at),
      remindedMs: ms(reminded_at),
    }
    told.push(...(await tellOpen(tx, open, audience, nowMs)))
  }
  return { incidents: rows.length, told }
}

// Many checks see a certificate, and its rule knows which channels are to hear of it.
const ofManyChecks: readonly string[] = ['certExpiry', 'certChange']

/** What an incident is told by: its check as it is now, or as it was when that is gone. */
function aboutNow({ rule, doc, about }: Row): IncidentAbout {
  const stored = asStored(about)
  if (doc === null) return stored
  const check = readCheck(doc)
  if (!ofManyChecks.includes(rule)) return check
  return { ...check, alerts: { ...check.alerts, channels: stored.alerts.channels } }
}
