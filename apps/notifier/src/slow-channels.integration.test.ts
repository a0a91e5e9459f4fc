import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { Channel } from '@sonde/core'
import { createChannel } from '@sonde/db'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { ok, receiver, setUp, setUpWith, until } from './notifier.fixture.ts'

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
  await until(() => hanging.received.length >= 60)
  const began = Date.now()
  await run.store(true)
  await until(() => server.received.length === 1)
  expect((server.received[0]?.atMs ?? 0) - began).toBeLessThan(1000)
  // Three at a time of each: the rest of them waits for these.
  await sleep(300)
  expect(hanging.received.length).toBeLessThanOrEqual(30 * 3)
})

test('a resolver that is dead holds up the channels that are to be looked up, and no other', async () => {
  const dead = createSocket('udp4').bind(0, '127.0.0.1')
  await once(dead, 'listening')
  let asked = 0
  dead.on('message', () => {
    asked++
  })
  await using server = await receiver(ok)
  const { port } = new URL(server.url)
  await using run = await setUpWith(
    [`127.0.0.1:${dead.address().port}`],
    { key: 'a-named', kind: 'webhook', webhook: { url: `http://hooks.example:${port}/named` } },
    {
      key: 'b-named',
      kind: 'email',
      email: { smtp: 'smtp://mail.example:25', from: 'a@b.example', to: ['c@d.example'] },
    },
    { key: 'z', kind: 'webhook', webhook: { url: server.url } },
  )
  await run.db.execute(
    sql`insert into outbox (channel_key, type, doc, decided_at)
        select key, 'incident.opened', ${JSON.stringify(anIncident)}::jsonb, now() from channels, generate_series(1, 20) where key <> 'z'`,
  )
  await until(() => asked >= 4)
  const began = Date.now()
  await run.store(true)
  await until(() => server.received.length === 1)
  expect(server.received[0]?.path).toBe('/')
  expect((server.received[0]?.atMs ?? 0) - began).toBeLessThan(1000)
  dead.close()
})

test('a burst to a channel that takes it goes out many at a time, and each incident in its order', async () => {
  let inHand = 0
  let most = 0
  await using server = await receiver((_, response) => {
    most = Math.max(most, ++inHand)
    setTimeout(() => {
      inHand--
      response.end()
    }, 20)
  })
  await using run = await setUp({ key: 'z', kind: 'webhook', webhook: { url: server.url } })
  await run.db.execute(
    sql`with one as (
          insert into incidents (rule, state, opened_at, summary, subject)
          select 'down', 'open', now(), 's', n::text from generate_series(1, 60) as n returning id)
        insert into outbox (incident_id, channel_key, type, doc, decided_at)
        select id, 'z', type, ${JSON.stringify(anIncident)}::jsonb || jsonb_build_object('id', id), now()
        from unnest(array['incident.opened', 'incident.updated', 'incident.resolved']) with ordinality as t(type, place), one order by place`,
  )
  await until(() => server.received.length === 180)
  expect(most).toBeGreaterThan(8)
  expect(most).toBeLessThanOrEqual(32)
  const told = server.received.map(
    ({ body }) => JSON.parse(body) as { type: string; data: { incident: { id: string } } },
  )
  for (const own of Map.groupBy(told, ({ data }) => data.incident.id).values())
    expect(own.map(({ type }) => type)).toEqual(['incident.opened', 'incident.updated', 'incident.resolved'])
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
