import { AlertPolicy } from '../alert-policy.ts'
import { explain } from '../failure.ts'
import { advance, freshState, type RegionState } from '../verdict.ts'
import type { Decision, OpenIncident } from './decision.ts'
import { judgeDown } from './down.ts'
import { runOf, seenElsewhere } from './region-run.ts'
import { judgeRegionSuspect } from './region-suspect.ts'
import { handful, type RegionWitness, weighRegion } from './region-weight.ts'
import type { RegionVote, RuledCheck } from './vote.ts'

/** What goes wrong in a day: a region that sees everything fail, targets that fail for all, and the way from one region to one. */
export type Fault =
  | { kind: 'sick'; region: number; fromMs: number; toMs: number }
  | { kind: 'outage'; checks: ReadonlySet<number>; fromMs: number; toMs: number }
  | { kind: 'path'; region: number; check: number; fromMs: number; toMs: number }

export type Page = { atMs: number; rule: 'down' | 'regionSuspect'; subject: string; action: 'open' | 'resolve' }

const timeoutMs = 5000
// The judging loop comes round so often.
const tickMs = 15_000
const error = explain('tcp_timeout', 'no answer')

/**
 * A day of a fleet: every check a host of its own, probed from every region at its own instant of the interval. The same pure
 * rules as in the ingester, called as it calls them: with each result that turns a verdict, and by the clock. `noise` says whether a
 * probe fails by chance. Only the time around faults is played; in between all is well and nothing happens.
 */
export function playDay(
  fleet: { checks: number; regions: readonly string[]; intervalMs: number; policy: object },
  faults: readonly Fault[],
  noise: (atMs: number) => boolean,
): Page[] {
  const { intervalMs, regions } = fleet
  const alerts = AlertPolicy.parse(fleet.policy)
  const checks = Array.from(
    { length: fleet.checks },
    (_, number) => new SimulatedCheck(number, regions, intervalMs, alerts),
  )
  const open = new Map<string, OpenIncident>()
  const pages: Page[] = []
  const decide = (
    rule: Page['rule'],
    subject: string,
    atMs: number,
    judge: (open: OpenIncident | null) => Decision,
  ) => {
    const name = `${rule} ${subject}`
    const decision = judge(open.get(name) ?? null)
    if (decision.action === 'nothing') return
    if (decision.action === 'open' && open.has(name)) throw new Error(`${name} opened twice`)
    if (decision.action !== 'open' && !open.has(name)) throw new Error(`${name} is not open`)
    if (decision.action === 'resolve') open.delete(name)
    else open.set(name, { subject, openedMs: atMs, acknowledged: false, ...open.get(name), ...decision.facts })
    if (decision.action !== 'update') pages.push({ atMs, rule, subject, action: decision.action })
  }
  const suspects = () => new Set(regions.filter((region) => open.has(`regionSuspect ${region}`)))
  const judgeCheck = (check: SimulatedCheck, inDoubt: ReadonlySet<string>, atMs: number) =>
    decide('down', check.ruled.key, atMs, (own) =>
      judgeDown(
        {
          check: check.ruled,
          votes: check.votes(),
          suspects: suspects(),
          inDoubt,
          openings: [],
          parents: [],
          children: [],
        },
        own,
        atMs,
      ),
    )
  const tick = (atMs: number) => {
    const inDoubt = new Set<string>()
    for (const [index, region] of regions.entries()) {
      const failing = checks.filter((check) => check.beganToFail(index)).length
      if (failing < handful && !open.has(`regionSuspect ${region}`)) continue
      const others = regions.flatMap((name, other) => (other !== index && !suspects().has(name) ? [other] : []))
      const own = checks.flatMap((check) => check.witness(index, others, atMs) ?? [])
      decide('regionSuspect', region, atMs, (mine) => judgeRegionSuspect({ region, witnesses: own }, mine, atMs))
      if (!open.has(`regionSuspect ${region}`) && weighRegion(own)?.is === 'doubt') inDoubt.add(region)
    }
    for (const check of checks)
      if (check.isUnwell() || open.has(`down ${check.ruled.key}`)) judgeCheck(check, inDoubt, atMs)
  }
  for (const { fromMs, toMs } of spansOf(faults, 4 * intervalMs, 12 * intervalMs)) {
    const slots = checks.flatMap((check) => check.slots(fromMs, toMs)).sort((a, b) => a.slotMs - b.slotMs)
    let tickAtMs = fromMs
    for (const { check, region, slotMs } of slots) {
      for (; tickAtMs < slotMs; tickAtMs += tickMs) tick(tickAtMs)
      const fails = noise(slotMs) || faults.some((fault) => isHit(fault, check.number, region, slotMs))
      if (check.take(region, slotMs, fails)) judgeCheck(check, crowded(checks, regions), slotMs + timeoutMs)
    }
  }
  return pages
}

