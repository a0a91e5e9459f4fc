import { setTimeout as delay } from 'node:timers/promises'
import { type Logger, recurringWarning } from '@sonde/config'
import {
  advanceHorizon,
  keepSession,
  notedSlots,
  openDatabase,
  readMaintenancePlan,
  readSchedule,
  recordDueSlots,
  type Session,
} from '@sonde/db'
import { type Registry, readinessOf, schedulerMetrics } from '@sonde/metrics'
import { openQueues, probesQueue, queueLocation } from '@sonde/queue'
import { CheckSet } from './check-set.ts'
import type { SchedulerConfig } from './config.ts'
import { waitForLeadership } from './leader.ts'
import { Pauses } from './pauses.ts'
import { keepShedding } from './shedding.ts'
import {
  isOfAnotherTime,
  nextTick,
  type Progress,
  recordUpTo,
  startingPoint,
  takeOver,
  tickMs,
  tickOf,
  tickQueued,
} from './turn.ts'

const reconcileMs = 60_000

// Of a time in which nobody led, this much is noted slot by slot.
const maxGapMs = 3_600_000

/** Turns checks into slots and slots into batches, if it leads; otherwise stands by. Rejects when database or queue do not answer. */
export async function startScheduler(config: SchedulerConfig, log: Logger, registry: Registry) {
  const { lookaheadMs, databaseUrl } = config
  const onError = recurringWarning(log, 'connection')
  const database = openDatabase(databaseUrl, { name: 'sonde-scheduler', max: 3, onError })
  const queues = openQueues(queueLocation(config), onError)
  const { clock } = queues
  const metrics = schedulerMetrics(registry, { clockOffsetSeconds: () => clock.offsetMs / 1000 })
  const stop = new AbortController()
  const checks = new CheckSet(database.db)
  const changed = new Set<string>()
  const pauses = new Pauses()
  let maintenanceChanged = true
  let leader: Session | undefined

  async function lead(session: Session): Promise<void> {
    await waitForLeadership(session, stop.signal, (pid) => log.warn({ pid }, 'put out a leader that was silent'))
    if (stop.signal.aborted) return
    // In this order: what changes while everything is read is read once more.
    changed.clear()
    await checks.reload()
    maintenanceChanged = true
    await followMaintenance()
    let progress = startingPoint(await readSchedule(session.db), clock.now(), lookaheadMs, maxGapMs)
    const oldestRun = Math.max(progress.queued, tickOf(clock.now() - lookaheadMs))
    takeOver(progress, await notedSlots(session.db, oldestRun, progress.recorded))
    let reconcileAtMs = performance.now() + reconcileMs
    leader = session
    metrics.leading.set(1)
    log.info({ checks: checks.size, from: new Date(progress.queued).toISOString() }, 'leading the schedule')
    try {
      const over = AbortSignal.any([stop.signal, session.ended])
      while (!over.aborted) {
        if (performance.now() > reconcileAtMs) {
          changed.add('')
          maintenanceChanged = true
          reconcileAtMs = performance.now() + reconcileMs
        }
        await followChanges()
        await followMaintenance()
        if (isOfAnotherTime(progress.recorded, clock.now(), lookaheadMs)) {
          log.warn(
            { cameTo: new Date(progress.recorded).toISOString() },
            "the queue server's clock was set back; the schedule begins anew at its time",
          )
          progress = startingPoint(null, clock.now(), lookaheadMs, maxGapMs)
        }
        // Whoever has lost the session's connection has lost the leadership, and can note nothing any more.
        const due = await recordUpTo(
          (groups, marks, paused) => recordDueSlots(session.db, groups, marks, paused),
          () => checks.entries(),
          progress,
          tickOf(clock.now() + lookaheadMs) + tickMs,
          clock.now() - lookaheadMs,
          pauses,
        )
        metrics.slots.inc({ outcome: 'due' }, due)
        const queued = await queueDue(progress, over)
        await advanceHorizon(session.db, progress.queued)
        // Never for longer than a tick: whoever stands by watches for signs of life, and the clock may be set back.
        const pauseMs = queued ? Math.min(Math.max(50, progress.queued - lookaheadMs - clock.now()), tickMs) : 500
        await delay(pauseMs, undefined, { signal: over }).catch(() => undefined)
      }
    } finally {
      // The next session may lead already while this one comes to its end.
      if (leader === session) {
        leader = undefined
        metrics.leading.set(0)
      }
    }
  }

  /** Hands tick after tick to the queue; answers false when the queue does not take them, and then they are tried again. */
  async function queueDue(progress: Progress, over: AbortSignal): Promise<boolean> {
    for (;;) {
      const batches = nextTick(progress, clock.now(), lookaheadMs)
      if (batches === undefined || over.aborted) return true
      try {
        for (const [region, jobs] of batches) await queues.send(probesQueue(region), jobs)
      } catch (error) {
        log.warn({ err: error }, 'the queue takes no probes; trying again')
        return false
      }
      for (const jobs of batches.values()) {
        metrics.slots.inc(
          { outcome: 'queued' },
          jobs.reduce((sum, { data }) => sum + data.probes.length, 0),
        )
      }
      metrics.scheduleLag.observe(Math.max(0, clock.now() - (progress.queued - lookaheadMs)) / 1000)
      tickQueued(progress)
    }
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

  async function followMaintenance(): Promise<void> {
    if (!maintenanceChanged) return
    // In this order: a change while the windows are read has them read once more.
    maintenanceChanged = false
    try {
      pauses.follow(await readMaintenancePlan(database.db))
    } catch (error) {
      maintenanceChanged = true
      throw error
    }
  }

  await database.ping()
  await database.assertMigrated()
  clock.onSkew = (offsetMs) =>
    log.warn({ offsetSeconds: offsetMs / 1000 }, "this machine's clock is off; the schedule follows the queue server's")
  await queues.assertUsable()
  const session = keepSession({
    url: databaseUrl,
    name: 'sonde-scheduler-leader',
    channels: ['sonde_checks', 'sonde_maintenance'],
    onConnect: lead,
    onNotification: (channel, key) => {
      if (channel === 'sonde_maintenance') maintenanceChanged = true
      else changed.add(key)
    },
    onLost: (error) => log.warn({ err: error }, 'lost the leadership or a step of it; trying again'),
    signal: stop.signal,
  })

  const shedding = keepShedding({
    queues,
    entries: () => checks.entries(),
    lookaheadMs,
    isLeading: () => leader !== undefined,
    onShed: (region, jobs) => metrics.shed.inc({ queue: probesQueue(region).name }, jobs),
    log,
    signal: stop.signal,
  })

  return {
    leading: () => leader !== undefined,
    ready: () => readinessOf({ database: database.ping, queue: queues.ping }),
    async close(): Promise<void> {
      stop.abort()
      await Promise.all([session, shedding])
      await queues.close()
      await database.close()
    },
  }
}

export { type SchedulerConfig, schedulerConfig } from './config.ts'
