import type { LabelSelector } from '@sonde/core'
import { type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'

/** The condition that the check of the document `doc` has all these labels; none when there are none to have. */
export function withinLabels(doc: SQL, selector: LabelSelector | undefined): SQL | undefined {
  if (selector === undefined || Object.keys(selector).length === 0) return undefined
  return sql`${doc}->'labels' @> ${JSON.stringify(selector)}::jsonb`
}

/** The labels of a check, or undefined when there is none of this key. */
export async function labelsOfCheck(db: Queryable, key: string): Promise<Record<string, string> | undefined> {
  const { rows } = await db.execute<{ labels: Record<string, string> | null }>(
    sql`select doc->'labels' as labels from checks where key = ${key}`,
  )
  return rows[0] === undefined ? undefined : (rows[0].labels ?? {})
}

/** The labels of the check that an incident is of, as they were when it opened; undefined when there is no such incident. */
export async function labelsOfIncident(db: Queryable, id: string): Promise<Record<string, string> | undefined> {
  const { rows } = await db.execute<{ labels: Record<string, string> | null }>(
    sql`select about->'labels' as labels from incidents where id = ${id}::uuid`,
  )
  return rows[0] === undefined ? undefined : (rows[0].labels ?? {})
}

/** Whether a maintenance window or a silence is of checks with these labels alone; undefined when there is none of this name. */
export async function isWindowWithin(
  db: Queryable,
  resource: 'maintenance' | 'silence',
  name: string,
  selector: LabelSelector,
): Promise<boolean | undefined> {
  const reach = JSON.stringify(selector)
  const { rows } = await db.execute<{ within: boolean }>(
    resource === 'maintenance'
      ? sql`select maintenance_within(doc, ${reach}::jsonb) as within from maintenance where key = ${name}`
      : sql`select silence_within(matchers, ${reach}::jsonb) as within from silences where id = ${name}::uuid`,
  )
  return rows[0]?.within
}

/** The condition of a list of these. */
export function windowsWithin(resource: 'maintenance' | 'silence', selector: LabelSelector | undefined): SQL {
  if (selector === undefined || Object.keys(selector).length === 0) return sql`true`
  const reach = JSON.stringify(selector)
  return resource === 'maintenance'
    ? sql`maintenance_within(doc, ${reach}::jsonb)`
    : sql`silence_within(matchers, ${reach}::jsonb)`
}