/** Regions in which a handful of checks began to fail: a result opens nothing there, as the loop looks first. */
function crowded(checks: readonly SimulatedCheck[], regions: readonly string[]): Set<string> {
  return new Set(regions.filter((_, region) => checks.filter((check) => check.beganToFail(region)).length >= handful))
}

function isHit(fault: Fault, check: number, region: number, atMs: number): boolean {
  if (atMs < fault.fromMs || atMs >= fault.toMs) return false
  if (fault.kind === 'outage') return fault.checks.has(check)
  return fault.region === region && (fault.kind === 'sick' || fault.check === check)
}

/** The time around faults, without overlaps. */
function spansOf(faults: readonly Fault[], beforeMs: number, afterMs: number): { fromMs: number; toMs: number }[] {
  const spans: { fromMs: number; toMs: number }[] = []
  for (const { fromMs, toMs } of faults.toSorted((a, b) => a.fromMs - b.fromMs)) {
    const last = spans.at(-1)
    if (last !== undefined && fromMs - beforeMs <= last.toMs) last.toMs = Math.max(last.toMs, toMs + afterMs)
    else spans.push({ fromMs: fromMs - beforeMs, toMs: toMs + afterMs })
  }
  return spans
}

class SimulatedCheck {
  readonly number: number
  readonly ruled: RuledCheck
  readonly #regions: readonly string[]
  readonly #states: RegionState[]

  constructor(number: number, regions: readonly string[], intervalMs: number, alerts: AlertPolicy) {
    this.number = number
    this.ruled = { key: `site-${number}`, enabled: true, intervalMs, timeoutMs, alerts }
    this.#regions = regions
    this.#states = regions.map(() => freshState)
  }

  slots(fromMs: number, toMs: number) {
    const { intervalMs } = this.ruled
    return this.#regions.flatMap((_, region) => {
      const phaseMs = Math.floor((((this.number + region * 0.37) * 0.618033988749895) % 1) * intervalMs)
      const first = Math.ceil((fromMs - phaseMs) / intervalMs) * intervalMs + phaseMs
      const count = Math.max(0, Math.ceil((toMs - first) / intervalMs))
      return Array.from({ length: count }, (_, index) => ({
        check: this as SimulatedCheck,
        region,
        slotMs: first + index * intervalMs,
      }))
    })
  }

  /** Whether the verdict of the region turned. */
  take(region: number, slotMs: number, fails: boolean): boolean {
    const before = this.#states[region] ?? freshState
    const after = advance(before, { outcome: fails ? 'down' : 'up', slotMs }, this.ruled.alerts)
    this.#states[region] = after
    return before.verdict !== after.verdict
  }

  votes(): RegionVote[] {
    return this.#states.map(({ verdict, lastSlotMs, missed, failures }, index) => ({
      region: this.#regions[index] ?? '',
      verdict,
      lastSlotMs,
      missed,
      error: failures > 0 ? error : null,
    }))
  }

  isUnwell(): boolean {
    return this.#states.some(({ failures, verdict }) => failures > 0 || verdict === 'down')
  }

  beganToFail(region: number): boolean {
    const failures = this.#states[region]?.failures ?? 0
    return failures > 0 && failures <= 5
  }

  witness(region: number, others: readonly number[], nowMs: number): RegionWitness | null {
    const own = this.#run(region, nowMs)
    if (own === null) return null
    return {
      host: this.ruled.key,
      intervalMs: this.ruled.intervalMs,
      lastSlotMs: own.lastMs,
      failingSinceMs: own.good ? null : own.sinceMs,
      isDown: this.#states[region]?.verdict === 'down',
      code: own.good ? null : error.code,
      elsewhere: own.good
        ? 'nobody'
        : seenElsewhere(
            own,
            others.flatMap((other) => this.#run(other, nowMs) ?? []),
          ),
    }
  }

  #run(region: number, nowMs: number) {
    const { lastSlotMs = null, failures = 0, successes = 0, missed = 0 } = this.#states[region] ?? {}
    return lastSlotMs === null ? null : runOf({ lastSlotMs, failures, successes, missed }, this.ruled.intervalMs, nowMs)
  }
}
