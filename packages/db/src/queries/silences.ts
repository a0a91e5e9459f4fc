import type { LabelSelector, Silence } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { windowsWithin } from './within-labels.ts'

/** A silence; `revision` names this state of it. */
export type StoredSilence = { silence: Silence; revision: number }

/** What somebody makes or changes of a silence. */
export type SilenceFields = Omit<Silence, 'id' | 'createdAt'>

/** Whether it holds now, will, or did. */
export const silenceStates = ['active', 'pending', 'expired'] as const
export type SilenceState = (typeof silenceStates)[number]

type Row = {
  id: string
  matchers: Pick<Silence, 'labels' | 'checks' | 'rules'>
  starts_at: Date
  ends_at: Date
  comment: string
  created_by: string
  created_at: Date
  revision: string
}

const columns = sql.raw('id, matchers, starts_at, ends_at, comment, created_by, created_at, revision')

/** A page of silences, newest first. */
export async function listSilences(
  db: Queryable,
  filter: {
    state?: SilenceState | undefined
    after?: { createdAt: Date; id: string } | undefined
    limit: number
    within?: LabelSelector
  },
): Promise<StoredSilence[]> {
  const ofState = {
    active: sql`starts_at <= now() and ends_at > now()`,
    pending: sql`starts_at > now()`,
    expired: sql`ends_at <= now()`,
  }
  const { state, after, limit, within } = filter
  const { rows } = await db.execute<Row>(
    sql`select ${columns} from silences where ${state === undefined ? sql`true` : ofState[state]}
          and ${after === undefined ? sql`true` : sql`(created_at, id) < (${after.createdAt.toISOString()}::timestamptz, ${after.id}::uuid)`}
          and ${windowsWithin('silence', within)}
        order by created_at desc, id desc limit ${limit}`,
  )
  return rows.map(readRow)
}

export async function findSilence(db: Queryable, id: string): Promise<StoredSilence | undefined> {
  const { rows } = await db.execute<Row>(sql`select ${columns} from silences where id = ${id}::uuid`)
  return rows[0] === undefined ? undefined : readRow(rows[0])
}

/** The silences that hold at an instant. */
export function activeSilences(db: Queryable, atMs: number): Promise<Silence[]> {
  return silencesBetween(db, atMs, atMs)
}

/** Those that hold at some instant from `fromMs` to `toMs`. */
export async function silencesBetween(db: Queryable, fromMs: number, toMs: number): Promise<Silence[]> {
  const [from, to] = [fromMs, toMs].map((ms) => new Date(ms).toISOString())
  const { rows } = await db.execute<Row>(
    sql`select ${columns} from silences where starts_at <= ${to}::timestamptz and ends_at > ${from}::timestamptz order by ends_at`,
  )
  return rows.map((row) => readRow(row).silence)
}

export async function createSilence(db: Queryable, silence: SilenceFields): Promise<StoredSilence> {
  const { startsAt, endsAt, comment, createdBy } = silence
  const { rows } = await db.execute<Row>(
    sql`insert into silences (matchers, starts_at, ends_at, comment, created_by)
        values (${matchersOf(silence)}::jsonb, ${startsAt}::timestamptz, ${endsAt}::timestamptz, ${comment}, ${createdBy})
        returning ${columns}`,
  )
  return readRow(rows[0] as Row)
}

/** Stores the silence in place of that state of it; undefined when that state is past. */
export async function replaceSilence(
  db: Queryable,
  id: string,
  silence: SilenceFields,
  revision: number,
): Promise<StoredSilence | undefined> {
  const { startsAt, endsAt, comment, createdBy } = silence
  const { rows } = await db.execute<Row>(
    sql`update silences set matchers = ${matchersOf(silence)}::jsonb, starts_at = ${startsAt}::timestamptz,
          ends_at = ${endsAt}::timestamptz, comment = ${comment}, created_by = ${createdBy}
        where id = ${id}::uuid and revision = ${revision} returning ${columns}`,
  )
  return rows[0] === undefined ? undefined : readRow(rows[0])
}

/** Deletes that state of the silence; answers whether it was there. */
export async function deleteSilence(db: Queryable, id: string, revision: number): Promise<boolean> {
  const { rows } = await db.execute(
    sql`delete from silences where id = ${id}::uuid and revision = ${revision} returning id`,
  )
  return rows.length > 0
}

/** Forgets silences that ended so long ago. */
export async function forgetSilences(db: Queryable, olderMs: number): Promise<void> {
  await db.execute(sql`delete from silences where ends_at < now() - ${olderMs} * interval '1 millisecond'`)
}

function matchersOf({ labels, checks, rules }: SilenceFields): string {
  return JSON.stringify({ labels, checks, rules })
}

function readRow(row: Row): StoredSilence {
  const instant = (at: Date) => new Date(at).toISOString()
  return {
    silence: {
      id: row.id,
      // In the order in which they are written; stored they have another.
      labels: row.matchers.labels,
      checks: row.matchers.checks,
      rules: row.matchers.rules,
      startsAt: instant(row.starts_at),
      endsAt: instant(row.ends_at),
      comment: row.comment,
      createdBy: row.created_by,
      createdAt: instant(row.created_at),
    },
    revision: Number(row.revision),
  }
}
