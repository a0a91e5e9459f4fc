import type { Check, Result } from '@sonde/core'
import { sql } from 'drizzle-orm'
import {
  bigint,
  doublePrecision,
  integer,
  json,
  jsonb,
  pgTable,
  primaryKey,
  smallint,
  text,
  timestamp,
  uuid,
} from 'drizzle-orm/pg-core'

const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' })

export const regions = pgTable('regions', {
  id: smallint().primaryKey().generatedAlwaysAsIdentity(),
  name: text().notNull().unique(),
  createdAt: instant('created_at').notNull().defaultNow(),
  labels: jsonb().$type<Record<string, string>>().notNull().default({}),
  provider: text(),
  latitude: doublePrecision(),
  longitude: doublePrecision(),
  retiredAt: instant('retired_at'),
  revision: bigint({ mode: 'number' }).notNull().default(sql`nextval('revisions')`),
})

export const workers = pgTable('workers', {
  id: text().primaryKey(),
  regionId: smallint('region_id').notNull(),
  version: text().notNull(),
  startedAt: instant('started_at').notNull(),
  seenAt: instant('seen_at').notNull(),
  capabilities: text().array().notNull().default([]),
  running: integer(),
  waiting: integer(),
  admitted: integer(),
  clockOffsetMs: doublePrecision('clock_offset_ms'),
})

export const checks = pgTable('checks', {
  id: integer().primaryKey().generatedAlwaysAsIdentity(),
  key: text().notNull().unique(),
  doc: jsonb().$type<Check>().notNull(),
  createdAt: instant('created_at').notNull().defaultNow(),
  updatedAt: instant('updated_at').notNull().defaultNow(),
  revision: bigint({ mode: 'number' }).notNull().default(sql`nextval('revisions')`),
})

export const checkStates = pgTable(
  'check_states',
  {
    checkId: integer('check_id').notNull(),
    regionId: smallint('region_id').notNull(),
    verdict: text().$type<'unknown' | 'up' | 'down'>().notNull().default('unknown'),
    failures: integer().notNull().default(0),
    successes: integer().notNull().default(0),
    missed: integer().notNull().default(0),
    outcomes: text().notNull().default(''),
    lastSlot: instant('last_slot'),
    since: instant('since'),
    recent: json().$type<Result>(),
    detailDoc: json('detail_doc').$type<Result>(),
    totals: jsonb().$type<Record<string, number>>().notNull().default({}),
    durationCount: bigint('duration_count', { mode: 'number' }).notNull().default(0),
    durationSumSeconds: doublePrecision('duration_sum_seconds').notNull().default(0),
    durationBuckets: bigint('duration_buckets', { mode: 'number' }).array().notNull().default([]),
    openSpan: json('open_span'),
    detail: json(),
    chain: json(),
    slowAt: instant('slow_at'),
    memory: json(),
  },
  (table) => [primaryKey({ columns: [table.checkId, table.regionId] })],
)

export const schedule = pgTable('schedule', { horizon: instant('horizon').notNull() })

export const runResults = pgTable(
  'run_results',
  {
    runId: uuid('run_id').notNull(),
    region: text().notNull(),
    doc: json().$type<Result>().notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.runId, table.region] })],
)
