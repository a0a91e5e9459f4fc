import { cadence, slotsBetween } from '@sonde/core'

/** What a check was, as far as its slots depend on it. */
export type Version = { intervalMs: number; regions: readonly string[]; enabled: boolean }

/** A check through its edits; each took effect at some whole second of its span, and nobody says at which. */
export type History = {
  key: string
  first: Version
  edits: { version: Version; afterMs: number; beforeMs: number }[]
}

export type Mismatch = { due: number; silent: string[]; invented: string[] }

const secondMs = 1000

/**
 * Compares the rows of a check, by its number in the database, in [from, to), as `region slot` names, with what its history makes due. Of all the instants at which
 * its edits may have taken effect, those are taken that explain the rows best: what is left is silent or invented whichever way one
 * looks at it.
 */
export function compareWithHistory(
  { key, first, edits }: History,
  id: number,
  rows: ReadonlySet<string>,
  from: number,
  to: number,
): Mismatch {
  const versions = [first, ...edits.map(({ version }) => version)]
  const perSecond = versions.map((version) => bySecond(slotNames(id, version, from, to)))
  const rowsPerSecond = bySecond([...rows])
  const begun = edits.filter(({ afterMs }) => afterMs < from).length
  const over = edits.filter(({ beforeMs }) => beforeMs <= from).length
  // The best account of the seconds so far in which it is now this version; undefined where it cannot be.
  let paths = versions.map((_, index): Mismatch | undefined =>
    index >= over && index <= begun ? { due: 0, silent: [], invented: [] } : undefined,
  )
  for (let second = from; second < to; second += secondMs) {
    const found = rowsPerSecond.get(second) ?? []
    paths = versions.map((_, index) => {
      const next = edits[index]
      const stays = next === undefined || next.beforeMs > second ? paths[index] : undefined
      const comes = mayBegin(edits, index, second) ? paths[index - 1] : undefined
      const best = better(stays, comes)
      return best === undefined ? undefined : add(best, perSecond[index]?.get(second) ?? [], found)
    })
  }
  const best = paths.reduce(better)
  if (best === undefined) throw new Error(`the history of ${key} fits no instant`)
  return best
}

/** Whether the edit that made version `index` may have taken effect at the instant. */
function mayBegin(edits: History['edits'], index: number, at: number): boolean {
  const edit = edits[index - 1]
  return edit !== undefined && at + secondMs > edit.afterMs && at <= edit.beforeMs
}

function better(one: Mismatch | undefined, other: Mismatch | undefined): Mismatch | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return one.silent.length + one.invented.length <= other.silent.length + other.invented.length ? one : other
}

function add({ due, silent, invented }: Mismatch, wanted: readonly string[], found: readonly string[]): Mismatch {
  const missing = wanted.filter((name) => !found.includes(name))
  const extra = found.filter((name) => !wanted.includes(name))
  return {
    due: due + wanted.length,
    silent: missing.length === 0 ? silent : [...silent, ...missing],
    invented: extra.length === 0 ? invented : [...invented, ...extra],
  }
}

function slotNames(id: number, { intervalMs, regions, enabled }: Version, from: number, to: number): string[] {
  if (!enabled) return []
  return regions.flatMap((region) =>
    slotsBetween(cadence(id, region, intervalMs), from, to).map((slot) => `${region} ${slot}`),
  )
}

function bySecond(names: readonly string[]): Map<number, string[]> {
  return Map.groupBy(names, (name) => Math.floor(Number(name.split(' ')[1]) / secondMs) * secondMs)
}
