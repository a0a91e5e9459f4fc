import { type Cadence, type Check, cadence, durationMs, regionsOf, slotsBetween } from '@sonde/core'
import type { NotedSlot } from '@sonde/db'
import { type BatchInput, checkText } from '@sonde/queue'
import { maturesAfterMs } from './maturity.ts'

/** The batches of one tick, by region. */
export type TickBatches = Map<string, { id: string; data: BatchInput }[]>

/**
 * A check as the schedule holds it: the text that goes to workers, its slots in each of its regions, and how long after each no result
 * is to be expected any more.
 */
export type Scheduled = {
  id: number
  key: string
  labels: Readonly<Record<string, string>>
  text: string
  intervalMs: number
  /** As the check has them: with `*`, and some that may not exist. */
  regions: readonly string[]
  cadences: ReadonlyMap<string, Cadence>
  matureMs: number
}

/** The most probes in one job: a job stays small enough to move in a millisecond, and jobs few enough to be cheap. */
export const batchSize = 64

/** What the schedule keeps of a check, for the regions that exist; undefined for one that is not enabled. */
export function scheduled(id: number, check: Check, regions: readonly string[]): Scheduled | undefined {
  if (!check.enabled) return undefined
  const intervalMs = durationMs(check.interval)
  const { key, labels } = check
  const rest = { text: checkText(check), intervalMs, regions: check.regions, matureMs: maturesAfterMs(check) }
  const entry = { id, key, labels, ...rest }
  return inRegions(entry, regions)
}

/** The same when other regions exist than before. */
export function inRegions(entry: Omit<Scheduled, 'cadences'>, regions: readonly string[]): Scheduled {
  const { id, intervalMs } = entry
  const cadences = new Map(regionsOf(entry, regions).map((region) => [region, cadence(id, region, intervalMs)]))
  return { ...entry, cadences }
}

/**
 * The batches of the tick [from, to), by region: probes in the order of their slots, at most `batchSize` in each. The id names
 * region, tick and part, so whoever computes a tick again names its jobs the same.
 */
export function batchesOf(entries: Iterable<Scheduled>, from: number, to: number): TickBatches {
  const due = new Map<string, BatchInput['probes']>()
  for (const { id, text, cadences } of entries) {
    for (const [region, regionCadence] of cadences) {
      for (const slotMs of slotsBetween(regionCadence, from, to)) {
        const probes = due.get(region) ?? []
        if (probes.length === 0) due.set(region, probes)
        probes.push({ checkId: id, slotMs, check: text })
      }
    }
  }
  return inParts(from, due)
}

/** The batches of the tick that begins at `from`, of slots that another leader has noted: the same as it would have made. */
export function batchesOfNoted(noted: readonly NotedSlot[], from: number): TickBatches {
  const due = new Map<string, BatchInput['probes']>()
  for (const { region, checkId, slotMs, check } of noted) {
    const probes = due.get(region) ?? []
    if (probes.length === 0) due.set(region, probes)
    probes.push({ checkId, slotMs, check: checkText(check) })
  }
  return inParts(from, due)
}

function inParts(from: number, due: ReadonlyMap<string, BatchInput['probes']>): TickBatches {
  return new Map([...due].map(([region, probes]) => [region, parts(region, from, probes)]))
}

function parts(region: string, from: number, probes: BatchInput['probes']): { id: string; data: BatchInput }[] {
  probes.sort((a, b) => a.slotMs - b.slotMs || a.checkId - b.checkId)
  const count = Math.ceil(probes.length / batchSize)
  return Array.from({ length: count }, (_, part) => ({
    id: `${region}-${from}-${part}`,
    data: { region, probes: probes.slice(part * batchSize, (part + 1) * batchSize) },
  }))
}
