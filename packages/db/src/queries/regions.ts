import type { RegionFacts } from '@sonde/core'
import { and, asc, eq, isNull, sql } from 'drizzle-orm'
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

/** Makes a region or says other things of it; a retired one is there again. Answers whether it was made. */
export async function putRegion(db: Queryable, name: string, facts: RegionFacts): Promise<'created' | 'changed'> {
  const [row] = await db
    .insert(regions)
    .values({ name, ...facts })
    .onConflictDoUpdate({ target: regions.name, set: { ...facts, retiredAt: null } })
    .returning({ created: sql<boolean>`xmax = 0` })
  return row?.created === true ? 'created' : 'changed'
}

/** No more slots in this region; its history stays. Answers false when there is none of that name, or it is retired already. */
export async function retireRegion(db: Queryable, name: string): Promise<boolean> {
  const rows = await db
    .update(regions)
    .set({ retiredAt: sql`now()` })
    .where(and(eq(regions.name, name), isNull(regions.retiredAt)))
    .returning({ id: regions.id })
  return rows.length > 0
}

export type RegionRow = RegionFacts & {
  name: string
  workers: ({ id: string; version: string; startedAt: Date; seenAt: Date; capabilities: string[] } & WorkerLoad)[]
}

/** Every region that is not retired, with the workers that were heard of within `withinMs`. */
export async function listRegions(db: Queryable, withinMs: number): Promise<RegionRow[]> {
  const rows = await db
    .select({
      name: regions.name,
      labels: regions.labels,
      provider: regions.provider,
      latitude: regions.latitude,
      longitude: regions.longitude,
      id: workers.id,
      version: workers.version,
      startedAt: workers.startedAt,
      seenAt: workers.seenAt,
      capabilities: workers.capabilities,
      running: workers.running,
      waiting: workers.waiting,
      admitted: workers.admitted,
      clockOffsetMs: workers.clockOffsetMs,
    })
    .from(regions)
    .leftJoin(
      workers,
      sql`${eq(workers.regionId, regions.id)} and ${workers.seenAt} > now() - ${withinMs} * interval '1 millisecond'`,
    )
    .where(isNull(regions.retiredAt))
    .orderBy(asc(regions.name), asc(workers.id))
  const byName = new Map<string, RegionRow>()
  for (const row of rows) {
    const { name, labels, provider, latitude, longitude } = row
    const facts = { name, labels, provider, latitude, longitude }
    const { id, version, startedAt, seenAt, capabilities, running, waiting, admitted, clockOffsetMs } = row
    const load =
      running === null || waiting === null || admitted === null ? null : { running, waiting, limit: admitted }
    const region = byName.get(name) ?? { ...facts, workers: [] }
    if (id !== null && version !== null && startedAt !== null && seenAt !== null)
      region.workers.push({ id, version, startedAt, seenAt, capabilities: capabilities ?? [], load, clockOffsetMs })
    byName.set(name, region)
  }
  return [...byName.values()]
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
