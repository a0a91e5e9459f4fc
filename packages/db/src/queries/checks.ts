import { Check, DomainError, type LabelSelector } from '@sonde/core'
import { and, asc, eq, gt, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { KeptByRevision } from '../kept-by-revision.ts'
import { checks } from '../schema.ts'
import { withinLabels } from './within-labels.ts'

/** `revision` names this state of the document: every write that changes it gives another. */
export type StoredCheck = { id: number; check: Check; revision: number }

const columns = { id: checks.id, check: checks.doc, revision: checks.revision }

export type CheckFilter = {
  after?: string | undefined
  limit: number
  key?: string | undefined
  kind?: string | undefined
  labels?: Record<string, string>
  /** Those that have all of these labels: what the asker may see. */
  within?: LabelSelector
}

/** The checks of a page in key order, at most `limit`, after the key `after`. */
export async function listChecks(db: Queryable, filter: CheckFilter): Promise<StoredCheck[]> {
  const rows = await db.select(columns).from(checks).where(among(filter)).orderBy(asc(checks.key)).limit(filter.limit)
  return rows.map(readRow)
}

function among({ after, key, kind, labels, within }: CheckFilter): SQL | undefined {
  return and(
    after === undefined ? undefined : gt(checks.key, after),
    key === undefined ? undefined : eq(checks.key, key),
    kind === undefined ? undefined : sql`${checks.doc}->>'kind' = ${kind}`,
    labels === undefined ? undefined : sql`${checks.doc}->'labels' @> ${JSON.stringify(labels)}::jsonb`,
    withinLabels(sql`${checks.doc}`, within),
  )
}

/** A check as the JSON that it is shown as. */
export type CheckText = { key: string; text: string }

const mostKept = 20_000
// What has a body to send may have a hundred times as many.
const longestKept = 4096

/** Reads checks as JSON. A document is judged and written once, and kept until there is another revision of it. */
export class CheckTexts {
  readonly #db: Queryable
  readonly #texts: KeptByRevision<CheckText>

  constructor(db: Queryable) {
    this.#db = db
    this.#texts = new KeptByRevision(mostKept, async (ids) => {
      const rows = await db
        .select(columns)
        .from(checks)
        .where(sql`${checks.id} = any(${sql.param(ids)}::integer[])`)
      return rows.map((row) => {
        const { id, revision, check } = readRow(row)
        const text = JSON.stringify(check)
        return { id, revision, value: { key: check.key, text }, isTooLarge: text.length > longestKept }
      })
    })
  }

  /** The checks of a page in key order. */
  async list(filter: CheckFilter): Promise<CheckText[]> {
    const { values } = await this.#texts.of(async () => {
      const rows = await this.#db
        .select({ id: checks.id, revision: checks.revision })
        .from(checks)
        .where(among(filter))
        .orderBy(asc(checks.key))
        .limit(filter.limit)
      return { rows }
    })
    return values
  }
}

export async function allChecks(db: Queryable): Promise<StoredCheck[]> {
  const rows = await db.select(columns).from(checks).orderBy(asc(checks.key))
  return rows.map(readRow)
}

/** What each key stands for: a check's number and the version of its row, which every write changes. */
export async function checkRevisions(db: Queryable): Promise<Map<string, string>> {
  const { rows } = await db.execute<{ key: string; revision: string }>(
    sql`select key, id || ' ' || xmin as revision from checks order by key`,
  )
  return new Map(rows.map(({ key, revision }) => [key, revision]))
}

/** Those of these keys that there are. */
export async function findChecks(db: Queryable, keys: readonly string[]): Promise<StoredCheck[]> {
  const rows = await db
    .select(columns)
    .from(checks)
    .where(sql`${checks.key} = any(${sql.param(keys)}::text[])`)
  return rows.map(readRow)
}

export async function findCheck(db: Queryable, key: string): Promise<StoredCheck | undefined> {
  const [row] = await db.select(columns).from(checks).where(eq(checks.key, key))
  return row === undefined ? undefined : readRow(row)
}

function readRow({ check, ...row }: StoredCheck): StoredCheck {
  return { ...row, check: readCheck(check) }
}

/** Fields that came to be after a check was stored get their defaults here, and all of them their usual order. */
export function readCheck(stored: Check): Check {
  return Check.safeParse(stored).data ?? stored
}

/** Stores a new check and answers its revision; a DomainError `conflict` when its key is taken. */
export async function createCheck(db: Queryable, check: Check): Promise<number> {
  const revision = await insertCheck(db, check)
  if (revision === undefined) throw new DomainError('conflict', `a check "${check.key}" exists already`)
  return revision
}

/** Stores a new check and answers its revision; undefined when its key is taken. */
export async function insertCheck(db: Queryable, check: Check): Promise<number | undefined> {
  const [row] = await db
    .insert(checks)
    .values({ key: check.key, doc: check })
    .onConflictDoNothing()
    .returning({ revision: checks.revision })
  return row?.revision
}

/** Stores the check in place of that state of it and answers the new revision; undefined when that state is past. */
export async function replaceCheck(db: Queryable, check: Check, revision: number): Promise<number | undefined> {
  const [row] = await db
    .update(checks)
    .set({ doc: check, updatedAt: sql`now()` })
    .where(and(eq(checks.key, check.key), eq(checks.revision, revision)))
    .returning({ revision: checks.revision })
  return row?.revision
}

/** Stores the check under its key, whether there was one or not; answers which. */
export async function putCheck(db: Queryable, check: Check): Promise<'created' | 'changed'> {
  const [row] = await db
    .insert(checks)
    .values({ key: check.key, doc: check })
    .onConflictDoUpdate({ target: checks.key, set: { doc: check, updatedAt: sql`now()` } })
    .returning({ created: sql<boolean>`xmax = 0` })
  return row?.created === true ? 'created' : 'changed'
}

/** Deletes the check, or that state of it alone; answers whether it was there. */
export async function deleteCheck(db: Queryable, key: string, revision?: number): Promise<boolean> {
  const rows = await db
    .delete(checks)
    .where(and(eq(checks.key, key), revision === undefined ? undefined : eq(checks.revision, revision)))
    .returning({ id: checks.id })
  return rows.length > 0
}
