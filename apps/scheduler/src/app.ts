import { setTimeout as delay } from 'node:timers/promises'
import type { Logger } from '@sonde/config'
import { advanceHorizon, keepSession, openDatabase, readHorizon, type Session } from '@sonde/db'
import { type Registry, readinessOf, schedulerMetrics } from '@sonde/metrics'
import { openQueues, probesQueue, queueLocation } from '@sonde/queue'
import { batchesOf } from './batches.ts'
import { CheckSet } from './check-set.ts'
import type { SchedulerConfig } from './config.ts'
import { waitForLeadership } from './leader.ts'

const tickMs = 1000
const reconcileMs = 60_000

/** Turns checks into slots and slots into batches, if it leads; otherwise stands by. Rejects when database or queue do not answer. */
export async function startScheduler(config: SchedulerConfig, log: Logger, registry: Registry) {
  const { lookaheadMs, databaseUrl } = config
  const onError = (error: Error) => log.warn({ err: error }, 'connection')
  const database = openDatabase(databaseUrl, { name: 'sonde-scheduler', max: 3, onError })
  const queues = openQueues(queueLocation(config), onError)
  const metrics = schedulerMetrics(registry)
  const stop = new AbortController()
  const checks = new CheckSet(database.db)
  const changed = new Set<string>()
  let leading = false

  async function lead(session: Session): Promise<void> {
    await waitForLeadership(session, stop.signal)
    if (stop.signal.aborted) return
    await checks.reload()
    changed.clear()
    let horizon = await startingHorizon()
    let reconcileAt = Date.now() + reconcileMs
    leading = true
    log.info({ checks: checks.size, horizon: new Date(horizon).toISOString() }, 'leading the schedule')
    try {
      while (!stop.signal.aborted) {
        if (Date.now() > reconcileAt) {
          changed.add('')
          reconcileAt = Date.now() + reconcileMs
        }
        await followChanges()
        // What lies further back than the lookahead can no longer be made good by running it.
        horizon = Math.max(horizon, tickOf(Date.now() - lookaheadMs))
        while (horizon < Date.now() + lookaheadMs && !stop.signal.aborted) {
          await enqueue(horizon)
          horizon += tickMs
          // On the session itself: whoever has lost the connection has lost the leadership, and hears of it here.
          await session.query('select 1')
          await advanceHorizon(database.db, horizon)
        }
        await delay(Math.max(50, horizon - lookaheadMs - Date.now()), undefined, { signal: stop.signal }).catch(
          () => undefined,
        )
      }
    } finally {
      leading = false
    }
  }

  /** From where the last leader stopped; from now when that is long ago, or lies in a future that a wrong clock made up. */
  async function startingHorizon(): Promise<number> {
    const now = tickOf(Date.now())
    const stored = await readHorizon(database.db)
    return stored === null || stored < now - lookaheadMs || stored > now + lookaheadMs + 60_000 ? now : stored
  }

  async function followChanges(): Promise<void> {
    const keys = [...changed]
    changed.clear()
    try {
      if (keys.includes('') || keys.length > 100) await checks.reload()
      else for (const key of keys) await checks.refresh(key)
    } catch (error) {
      for (const key of keys) changed.add(key)
      throw error
    }
  }

  async function enqueue(tick: number): Promise<void> {
    for (const [region, jobs] of batchesOf(checks.entries(), tick, tick + tickMs)) {
      await queues.send(probesQueue(region), jobs)
      metrics.slots.inc(
        { outcome: 'queued' },
        jobs.reduce((sum, { data }) => sum + data.probes.length, 0),
      )
    }
    metrics.scheduleLag.observe(Math.max(0, Date.now() - (tick - lookaheadMs)) / 1000)
  }

  await database.ping()
  await database.assertMigrated()
  await queues.ping()
  const session = keepSession({
    url: databaseUrl,
    name: 'sonde-scheduler-leader',
    channels: ['sonde_checks'],
    onConnect: lead,
    onNotification: (_, key) => changed.add(key),
    onLost: (error) => log.warn({ err: error }, 'lost the leadership or a step of it; trying again'),
    signal: stop.signal,
  })

  return {
    leading: () => leading,
    ready: () => readinessOf({ database: database.ping, queue: queues.ping }),
    async close(): Promise<void> {
      stop.abort()
      await session
      await queues.close()
      await database.close()
    },
  }
}

function tickOf(at: number): number {
  return Math.floor(at / tickMs) * tickMs
}

export { type SchedulerConfig, schedulerConfig } from './config.ts'
