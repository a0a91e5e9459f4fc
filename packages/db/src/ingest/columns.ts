import { type SQL, sql } from 'drizzle-orm'

/**
 * Rows as a table for `from`, named `name`: an array a column, which PostgreSQL reads in a third of the time that it takes for the same
 * rows as one JSON text. `types` says what each column is; objects go as json.
 */
export function tableOf<Column extends string>(
  name: string,
  types: Readonly<Record<Column, string>>,
  rows: readonly Readonly<Record<Column, unknown>>[],
): SQL {
  const columns = Object.keys(types) as Column[]
  const arrays = columns.map((column) => sql`${sql.param(rows.map((row) => row[column]))}::${sql.raw(types[column])}[]`)
  return sql`unnest(${sql.join(arrays, sql`, `)}) as ${sql.raw(`${name}(${columns.join(', ')})`)}`
}
