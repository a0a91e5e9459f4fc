import { setTimeout as delay } from 'node:timers/promises'
import { type DeliveryContext, ping, withoutAddress } from '@sonde/channels'
import type { Logger } from '@sonde/config'
import type { NotifierMetrics } from '@sonde/metrics'

const everyMs = 60_000
// Whoever starts all roles at once has a scheduler that leads some seconds later.
const firstMs = 5000
const patienceMs = 10_000

export type Deadman = {
  /** What is asked for every minute while Sonde judges. */
  url: string
  /** Why Sonde does not do what it is there for; undefined while it does. Rejects when that cannot be known. */
  whyNot: () => Promise<string | undefined>
  context: Omit<DeliveryContext, 'signal'>
  metrics: NotifierMetrics
  log: Logger
  signal: AbortSignal
  /** For tests: a minute otherwise. */
  pauseMs?: number | undefined
}

/**
 * Pings a dead man's switch, which raises the alarm when the pings end: so also a Sonde that is gone, or judges nothing, is noticed.
 * A ping that fails is tried again with the next; only its host is logged, as the path is what lets one ping.
 */
export async function keepPinging({ url, whyNot, context, metrics, log, signal, pauseMs }: Deadman): Promise<void> {
  const { host } = new URL(url)
  let told: string | undefined
  await delay(Math.min(firstMs, pauseMs ?? firstMs), undefined, { signal }).catch(() => undefined)
  while (!signal.aborted) {
    const reason = await whyNot().catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
    if (reason === undefined) {
      await ping(url, { ...context, signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) }).then(
        () => metrics.deadman.inc({ outcome: 'sent' }),
        (error: unknown) => {
          if (signal.aborted) return
          metrics.deadman.inc({ outcome: 'failed' })
          log.warn(
            { host, reason: withoutAddress(error instanceof Error ? error.message : String(error), url) },
            'the dead man’s switch took no ping',
          )
        },
      )
    } else if (!signal.aborted) {
      metrics.deadman.inc({ outcome: 'withheld' })
      if (reason !== told) log.error({ host, reason }, 'no pings for the dead man’s switch: nothing is judged')
    }
    told = reason
    await delay(pauseMs ?? everyMs, undefined, { signal }).catch(() => undefined)
  }
}
