import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'

// What a queue that works needs to take the last results, many times over. One that does not is waited for no longer: whoever
// stops a worker has more to do, and the slots are told as missed.
const handoverMs = 5000

/**
 * Waits until all that was in hand has ended and is handed over, for as long as the probes may take and a few seconds more. Answers
 * how many results were lost, and says so in one line.
 */
export async function drain(what: {
  ended: Promise<unknown>
  /** How long the last probe may still take. */
  probesMs: number
  /** Stops handing over; answers how many results are left. */
  giveUp: () => number
  log: Logger
}): Promise<number> {
  const patience = new AbortController()
  const ended = what.ended.then(
    () => true,
    () => true,
  )
  const tired = delay(what.probesMs + handoverMs, false, { signal: patience.signal }).catch(() => false)
  const inTime = await Promise.race([ended, tired])
  patience.abort()
  const lost = what.giveUp()
  if (lost > 0) {
    what.log.error(
      { lost },
      `the queue did not take ${lost} result${lost === 1 ? '' : 's'}; their slots will be told as missed`,
    )
  } else if (!inTime) {
    what.log.warn('the queue does not answer; what it had handed out goes to another worker')
  }
  return lost
}
