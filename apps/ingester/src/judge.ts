import { randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'
import {
  type Database,
  giveUpLease,
  holdLease,
  judgeAgain,
  judgeCertificates,
  judgeLatencies,
  judgeRegions,
  lookForStillness,
  mayStandStill,
  noteJudging,
  nothingStill,
} from '@sonde/db'

// Results are judged as they come; what only time changes may wait this long.
const pauseMs = 1000
// What hangs on hours and days, and what reads more than the states: this long, and where it takes its time a twentieth of the time.
const slowPauseMs = 5000
const slowShare = 20
// What has stood still without a reason that anybody knows of is looked for this often.
const stillPauseMs = 60_000

// One ingester judges for all, and another one in its place when it has not said for so long that it does.
const lease = 'judging'
const leaseMs = 3000

/**
 * Judges again what time alone changes, until `signal` aborts: regions, windows, certificates, checks that were disabled. Of several
 * processes one does, and the next one when that stops, or within three seconds when it is killed or frozen. Two that meet do no harm: what is
 * decided is decided under locks. `onOpened` hears that incidents of checks opened.
 */
export async function keepJudging(
  db: Database,
  log: Logger,
  now: () => number,
  onOpened: () => void,
  signal: AbortSignal,
): Promise<void> {
  const stillness = new StillnessWatch(db)
  const holder = randomUUID()
  let ours = false
  const again = async () => {
    ours = await holdLease(db, lease, holder, leaseMs)
    if (!ours) return
    const sinceMs = await noteJudging(db, now())
    const still = await stillness.look(now(), sinceMs)
    // The regions first: the votes of one that is at fault are set aside in what follows.
    const { inDoubt } = await judgeRegions(db, now(), sinceMs, still.regions)
    const changes = await judgeAgain(db, now(), inDoubt, still.checkIds)
    if (changes.some(({ type }) => type === 'incident.opened')) onOpened()
  }
  const slowly = async () => {
    if (!ours) return
    const changes = await judgeLatencies(db, now())
    if (changes.some(({ type }) => type === 'incident.opened')) onOpened()
    await judgeCertificates(db, now())
  }
  await Promise.all([keep(again, log, () => pauseMs, signal), keep(slowly, log, slowPause, signal)])
  await giveUpLease(db, lease, holder).catch(() => undefined)
}

/** What stands still, looked for often while it may, as when nobody schedules, and now and then in any case. */
class StillnessWatch {
  readonly #db: Database
  #found = nothingStill
  #againAtMs = 0
  #calmUntilMs = 0

  constructor(db: Database) {
    this.#db = db
  }

  async look(nowMs: number, sinceMs: number) {
    const mayBe = await mayStandStill(this.#db)
    if (!mayBe) this.#found = nothingStill
    const began = performance.now()
    if (began < (mayBe ? this.#againAtMs : this.#calmUntilMs)) return this.#found
    const found = await lookForStillness(this.#db, nowMs, sinceMs)
    const took = performance.now() - began
    this.#againAtMs = began + slowPause(took)
    this.#calmUntilMs = began + stillPauseMs
    // While slots are noted and accounted for, a region is judged by what was missed.
    this.#found = mayBe ? found : { ...nothingStill, checkIds: found.checkIds }
    return this.#found
  }
}

function slowPause(tookMs: number): number {
  return Math.max(slowPauseMs, slowShare * tookMs)
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
