import { expect, test } from 'vitest'
import { type Fault, playDay } from './simulation.ts'

const intervalMs = 60_000
const dayMs = 86_400_000
const regions = ['eu', 'us', 'ap']
const checks = 20

/** The same numbers, 0 … 1, for the same seed (mulberry32). */
function numbersOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** A day with up to three faults, hours apart or on top of each other. */
function faultsOf(random: () => number): Fault[] {
  const whole = (to: number) => Math.floor(random() * to)
  return Array.from({ length: 1 + whole(3) }, (): Fault => {
    const fromMs = 3_600_000 + whole(dayMs - 3 * 3_600_000)
    const toMs = fromMs + (3 + whole(40)) * intervalMs
    const kind = random()
    if (kind < 0.5) return { kind: 'sick', region: whole(regions.length), fromMs, toMs }
    if (kind < 0.65) return { kind: 'path', region: whole(regions.length), check: whole(checks), fromMs, toMs }
    // Of one target, of a few, or of all of them.
    const hit = random() < 0.3 ? checks : 1 + whole(4)
    const first = whole(checks)
    return {
      kind: 'outage',
      fromMs,
      toMs,
      checks: new Set(Array.from({ length: hit }, (_, index) => (first + index) % checks)),
    }
  })
}

/**
 * One probe in four hundred fails by chance: never twice within three slots, and not right before a region falls sick, since two
 * failures in a row are what the policy asks for.
 */
function noiseOf(random: () => number, faults: readonly Fault[]): (atMs: number) => boolean {
  let quiet = 0
  return (atMs) => {
    quiet += 1
    const isBefore = faults.some(({ fromMs }) => atMs < fromMs && atMs >= fromMs - 2 * intervalMs)
    if (quiet < 3 * checks * regions.length || isBefore || random() > 0.005) return false
    quiet = 0
    return true
  }
}

const overlaps = (a: { fromMs: number; toMs: number }, atMs: number, slackMs: number) =>
  atMs >= a.fromMs && atMs < a.toMs + slackMs
// Two failures, one after the other, seen by the last region to look; then the loop.
const openWithinMs = 3 * intervalMs + 20_000
const settleMs = 11 * intervalMs

test.each(['any', 'majority'] as const)(
  'in thousands of days with random faults, by %s, no sick region pages for its targets and no outage is missed',
  (quorum) => {
    for (let seed = 1; seed <= 1000; seed++) {
      const random = numbersOf(seed)
      const faults = faultsOf(random)
      const pages = playDay(
        { checks, regions, intervalMs, policy: { regions: quorum } },
        faults,
        noiseOf(random, faults),
      )
      const opened = pages.filter(({ action }) => action === 'open')
      const explains = (fault: Fault, subject: string) =>
        (fault.kind === 'outage' && fault.checks.has(Number(subject.slice(5)))) ||
        (fault.kind === 'path' && quorum === 'any' && fault.check === Number(subject.slice(5)))
      for (const page of opened) {
        const isTrue = faults.some((fault) =>
          page.rule === 'down'
            ? explains(fault, page.subject) && overlaps(fault, page.atMs, settleMs)
            : fault.kind === 'sick' && regions[fault.region] === page.subject && overlaps(fault, page.atMs, settleMs),
        )
        if (!isTrue) expect.fail(`day ${seed}: ${JSON.stringify(page)} of ${JSON.stringify(faults)}`)
      }
      for (const fault of faults) {
        if (fault.kind !== 'outage') continue
        for (const check of fault.checks) {
          const found = opened.some(
            ({ rule, subject, atMs }) =>
              rule === 'down' &&
              subject === `site-${check}` &&
              atMs >= fault.fromMs &&
              atMs < fault.fromMs + openWithinMs,
          )
          const wasOpen = faults.some(
            (other) => other !== fault && explains(other, `site-${check}`) && overlaps(other, fault.fromMs, settleMs),
          )
          if (!found && !wasOpen) expect.fail(`day ${seed}: site-${check} was missed: ${JSON.stringify(faults)}`)
        }
      }
      const left = pages.length - 2 * opened.length
      if (left !== 0) expect.fail(`day ${seed}: ${-left} stay open: ${JSON.stringify(faults)}`)
    }
  },
  120_000,
)
