import {
  AlertPolicy,
  atFaultSinceMs,
  handful,
  judgeRegionSilent,
  judgeRegionSuspect,
  weighRegion,
  withdrawn,
} from '@sonde/core'
import { sql } from 'drizzle-orm'
import type { Database, Queryable } from '../database.ts'
import { type OpenRow, openIncidents, writeDecision } from '../ingest/decisions.ts'
import type { IncidentAbout } from '../ingest/incident-row.ts'
import { channelsOfRegion, countSilent, glanceAtRegions, type RegionGlance } from '../ingest/region-facts.ts'
import { loadWitnesses } from '../ingest/region-witnesses.ts'
import type { IncidentChange } from '../ingest/tell.ts'
import { nothingStill, type Stillness } from './stillness.ts'

// One process at a time judges the regions ("reg" in ASCII).
const regionLock = 0x726567

// No worker for so long is worth a closer look; `judgeRegionSilent` decides.
const unheardMs = 15_000

/**
 * Judges the regions themselves: whether one is at fault, so that its votes are to be set aside, and whether one is silent. Answers
 * what was told, and the regions of which nobody is sure yet. Where nothing is wrong it costs two queries, and no lock. Nobody is silent before
 * `watchedSinceMs`: after a night in which all of Sonde was off its workers are not the ones to blame. `still` says from where nothing comes.
 */
export async function judgeRegions(
  db: Queryable & Pick<Database, 'transaction'>,
  nowMs: number,
  watchedSinceMs = 0,
  still: Stillness['regions'] = nothingStill.regions,
): Promise<{ changes: IncidentChange[]; inDoubt: Set<string> }> {
  if (await allIsWell(db, nowMs, still)) return { changes: [], inDoubt: new Set() }
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(${regionLock})`)
    const regions = await glanceAtRegions(tx, nowMs)
    const open = await openIncidents(tx, ['regionSuspect', 'regionSilent'])
    const changes: (IncidentChange | undefined)[] = []
    const inDoubt = new Set<string>()
    for (const region of regions) {
      const own = (rule: string) => open.find((one) => one.rule === rule && one.subject === region.name) ?? null
      const stillSinceMs = stillSince(region, still)
      const silence = own('regionSilent')
      const silent = await judgeSilence(tx, region, silence, nowMs, { watchedSinceMs, stillSinceMs })
      changes.push(silent)
      // Whether all of it is silent is found out before its checks are told of.
      if (stillSinceMs !== null && silence === null && silent === undefined) inDoubt.add(region.name)
      const suspects = open.filter(({ rule, subject }) => rule === 'regionSuspect' && subject !== region.name)
      const others = suspects.map(({ subject }) => subject)
      const suspicion = await judgeSuspicion(tx, region, own('regionSuspect'), others, nowMs)
      changes.push(suspicion.change)
      if (suspicion.inDoubt) inDoubt.add(region.name)
    }
    const names = new Set(regions.map(({ name }) => name))
    for (const gone of open.filter(({ subject }) => !names.has(subject))) {
      const decision = withdrawn(gone, 'it is retired')
      changes.push((await writeDecision(tx, { ...gone, open: gone }, decision, nowMs))?.change)
    }
    return { changes: changes.filter((change) => change !== undefined), inDoubt }
  })
}

/** Whether there is nothing to judge: no incident of a region is open, and none is worth a closer look. */
async function allIsWell(db: Queryable, nowMs: number, still: Stillness['regions']): Promise<boolean> {
  const regions = await glanceAtRegions(db, nowMs)
  if (regions.some((region) => mayBeAtFault(region) || mayBeSilent(region, nowMs, stillSince(region, still))))
    return false
  return (await openIncidents(db, ['regionSuspect', 'regionSilent'])).length === 0
}

function mayBeAtFault({ failingHosts }: RegionGlance): boolean {
  return failingHosts >= handful
}

function mayBeSilent({ heardMs, silentChecks }: RegionGlance, nowMs: number, stillSinceMs: number | null): boolean {
  const isHeard = heardMs !== null && nowMs - heardMs < unheardMs
  return !isHeard || silentChecks >= handful || stillSinceMs !== null
}

/** Since when nothing comes from a region that owes something; null while it owes little. */
function stillSince({ name }: RegionGlance, still: Stillness['regions']): number | null {
  const { newestMs = 0, due = 0 } = still.get(name) ?? {}
  return due < handful ? null : newestMs
}

async function judgeSilence(
  tx: Queryable,
  region: RegionGlance,
  open: OpenRow | null,
  nowMs: number,
  { watchedSinceMs, stillSinceMs }: { watchedSinceMs: number; stillSinceMs: number | null },
): Promise<IncidentChange | undefined> {
  if (open === null && !mayBeSilent(region, nowMs, stillSinceMs)) return undefined
  const waitedSinceMs = Math.max(region.heardMs ?? region.createdMs, watchedSinceMs)
  const { name, heardMs } = region
  const counts = await countSilent(tx, region)
  const facts = { region: name, ...counts, heardMs, waitedSinceMs, judgedSinceMs: watchedSinceMs, stillSinceMs }
  const decision = judgeRegionSilent(facts, open, nowMs)
  if (decision.action === 'nothing') return undefined
  const about = open?.about ?? aboutRegion(region.name, await channelsOfRegion(tx, region, false))
  const judged = { rule: 'regionSilent', checkId: null, about, open } as const
  return (await writeDecision(tx, judged, decision, nowMs))?.change
}

async function judgeSuspicion(
  tx: Queryable,
  region: RegionGlance,
  open: OpenRow | null,
  others: readonly string[],
  nowMs: number,
): Promise<{ change: IncidentChange | undefined; inDoubt: boolean }> {
  if (open === null && !mayBeAtFault(region)) return { change: undefined, inDoubt: false }
  const sinceMs = open === null ? null : atFaultSinceMs(open)
  const seen = await loadWitnesses(tx, { id: region.id, suspects: others, atFaultSinceMs: sinceMs, nowMs })
  const decision = judgeRegionSuspect({ region: region.name, ...seen }, open, nowMs)
  if (decision.action === 'nothing') {
    return { change: undefined, inDoubt: open === null && weighRegion(seen.witnesses, seen.fine)?.is === 'doubt' }
  }
  const about = open?.about ?? aboutRegion(region.name, await channelsOfRegion(tx, region, true))
  const judged = { rule: 'regionSuspect', checkId: null, about, open } as const
  return { change: (await writeDecision(tx, judged, decision, nowMs))?.change, inDoubt: false }
}

/** A region as what an incident is about: its name stands where a check's key and target do. */
function aboutRegion(name: string, channels: string[]): IncidentAbout {
  return { key: name, target: name, kind: 'region', labels: {}, alerts: { ...AlertPolicy.parse({}), channels } }
}
