import type { Channel, Check } from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Database } from '../database.ts'
import { readCheck } from './checks.ts'

type Row<Document> = { key: string; doc: Document; revision: string }

const pageSize = 200

/** How many documents hold secrets that this key sealed, by its id. */
export async function countSealedBy(db: Database): Promise<Record<string, number>> {
  const { rows } = await db.execute<{ id: string; count: string }>(
    sql`select m[1] as id, count(distinct d.place) as count from (
          select 'check ' || key as place, doc from checks union all select 'channel ' || key, doc from channels
        ) d cross join lateral regexp_matches(d.doc::text, '"sealed:v1:([0-9a-f]{8}):', 'g') m group by m[1]`,
  )
  return Object.fromEntries(rows.map(({ id, count }) => [id, Number(count)]))
}

export type Resealed = {
  changed: number
  unchanged: number
  failed: { resource: string; key: string; reason: string }[]
}

/**
 * Seals what is stored anew, document by document: each is a transaction of its own, so it can be stopped and begun again at any
 * time. A document that somebody changes meanwhile is read again; one whose secrets do not open is told and left as it is.
 */
export async function resealDocuments(
  db: Database,
  reseal: { check: (check: Check) => Check; channel: (channel: Channel) => Channel },
): Promise<Resealed> {
  const total: Resealed = { changed: 0, unchanged: 0, failed: [] }
  await resealTable<Check>(db, 'check', 'checks', reseal.check, total)
  await resealTable<Channel>(db, 'channel', 'channels', reseal.channel, total)
  return total
}

async function resealTable<Document>(
  db: Database,
  resource: string,
  table: 'checks' | 'channels',
  reseal: (document: Document) => Document,
  total: Resealed,
): Promise<void> {
  for (let after = ''; ; ) {
    const { rows } = await db.execute<Row<Document>>(
      sql`select key, doc, revision from ${sql.identifier(table)} where key > ${after} order by key limit ${pageSize}`,
    )
    for (const row of rows) {
      const doc = table === 'checks' ? (readCheck(row.doc as Check) as Document) : row.doc
      await resealRow(db, resource, table, { ...row, doc }, reseal, total)
    }
    if (rows.length < pageSize) return
    after = rows.at(-1)?.key ?? after
  }
}

async function resealRow<Document>(
  db: Database,
  resource: string,
  table: 'checks' | 'channels',
  { key, doc, revision }: Row<Document>,
  reseal: (document: Document) => Document,
  total: Resealed,
): Promise<void> {
  let next: Document
  try {
    next = reseal(doc)
  } catch (error) {
    total.failed.push({ resource, key, reason: error instanceof Error ? error.message : String(error) })
    return
  }
  const { rowCount } =
    next === doc
      ? { rowCount: 0 }
      : await db.execute(
          sql`update ${sql.identifier(table)} set doc = ${JSON.stringify(next)}::jsonb
              where key = ${key} and revision = ${revision}::bigint`,
        )
  // Who changed it meanwhile sealed it with the first key.
  if (rowCount === 0) total.unchanged += 1
  else total.changed += 1
}
