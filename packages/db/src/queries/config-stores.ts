import { setImmediate as othersFirst } from 'node:timers/promises'
import {
  type Channel,
  type Check,
  type ConfigObjects,
  type ConfigRegion,
  MaintenanceWindow,
  type Managed,
  type SectionName,
} from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { readChannel } from './channels.ts'
import { readCheck } from './checks.ts'

/** An object as the server has it; `version` is that of its row, which every write changes. */
export type Kept<Object> = Managed<Object> & { version: string }

/** How one section of a configuration document is kept. An empty list is no statement. */
export type SectionStore<Object> = {
  /** All of them in the order of their keys, or those of some keys. */
  all(db: Queryable, keys?: readonly string[]): Promise<Kept<Object>[]>
  /** The version of each by its key. */
  versions(db: Queryable): Promise<Map<string, string>>
  /** Makes or replaces them, for `manager`. */
  write(db: Queryable, objects: readonly Object[], manager: string): Promise<void>
  /** Says that `manager` manages them, and leaves them as they are. */
  adopt(db: Queryable, keys: readonly string[], manager: string): Promise<void>
  remove(db: Queryable, keys: readonly string[]): Promise<void>
}

// One statement of all 10,000 checks would take longer than a statement may.
const rowsAStatement = 500

// Between as many the process does what else there is.
const readAtOnce = 100

export const configStores: { [Section in SectionName]: SectionStore<ConfigObjects[Section]> } = {
  regions: {
    all: async (db, keys) => {
      const { rows } = await db.execute<ConfigRegion & { managedBy: string | null; version: string }>(
        sql`select name, labels, provider, latitude, longitude, managed_by as "managedBy", xmin::text as version
            from regions where retired_at is null and ${among(sql`name`, keys)} order by name`,
      )
      return rows.map(({ managedBy, version, ...document }) => ({ document, managedBy, version }))
    },
    versions: (db) => versionsOf(db, sql`name`, sql`regions where retired_at is null`),
    write: async (db, regions, manager) => {
      for (const { name, labels, provider, latitude, longitude } of regions)
        await db.execute(
          sql`insert into regions (name, labels, provider, latitude, longitude, managed_by)
              values (${name}, ${JSON.stringify(labels)}::jsonb, ${provider}, ${latitude}, ${longitude}, ${manager})
              on conflict (name) do update set labels = excluded.labels, provider = excluded.provider, retired_at = null,
                latitude = excluded.latitude, longitude = excluded.longitude, managed_by = excluded.managed_by`,
        )
    },
    adopt: (db, keys, manager) => adopt(db, sql`regions`, sql`name`, keys, manager),
    remove: async (db, keys) => {
      if (keys.length > 0)
        await db.execute(sql`update regions set retired_at = now() where name = any(${sql.param(keys)}::text[])`)
    },
  },
  channels: {
    all: (db, keys) => allDocuments<Channel>(db, sql`channels`, readChannel, keys),
    versions: (db) => versionsOf(db, sql`key`, sql`channels`),
    // A receiver that did not want to hear from us any more is asked again once its channel is written anew.
    write: (db, channels, manager) => writeDocuments(db, sql`channels`, channels, manager, sql`, refused = null`),
    adopt: (db, keys, manager) => adopt(db, sql`channels`, sql`key`, keys, manager),
    remove: (db, keys) => removeDocuments(db, sql`channels`, keys),
  },
  checks: {
    all: (db, keys) => allDocuments<Check>(db, sql`checks`, readCheck, keys),
    versions: (db) => versionsOf(db, sql`key`, sql`checks`),
    write: (db, checks, manager) => writeDocuments(db, sql`checks`, checks, manager, sql``),
    adopt: (db, keys, manager) => adopt(db, sql`checks`, sql`key`, keys, manager),
    remove: (db, keys) => removeDocuments(db, sql`checks`, keys),
  },
  maintenance: {
    all: (db, keys) =>
      allDocuments<MaintenanceWindow>(
        db,
        sql`maintenance`,
        (stored) => MaintenanceWindow.safeParse(stored).data ?? stored,
        keys,
      ),
    versions: (db) => versionsOf(db, sql`key`, sql`maintenance`),
    write: (db, windows, manager) => writeDocuments(db, sql`maintenance`, windows, manager, sql``),
    adopt: (db, keys, manager) => adopt(db, sql`maintenance`, sql`key`, keys, manager),
    remove: (db, keys) => removeDocuments(db, sql`maintenance`, keys),
  },
}

type Sql = ReturnType<typeof sql>

async function allDocuments<Document>(
  db: Queryable,
  table: Sql,
  read: (stored: Document) => Document,
  keys: readonly string[] | undefined,
): Promise<Kept<Document>[]> {
  const { rows } = await db.execute<{ doc: Document; managedBy: string | null; version: string }>(
    sql`select doc, managed_by as "managedBy", xmin::text as version from ${table}
        where ${among(sql`key`, keys)} order by key collate "C"`,
  )
  const documents: Kept<Document>[] = []
  for (const [index, { doc, managedBy, version }] of rows.entries()) {
    // To read 10,000 checks takes half a second of the processor.
    if (index % readAtOnce === readAtOnce - 1) await othersFirst()
    documents.push({ document: read(doc), managedBy, version })
  }
  return documents
}

async function versionsOf(db: Queryable, name: Sql, rowsOf: Sql): Promise<Map<string, string>> {
  const { rows } = await db.execute<{ name: string; version: string }>(
    sql`select ${name} as name, xmin::text as version from ${rowsOf}`,
  )
  return new Map(rows.map((row) => [row.name, row.version]))
}

function among(name: Sql, keys: readonly string[] | undefined): Sql {
  return keys === undefined ? sql`true` : sql`${name} = any(${sql.param(keys)}::text[])`
}

async function writeDocuments(
  db: Queryable,
  table: Sql,
  documents: readonly { key: string }[],
  manager: string,
  also: Sql,
): Promise<void> {
  for (let from = 0; from < documents.length; from += rowsAStatement) {
    const some = documents.slice(from, from + rowsAStatement)
    await db.execute(
      sql`insert into ${table} (key, doc, managed_by)
          select key, doc::jsonb, ${manager}
          from unnest(${sql.param(some.map(({ key }) => key))}::text[], ${sql.param(some.map((one) => JSON.stringify(one)))}::text[])
            with ordinality as one (key, doc, place)
          order by place
          on conflict (key) do update
            set doc = excluded.doc, managed_by = excluded.managed_by, updated_at = now()${also}`,
    )
  }
}

async function adopt(db: Queryable, table: Sql, column: Sql, keys: readonly string[], manager: string): Promise<void> {
  for (let from = 0; from < keys.length; from += rowsAStatement)
    await db.execute(
      sql`update ${table} set managed_by = ${manager}
          where ${column} = any(${sql.param(keys.slice(from, from + rowsAStatement))}::text[])`,
    )
}

async function removeDocuments(db: Queryable, table: Sql, keys: readonly string[]): Promise<void> {
  for (let from = 0; from < keys.length; from += rowsAStatement)
    await db.execute(
      sql`delete from ${table} where key = any(${sql.param(keys.slice(from, from + rowsAStatement))}::text[])`,
    )
}
