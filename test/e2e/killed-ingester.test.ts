import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Channel, explain } from '@sonde/core'
import { createChannel, createCheck, findCheck, makePartitions, openDatabase } from '@sonde/db'
import { openQueues, resultsQueue } from '@sonde/queue'
import { aCheck, aResult, freePort, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { sonde, until } from './sonde.ts'

const patienceMs = 90_000

/** Where the ingester is held up, so that it is killed there: on which table, and how many incidents are written by then. */
const steps = {
  'before the incident is written': {
    hold: sql`create trigger hold before insert on incidents for each row execute function hold()`,
    table: sql`incidents`,
    written: 0,
  },
  'before its message is written': {
    hold: sql`create trigger hold before insert on outbox for each row execute function hold()`,
    table: sql`outbox`,
    written: 0,
  },
  'as all of it is committed': {
    hold: sql`create constraint trigger hold after insert on outbox deferrable initially deferred
      for each row execute function hold()`,
    table: sql`outbox`,
    written: 0,
  },
  'before the queue hears that all of it is committed': {
    hold: sql`create trigger hold before delete on bullmq.job for each row execute function hold()`,
    table: sql`bullmq.job`,
    written: 1,
  },
}

// At the same time: most of it is spent in waiting for the lock of the dead one to end.
test.concurrent.each(Object.entries(steps))(
  'an ingester that is killed %s opens one incident and writes one message',
  async (_, { hold, table, written }) => {
    await using stack = new AsyncDisposableStack()
    const fresh = stack.use(await freshDatabase())
    const database = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
    stack.defer(database.close)
    const { db } = database
    await makePartitions(db, Date.now())
    await createChannel(db, Channel.parse({ key: 'ops', kind: 'webhook', webhook: { url: 'http://127.0.0.1:9/' } }))
    const alerts = { failureThreshold: 1, channels: ['ops'] }
    const check = aCheck({ key: 'shop', interval: '1m', timeout: '1s', alerts })
    await createCheck(db, check)
    const { id } = (await findCheck(db, 'shop')) ?? { id: 0 }
    await db.execute(sql`create function hold() returns trigger language plpgsql as $$
    begin perform pg_sleep(60); return new; end $$`)
    const queues = openQueues({ kind: 'postgres', url: fresh.url }, () => undefined)
    stack.defer(() => queues.close())
    const slotMs = Math.floor(Date.now() / 60_000) * 60_000
    const down = { outcome: 'down', error: explain('tcp_refused', 'nothing listens') } as const
    const items = [{ checkId: id, result: aResult(check, slotMs, down) }]
    await db.execute(hold)
    const sendChunk = () => queues.send(resultsQueue, [{ data: { type: 'results', items } }])
    await sendChunk()

    const folder = await mkdtemp(join(tmpdir(), 'sonde-killed-'))
    stack.defer(() => rm(folder, { recursive: true, force: true }))
    const start = async () =>
      stack.use(
        sonde(['ingester'], {
          cwd: folder,
          env: { DATABASE_URL: fresh.url, SONDE_METRICS_PORT: String(await freePort()) },
        }),
      )
    const sleepers = async () =>
      (
        await db.execute<{ pid: number }>(
          sql`select pid from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
        )
      ).rows
    const killed = await start()
    await until(async () => (await sleepers()).length > 0, patienceMs, killed.output)
    killed.child.kill('SIGKILL')
    await killed.exited
    for (const { pid } of await sleepers()) await db.execute(sql`select pg_terminate_backend(${pid})`)
    await db.execute(sql`drop trigger hold on ${table}`)
    expect((await db.execute(sql`select from incidents`)).rows).toHaveLength(written)
    const second = await start()
    const messages = async () => (await db.execute(sql`select type, channel_key from outbox`)).rows
    await until(async () => (await messages()).length > 0, patienceMs, second.output)
    // The same chunk once more, as from a worker that never heard that the queue had it.
    await sendChunk()
    await until(async () => (await queues.doneUpTo(resultsQueue)) > Date.now() - 100, patienceMs, second.output)
    expect(await messages()).toEqual([{ type: 'incident.opened', channel_key: 'ops' }])
    expect((await db.execute(sql`select rule, state from incidents`)).rows).toEqual([{ rule: 'down', state: 'open' }])
  },
  // What a dead ingester had in hand is given to another after half a minute.
  120_000,
)
