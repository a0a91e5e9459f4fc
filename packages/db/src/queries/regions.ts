import { asc, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../database.ts'
import { regions, workers } from '../schema.ts'

export async function regionNames(db: Queryable): Promise<string[]> {
  const rows = await db.select({ name: regions.name }).from(regions).orderBy(asc(regions.name))
  return rows.map(({ name }) => name)
}

/** Makes the regions that are not there yet; only then does the scheduler hear of it. */
export async function ensureRegions(db: Queryable, names: readonly string[]): Promise<void> {
  const known = new Set(await regionNames(db))
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
}

/** Notes that a worker lives, by the database's clock; its region comes to be with its first worker. */
export async function noteWorker(db: Queryable, worker: WorkerSeen): Promise<void> {
  await ensureRegions(db, [worker.region])
  await db.execute(
    sql`insert into workers (id, region_id, version, started_at, seen_at, capabilities)
        select ${worker.id}, id, ${worker.version}, ${worker.startedAt}, now(), ${sql.param(worker.capabilities)}::text[]
        from regions where name = ${worker.region}
        on conflict (id) do update set seen_at = excluded.seen_at, capabilities = excluded.capabilities`,
  )
}

export type RegionRow = {
  name: string
  workers: { id: string; version: string; startedAt: Date; seenAt: Date; capabilities: string[] }[]
}

/** Every region with the workers that were heard of within `withinMs`. */
export async function listRegions(db: Queryable, withinMs: number): Promise<RegionRow[]> {
  const rows = await db
    .select({
      name: regions.name,
      id: workers.id,
      version: workers.version,
      startedAt: workers.startedAt,
      seenAt: workers.seenAt,
      capabilities: workers.capabilities,
    })
    .from(regions)
    .leftJoin(
      workers,
      sql`${eq(workers.regionId, regions.id)} and ${workers.seenAt} > now() - ${withinMs} * interval '1 millisecond'`,
    )
    .orderBy(asc(regions.name), asc(workers.id))
  const byName = new Map<string, RegionRow>()
  for (const { name, id, version, startedAt, seenAt, capabilities } of rows) {
    const region = byName.get(name) ?? { name, workers: [] }
    if (id !== null && version !== null && startedAt !== null && seenAt !== null)
      region.workers.push({ id, version, startedAt, seenAt, capabilities: capabilities ?? [] })
    byName.set(name, region)
  }
  return [...byName.values()]
}

/** Forgets workers that have not been heard of for a day. */
export async function forgetWorkers(db: Queryable): Promise<void> {
  await db.delete(workers).where(sql`${workers.seenAt} < now() - interval '1 day'`)
}
