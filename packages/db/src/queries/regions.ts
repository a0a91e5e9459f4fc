import type { RegionFacts } from '@sonde/core'
import { and, asc, eq, gt, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { regions, workers } from '../schema.ts'

/** The regions that have slots, by name: all but those that are retired. */
export async function regionNames(db: Queryable): Promise<string[]> {
  const rows = await db
    .select({ name: regions.name })
    .from(regions)
    .where(isNull(regions.retiredAt))
    .orderBy(asc(regions.name))
  return rows.map(({ name }) => name)
}

/** Makes the regions that are not there yet; only then does the scheduler hear of it. */
export async function ensureRegions(db: Queryable, names: readonly string[]): Promise<void> {
  // One that is retired is there: its last worker, still about, does not bring it back.
  const rows = await db.select({ name: regions.name }).from(regions)
  const known = new Set(rows.map(({ name }) => name))
  const missing = names.filter((name) => !known.has(name))
  if (missing.length > 0)
    await db
      .insert(regions)
      .values(missing.map((name) => ({ name })))
      .onConflictDoNothing()
}

export type WorkerSeen = {
  id: string
  region: string
  version: string
  startedAt: string
  /** What it can do, such as `icmp`. */
  capabilities: string[]
} & WorkerLoad

/** What a worker says of its load: null where it is of a version that does not. */
export type WorkerLoad = {
  load: {
    /** Probes that have begun and not ended. */
    running: number
    /** Probes that are due and wait to be let in. */
    waiting: number
    /** How many it lets begin at once. */
    limit: number
  } | null
  /** How far its own clock is ahead of the queue server's. */
  clockOffsetMs: number | null
}

/** Notes that a worker lives, by the database's clock; its region comes to be with its first worker. */
export async function noteWorker(db: Queryable, worker: WorkerSeen): Promise<void> {
  const { load, clockOffsetMs } = worker
  await ensureRegions(db, [worker.region])
  await db.execute(
    sql`insert into workers (id, region_id, version, started_at, seen_at, capabilities, running, waiting, admitted, clock_offset_ms)
        select ${worker.id}, id, ${worker.version}, ${worker.startedAt}, now(), ${sql.param(worker.capabilities)}::text[],
          ${load?.running ?? null}::int, ${load?.waiting ?? null}::int, ${load?.limit ?? null}::int, ${clockOffsetMs}::float8
        from regions where name = ${worker.region}
        on conflict (id) do update set seen_at = excluded.seen_at, capabilities = excluded.capabilities,
          running = excluded.running, waiting = excluded.waiting, admitted = excluded.admitted,
          clock_offset_ms = excluded.clock_offset_ms`,
  )
}

/** What is said of a region; `revision` names this state of that. */
export type StoredRegion = RegionFacts & { name: string; revision: number }

const facts = {
  name: regions.name,
  labels: regions.labels,
  provider: regions.provider,
  latitude: regions.latitude,
  longitude: regions.longitude,
  revision: regions.revision,
}

/** The region of this name, unless it is retired. */
export async function findRegion(db: Queryable, name: string): Promise<StoredRegion | undefined> {
  const [row] = await db.select(facts).from(regions).where(isThere(name))
  return row
}

/** Makes a region, or brings a retired one back; undefined when there is one of this name. */
export async function insertRegion(
  db: Queryable,
  name: string,
  said: RegionFacts,
): Promise<{ revision: number; created: boolean } | undefined> {
  const [row] = await db
    .insert(regions)
    .values({ name, ...said })
    .onConflictDoUpdate({
      target: regions.name,
      set: { ...said, retiredAt: null },
      setWhere: isNotNull(regions.retiredAt),
    })
    .returning({ revision: regions.revision, created: sql<boolean>`xmax = 0` })
  return row
}

/** Says other things of that state of a region and answers the new revision; undefined when that state is past. */
export async function replaceRegion(
  db: Queryable,
  name: string,
  said: RegionFacts,
  revision: number,
): Promise<number | undefined> {
  const [row] = await db
    .update(regions)
    .set(said)
    .where(isThere(name, revision))
    .returning({ revision: regions.revision })
  return row?.revision
}

/** No more slots in this region; its history stays. Answers false when there is none of that name and state, or it is retired already. */
export async function retireRegion(db: Queryable, name: string, revision?: number): Promise<boolean> {
  const rows = await db
    .update(regions)
    .set({ retiredAt: sql`now()` })
    .where(isThere(name, revision))
    .returning({ id: regions.id })
  return rows.length > 0
}

function isThere(name: string, revision?: number) {
  return and(
    eq(regions.name, name),
    isNull(regions.retiredAt),
    revision === undefined ? undefined : eq(regions.revision, revision),
  )
}

export type RegionRow = StoredRegion & {
  workers: ({ id: string; version: string; startedAt: Date; seenAt: Date; capabilities: string[] } & WorkerLoad)[]
}

// Workers say that they live every 5 s.
/** Three heartbeats missed in a row, in ms: a worker of which so long nothing was heard counts as gone. */
export const aliveMs = 15_000

/** The regions that are not retired, in the order of their names, with the workers that were heard of within `withinMs`. */
export async function listRegions(
  db: Queryable,
  withinMs: number,
  page: { name?: string; after?: string | undefined; limit?: number } = {},
): Promise<RegionRow[]> {
  const query = db
    .select({ id: regions.id, ...facts })
    .from(regions)
    .where(
      and(
        isNull(regions.retiredAt),
        page.name === undefined ? undefined : eq(regions.name, page.name),
        page.after === undefined ? undefined : gt(regions.name, page.after),
      ),
    )
    .orderBy(asc(regions.name))
  const rows = await (page.limit === undefined ? query : query.limit(page.limit))
  const living = await db
    .select()
    .from(workers)
    .where(sql`${workers.seenAt} > now() - ${withinMs} * interval '1 millisecond'`)
    .orderBy(asc(workers.id))
  const byRegion = Map.groupBy(living, ({ regionId }) => regionId)
  return rows.map(({ id, ...region }) => ({ ...region, workers: (byRegion.get(id) ?? []).map(shownWorker) }))
}

function shownWorker(row: typeof workers.$inferSelect): RegionRow['workers'][number] {
  const { id, version, startedAt, seenAt, capabilities, running, waiting, admitted, clockOffsetMs } = row
  const load = running === null || waiting === null || admitted === null ? null : { running, waiting, limit: admitted }
  return { id, version, startedAt, seenAt, capabilities, load, clockOffsetMs }
}

/** Where regions are, by name, in degrees: those of which somebody said it. */
export async function regionPlaces(db: Queryable): Promise<Map<string, { latitude: number; longitude: number }>> {
  const rows = await db
    .select({ name: regions.name, latitude: regions.latitude, longitude: regions.longitude })
    .from(regions)
  return new Map(
    rows.flatMap(({ name, latitude, longitude }) =>
      latitude === null || longitude === null ? [] : [[name, { latitude, longitude }] as const],
    ),
  )
}

/** Forgets workers that have not been heard of for a day. */
export async function forgetWorkers(db: Queryable): Promise<void> {
  await db.delete(workers).where(sql`${workers.seenAt} < now() - interval '1 day'`)
}
