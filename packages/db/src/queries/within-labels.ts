import type { LabelSelector } from '@sonde/core'
import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** The condition that the check of the document `doc` has all these labels; none when there are none to have. */
export function withinLabels(doc: SQL, selector: LabelSelector | undefined): SQL | undefined {
  if (selector === undefined || Object.keys(selector).length === 0) return undefined
  return sql`coalesce(${doc}->'labels', '{}') @> ${JSON.stringify(selector)}::jsonb`
}

/** The labels of a check, or undefined when there is none of this key. */
export async function labelsOfCheck(db: Queryable, key: string): Promise<Record<string, string> | undefined> {
  const { rows } = await db.execute<{ labels: Record<string, string> | null }>(
    sql`select doc->'labels' as labels from checks where key = ${key}`,
  )
  return rows[0] === undefined ? undefined : (rows[0].labels ?? {})
}

/** The labels of the check that an incident is of, or undefined when there is no such incident, or it is of no check. */
export async function labelsOfIncident(db: Queryable, id: string): Promise<Record<string, string> | undefined> {
  const { rows } = await db.execute<{ labels: Record<string, string> | null }>(
    sql`select c.doc->'labels' as labels from incidents i join checks c on c.id = i.check_id where i.id = ${id}::uuid`,
  )
  return rows[0] === undefined ? undefined : (rows[0].labels ?? {})
}
