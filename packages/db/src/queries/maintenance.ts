import { DomainError, type LabelSelector, MaintenancePlan, MaintenanceWindow } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { windowsWithin } from './within-labels.ts'

/** A window; `revision` names this state of it. */
export type StoredMaintenance = { window: MaintenanceWindow; revision: number }

type Row = { doc: MaintenanceWindow; revision: string }

/** The windows of a page in key order, at most `limit`, after the key `after`. */
export async function listMaintenance(
  db: Queryable,
  page: { after?: string | undefined; limit: number; within?: LabelSelector },
): Promise<StoredMaintenance[]> {
  const { rows } = await db.execute<Row>(
    sql`select doc, revision from maintenance where ${page.after === undefined ? sql`true` : sql`key > ${page.after}`}
          and ${windowsWithin('maintenance', page.within)}
        order by key limit ${page.limit}`,
  )
  return rows.map(readRow)
}

export async function findMaintenance(db: Queryable, key: string): Promise<StoredMaintenance | undefined> {
  const { rows } = await db.execute<Row>(sql`select doc, revision from maintenance where key = ${key}`)
  return rows[0] === undefined ? undefined : readRow(rows[0])
}

let lastRead = { text: '[]', plan: new MaintenancePlan([]) }

/** What is planned, made ready to be asked of every result and slot; the same object while it is the same. */
export async function readMaintenancePlan(db: Queryable): Promise<MaintenancePlan> {
  const { rows } = await db.execute<Row>(sql`select doc, revision from maintenance order by key`)
  const text = JSON.stringify(rows)
  if (text !== lastRead.text) {
    // A document that an older version stored, and that this one does not take, must not keep results from being written.
    const windows = rows.flatMap(({ doc }) => MaintenanceWindow.safeParse(doc).data ?? [])
    lastRead = { text, plan: new MaintenancePlan(windows) }
  }
  return lastRead.plan
}

/** Stores a new window and answers its revision; a DomainError `conflict` when its key is taken. */
export async function createMaintenance(db: Queryable, window: MaintenanceWindow): Promise<number> {
  const revision = await insertMaintenance(db, window)
  if (revision === undefined) throw new DomainError('conflict', `a maintenance window "${window.key}" exists already`)
  return revision
}

/** Stores a new window and answers its revision; undefined when its key is taken. */
export async function insertMaintenance(db: Queryable, window: MaintenanceWindow): Promise<number | undefined> {
  const { rows } = await db.execute<{ revision: string }>(
    sql`insert into maintenance (key, doc) values (${window.key}, ${JSON.stringify(window)}::jsonb)
        on conflict do nothing returning revision`,
  )
  return rows[0] === undefined ? undefined : Number(rows[0].revision)
}

/** Stores the window in place of that state of it and answers the new revision; undefined when that state is past. */
export async function replaceMaintenance(
  db: Queryable,
  window: MaintenanceWindow,
  revision: number,
): Promise<number | undefined> {
  const { rows } = await db.execute<{ revision: string }>(
    sql`update maintenance set doc = ${JSON.stringify(window)}::jsonb, updated_at = now()
        where key = ${window.key} and revision = ${revision} returning revision`,
  )
  return rows[0] === undefined ? undefined : Number(rows[0].revision)
}

/** Deletes that state of the window; answers whether it was there. */
export async function deleteMaintenance(db: Queryable, key: string, revision: number): Promise<boolean> {
  const { rows } = await db.execute(
    sql`delete from maintenance where key = ${key} and revision = ${revision} returning key`,
  )
  return rows.length > 0
}

function readRow({ doc, revision }: Row): StoredMaintenance {
  return { window: doc, revision: Number(revision) }
}
