import { setTimeout as sleep } from 'node:timers/promises'
import { Channel } from '@sonde/core'
import { createChannel } from '@sonde/db'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { ok, receiver, setUp, until } from './notifier.fixture.ts'

test('thirty channels that hang with ten messages each delay no other by a second', async () => {
  await using hanging = await receiver(() => undefined)
  await using server = await receiver(ok)
  await using run = await setUp({ key: 'z', kind: 'webhook', webhook: { url: server.url } })
  for (let index = 0; index < 30; index++) {
    const key = `a-hangs-${index}`
    await createChannel(run.db, Channel.parse({ key, kind: 'webhook', webhook: { url: hanging.url } }))
  }
  // Each of an incident of its own, so that none waits for another.
  await run.db.execute(
    sql`insert into outbox (channel_key, type, doc, decided_at)
        select key, 'incident.opened', ${JSON.stringify(anIncident)}::jsonb, now() from channels, generate_series(1, 10) where key <> 'z'`,
  )
  await until(() => hanging.received.length >= 64)
  const began = Date.now()
  await run.store(true)
  await until(() => server.received.length === 1)
  expect((server.received[0]?.atMs ?? 0) - began).toBeLessThan(1000)
  // Four at a time of each: the rest of them waits for these.
  await sleep(300)
  expect(hanging.received.length).toBeLessThanOrEqual(30 * 4)
})

const anIncident = {
  id: '00000000-0000-4000-8000-000000000000',
  rule: 'down',
  checkKey: 'shop',
  target: 'https://shop.example/',
  kind: 'http',
  labels: {},
  openedAt: '2026-01-01T00:00:00.000Z',
  resolvedAt: null,
  acknowledgedAt: null,
  acknowledgedBy: null,
  regions: [],
  code: null,
  summary: 'shop is down',
  cause: null,
  remedy: null,
  url: null,
}
