import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Channel, explain, foldResults } from '@sonde/core'
import { createChannel, createCheck, findCheck, ingest, makePartitions, openDatabase } from '@sonde/db'
import { aCheck, aResult, freePort, freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { sonde, until } from './sonde.ts'

const patienceMs = 60_000

/** What the receiver does with the first message, so that the notifier dies at that very step. */
const steps = {
  'before its receiver has read it': 'refuse to read',
  'after it was read and before it was taken': 'keep silent',
  'after it was taken and before that is noted': 'answer',
} as const

test.each(Object.entries(steps))(
  'a notifier that is killed %s loses nothing and gives nothing a new id',
  async (_, step) => {
    await using stack = new AsyncDisposableStack()
    const fresh = stack.use(await freshDatabase())
    const database = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
    stack.defer(database.close)
    const { db } = database
    await makePartitions(db, Date.now())
    const received: { id: string; type: string }[] = []
    const reached = Promise.withResolvers<void>()
    let first = true
    const server = createServer((request, response) => {
      const mine = first
      first = false
      if (mine && step === 'refuse to read') {
        reached.resolve()
        return
      }
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { type } = JSON.parse(Buffer.concat(chunks).toString()) as { type: string }
        received.push({ id: String(request.headers['webhook-id']), type })
        if (!mine || step === 'answer') response.end('ok')
        if (mine) reached.resolve()
      })
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    stack.defer(() => {
      server.closeAllConnections()
      server.close()
    })
    const { port } = server.address() as AddressInfo
    await createChannel(
      db,
      Channel.parse({ key: 'ops', kind: 'webhook', webhook: { url: `http://127.0.0.1:${port}/` } }),
    )
    const alerts = { failureThreshold: 1, successThreshold: 1, channels: ['ops'] }
    const check = aCheck({ key: 'shop', interval: '10s', timeout: '1s', alerts })
    await createCheck(db, check)
    const { id } = (await findCheck(db, 'shop')) ?? { id: 0 }
    const slotMs = Math.floor(Date.now() / 1000) * 1000 - 20_000
    const down = { outcome: 'down', error: explain('tcp_refused', 'nothing listens') } as const
    const store = (at: number, own: object) =>
      ingest(db, [{ checkId: id, result: aResult(check, at, own) }], foldResults, at)
    if (step === 'answer') {
      // The database takes no news of it: what the receiver has taken stays as it was.
      await db.execute(sql`create function hold() returns trigger language plpgsql as $$
      begin perform pg_sleep(3600); return new; end $$`)
      await db.execute(
        sql`create trigger hold before update on outbox for each row when (new.state = 'sent') execute function hold()`,
      )
    }
    await store(slotMs, down)
    await store(slotMs + 10_000, {})

    const folder = await mkdtemp(join(tmpdir(), 'sonde-killed-'))
    stack.defer(() => rm(folder, { recursive: true, force: true }))
    const start = async () =>
      stack.use(
        sonde(['notifier'], {
          cwd: folder,
          env: { DATABASE_URL: fresh.url, SONDE_METRICS_PORT: String(await freePort()) },
        }),
      )
    const killed = await start()
    await reached.promise
    killed.child.kill('SIGKILL')
    await killed.exited
    if (step === 'answer')
      await db.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity where query like 'update outbox%'`)
    await db.execute(sql`drop trigger if exists hold on outbox`)
    // Its lease ends sooner than in half a minute.
    await db.execute(sql`update outbox set leased_until = now() where leased_until is not null`)
    const second = await start()
    const states = async () =>
      (
        await db.execute<{ id: string; type: string; state: string }>(
          sql`select id, type, state from outbox order by number`,
        )
      ).rows
    await until(async () => (await states()).every(({ state }) => state === 'sent'), patienceMs, second.output)
    const rows = await states()
    expect(rows.map(({ type }) => type)).toEqual(['incident.opened', 'incident.resolved'])
    expect(new Set(received.map(({ id: one }) => one))).toEqual(new Set(rows.map(({ id: one }) => one)))
    expect(received.at(-1)?.type).toBe('incident.resolved')
  },
)
