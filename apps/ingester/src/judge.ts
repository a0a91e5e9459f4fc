import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'
import { type Database, judgeAgain, judgeCertificates, judgeLatencies, judgeRegions } from '@sonde/db'

// Results are judged as they come; what only time changes may wait this long.
const pauseMs = 1000
// What hangs on hours and days, and what reads more than the states: this long, and where it takes its time a twentieth of the time.
const slowPauseMs = 5000
const slowShare = 20

/** Judges again what time alone changes, until `signal` aborts: regions, windows, certificates, checks that were disabled. */
export async function keepJudging(db: Database, log: Logger, now: () => number, signal: AbortSignal): Promise<void> {
  const watchedSinceMs = now()
  const again = async () => {
    // The regions first: the votes of one that is at fault are set aside in what follows.
    const { inDoubt } = await judgeRegions(db, now(), watchedSinceMs)
    await judgeAgain(db, now(), inDoubt)
  }
  const slowly = async () => {
    await judgeLatencies(db, now())
    await judgeCertificates(db, now())
  }
  await Promise.all([
    keep(again, log, () => pauseMs, signal),
    keep(slowly, log, (tookMs) => Math.max(slowPauseMs, slowShare * tookMs), signal),
  ])
}

async function keep(
  judge: () => Promise<void>,
  log: Logger,
  pauseAfter: (tookMs: number) => number,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    const began = performance.now()
    await judge().catch((error: unknown) => log.warn({ err: error }, 'judging again'))
    await delay(pauseAfter(performance.now() - began), undefined, { signal }).catch(() => undefined)
  }
}
