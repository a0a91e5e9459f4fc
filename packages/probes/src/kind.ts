import { type AssertionSource, type Facts, noPhases, type Phases } from '@sonde/core'
import type { TargetFailure } from './failure.ts'
import type { EgressPolicy } from './net/egress.ts'
import type { StopSignal } from './stop.ts'

/** What every step of a probe is given: when to stop, and where it may connect to. */
export type ProbeContext = {
  /** Aborts with `DeadlineExceeded` at the check's timeout, or with the caller's reason. */
  signal: StopSignal
  /** The same instant on the clock of `performance.now()`, in ms. */
  deadlineMs: number
  egress: EgressPolicy
  /** What certificates and signatures are judged by, in ms since the epoch; `Date.now` by default. */
  now?: () => number
}

/** What a probe has seen so far. Steps write into it as they go, so that a failure keeps what came before it. */
export type Observation = {
  phases: Phases
  facts: Facts
  /** Whether the target answered in full, so that assertions can be judged. */
  complete: boolean
}

export function freshObservation(): Observation {
  return { phases: { ...noPhases }, facts: { ip: null, ipFamily: null }, complete: false }
}

/** Adds to a phase; it is summed over redirects. */
export function addPhase(seen: Observation, phase: keyof Phases, ms: number): void {
  // What is waited for may have been there before the clock was read to begin.
  seen.phases[phase] = (seen.phases[phase] ?? 0) + Math.max(0, ms)
}

/** One kind of probe. Adding a kind is a folder with one of these, and its line in `registry.ts`. */
export type ProbeKind<Checked> = {
  /** Probes once. Throws `TargetFailure` when the target failed; any other error is ours. */
  run(check: Checked, seen: Observation, context: ProbeContext): Promise<void>
  /** The default verdict on a complete observation. */
  judge(check: Checked, facts: Facts): TargetFailure | undefined
  /** An assertion on this source takes the place of the default verdict. */
  judgedBy: AssertionSource | null
  /** Where a probe brings several answers: the facts as each of them has them, the observation's own first. */
  views?(check: Checked, facts: Facts): Views
}

/** Several answers to one probe, and whether the assertions must hold for every one of them or for any one. */
export type Views = { facts: Facts[]; verdict: 'every' | 'any' }
