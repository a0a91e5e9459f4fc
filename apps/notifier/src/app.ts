import { setTimeout as delay } from 'node:timers/promises'
import { type Logger, recurringWarning } from '@sonde/config'
import {
  deadByChannel,
  endChannelFaults,
  forgetMessages,
  keepSession,
  type LeasedMessage,
  leaseMessages,
  nextUntriedMs,
  oldestPendingSeconds,
  openDatabase,
  releaseMessage,
  whyNotJudging,
} from '@sonde/db'
import { notifierMetrics, type Registry, readinessOf } from '@sonde/metrics'
import { egressPolicy, hostLookup } from '@sonde/probes'
import { secretKey } from '@sonde/secrets'
import { AtOnce } from './at-once.ts'
import { attempt } from './attempt.ts'
import type { NotifierConfig } from './config.ts'
import { keepPinging } from './deadman.ts'
import { refreshAlerts } from './refresh-alerts.ts'

// A message wakes the notifier at once (LISTEN); this is for those that are due again, and for a word that was lost.
const pauseMs = 1000
// A channel that hangs keeps its own messages waiting and nobody else's (at-once.ts). Beyond this many, which bounds the sockets and the
// memory, each channel still may have one.
const inAll = 256
const keptMs = 30 * 86_400_000
const upkeepMs = 3_600_000
const minuteMs = 60_000
// Longer than a look at the outbox takes while the database does not answer.
const stuckMs = 30_000

/** Delivers what is in the outbox, each message at least once and with the same id. Rejects when the database does not answer. */
export async function startNotifier(
  config: NotifierConfig,
  log: Logger,
  registry: Registry,
  /** In place of the machine's own. */
  resolvers?: readonly string[],
) {
  const onError = recurringWarning(log, 'connection')
  const database = openDatabase(config.databaseUrl, { name: 'sonde-notifier', max: 6, onError })
  const { db } = database
  const metrics = notifierMetrics(registry, {
    oldestAgeSeconds: () => oldestPendingSeconds(db),
    dead: () => deadByChannel(db),
  })
  const key = config.secretKey === undefined ? undefined : secretKey(config.secretKey)
  const hurry = new AbortController()
  const egress = egressPolicy(config.egress)
  const context = {
    hurry: hurry.signal,
    db,
    log,
    metrics,
    key,
    egress,
    lookup: hostLookup(egress, resolvers),
    publicUrl: config.publicUrl,
    grafanaUrl: config.grafanaUrl,
  }
  const stop = new AbortController()
  const running = new Map<Promise<unknown>, string>()
  const atOnce = new AtOnce()
  let woken = Promise.withResolvers<void>()
  let turnAt = performance.now()

  /** Takes what is due and begins it; answers whether there was any. */
  async function takeDue(): Promise<boolean> {
    const inHand = new Map(
      [...Map.groupBy(running.values(), (channel) => channel)].map(([key, all]) => [key, all.length]),
    )
    const isFull = running.size >= inAll
    const messages = await leaseMessages(db, inHand, isFull ? 1 : atOnce.fewest, isFull ? undefined : atOnce.limits)
    if (messages.length === 0) atOnce.keepOnly(new Set(inHand.keys()))
    for (const message of messages) begin(message)
    return messages.length > 0
  }

  function begin(message: LeasedMessage): void {
    const work = (stop.signal.aborted ? releaseMessage(db, message.id) : deliverOne(message)).catch((error: unknown) =>
      log.warn({ err: error, message: message.id }, 'a message stays leased until its lease ends'),
    )
    running.set(work, message.channelKey)
    // The next of the same incident may wait for this one.
    void work.finally(() => {
      running.delete(work)
      woken.resolve()
    })
  }

  async function deliverOne(message: LeasedMessage): Promise<void> {
    const wasTaken = await attempt(message, context)
    atOnce.noted(message.channelKey, message.channel?.kind, wasTaken)
  }

  async function keepDelivering(): Promise<void> {
    let upkeepAt = 0
    while (!stop.signal.aborted) {
      woken = Promise.withResolvers<void>()
      turnAt = performance.now()
      let waitMs = pauseMs
      try {
        if (await takeDue()) continue
        waitMs = Math.min(pauseMs, (await nextUntriedMs(db)) ?? pauseMs)
        if (Date.now() > upkeepAt) {
          await forgetMessages(db, keptMs)
          upkeepAt = Date.now() + upkeepMs
        }
      } catch (error) {
        log.warn({ err: error }, 'the outbox cannot be read; trying again')
        await delay(1000, undefined, { signal: stop.signal }).catch(() => undefined)
      }
      await Promise.race([woken.promise, delay(waitMs, undefined, { signal: stop.signal }).catch(() => undefined)])
    }
  }

  /** What is not a message, and is due again and again. */
  async function lookEveryMinute(): Promise<void> {
    while (!stop.signal.aborted) {
      try {
        await refreshAlerts(context, stop.signal)
        await endChannelFaults(db, 'gone', Date.now())
      } catch (error) {
        log.warn({ err: error }, 'looking at channels')
      }
      await delay(minuteMs, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }

  await database.ping()
  await database.assertMigrated()
  const listening = keepSession({
    url: config.databaseUrl,
    name: 'sonde-notifier-listen',
    channels: ['sonde_outbox'],
    onConnect: async () => {
      woken.resolve()
      await new Promise<void>((resolve) => stop.signal.addEventListener('abort', () => resolve(), { once: true }))
    },
    onNotification: () => woken.resolve(),
    onLost: (error) => log.debug({ err: error }, 'listening again'),
    signal: stop.signal,
  })
  const delivering = keepDelivering()
  const looking = lookEveryMinute()
  const whyNot = async () =>
    performance.now() - turnAt > stuckMs ? 'messages are not looked at' : await whyNotJudging(db)
  const pinging =
    config.deadmanUrl === undefined
      ? Promise.resolve()
      : keepPinging({ url: config.deadmanUrl, whyNot, context, metrics, log, signal: stop.signal })
  log.info('delivering notifications')
  return {
    ready: () => readinessOf({ database: database.ping }),
    /** Takes no more and waits for what is under way, for 3 s; what a receiver has not taken by then is tried again. */
    async close(): Promise<void> {
      stop.abort()
      await delivering
      await Promise.all([looking, pinging])
      const patience = setTimeout(() => hurry.abort(new Error('Sonde is stopping')), 3000)
      await Promise.all(running.keys())
      clearTimeout(patience)
      await listening
      await database.close()
    },
  }
}

export { type NotifierConfig, notifierConfig } from './config.ts'
