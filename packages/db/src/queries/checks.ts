import { Check, DomainError, type LabelSelector, type PlanStep, planChecks } from '@sonde/core'
import { and, asc, eq, gt, inArray, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../database.ts'
import { checks } from '../schema.ts'
import { withinLabels } from './within-labels.ts'

/** `revision` names this state of the document: every write that changes it gives another. */
export type StoredCheck = { id: number; check: Check; revision: number }

const columns = { id: checks.id, check: checks.doc, revision: checks.revision }

/** The checks of a page in key order, at most `limit`, after the key `after`. */
export async function listChecks(
  db: Queryable,
  filter: {
    after?: string | undefined
    limit: number
    key?: string | undefined
    kind?: string | undefined
    labels?: Record<string, string>
    /** Those that have all of these labels: what the asker may see. */
    within?: LabelSelector
  },
): Promise<StoredCheck[]> {
  const rows = await db
    .select(columns)
    .from(checks)
    .where(
      and(
        filter.after === undefined ? undefined : gt(checks.key, filter.after),
        filter.key === undefined ? undefined : eq(checks.key, filter.key),
        filter.kind === undefined ? undefined : sql`${checks.doc}->>'kind' = ${filter.kind}`,
        filter.labels === undefined
          ? undefined
          : sql`${checks.doc}->'labels' @> ${JSON.stringify(filter.labels)}::jsonb`,
        withinLabels(sql`${checks.doc}`, filter.within),
      ),
    )
    .orderBy(asc(checks.key))
    .limit(filter.limit)
  return rows.map(readRow)
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

/** Makes the stored checks match `documents`, sealed, in one transaction, or only says what that would take. */
export function applyChecks(
  db: Database,
  documents: readonly Check[],
  options: { prune: boolean; dryRun: boolean; seal: (check: Check, current: Check | undefined) => Check },
): Promise<PlanStep[]> {
  return db.transaction(async (tx) => {
    // Two that apply at once would each plan against what the other is about to change.
    await tx.execute(sql`lock table checks in share row exclusive mode`)
    const current = (await allChecks(tx)).map(({ check }) => check)
    const byKey = new Map(current.map((check) => [check.key, check]))
    const wanted = documents.map((check) => options.seal(check, byKey.get(check.key)))
    const plan = planChecks(current, wanted, options.prune)
    if (options.dryRun) return plan
    const touched = new Set(
      plan.filter(({ action }) => action === 'create' || action === 'change').map(({ key }) => key),
    )
    for (const check of wanted) if (touched.has(check.key)) await putCheck(tx, check)
    const gone = plan.filter(({ action }) => action === 'delete').map(({ key }) => key)
    if (gone.length > 0) await tx.delete(checks).where(inArray(checks.key, gone))
    return plan
  })
}
