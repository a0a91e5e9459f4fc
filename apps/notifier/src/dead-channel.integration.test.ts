import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { ok, type Received, receiver, setUp, until } from './notifier.fixture.ts'

const incidentOf = ({ body }: Received) =>
  (JSON.parse(body) as { data: { incident: { rule: string; target: string; summary: string; cause: string } } }).data
    .incident

test('a channel that takes nothing is told of through the others, once, with what it missed, and so is its return', async () => {
  let broken = true
  await using dead = await receiver((_, response) => void response.writeHead(broken ? 403 : 200).end('bad token'))
  await using server = await receiver(ok)
  await using run = await setUp(
    { key: 'dead', kind: 'webhook', webhook: { url: dead.url } },
    { key: 'good', kind: 'webhook', webhook: { url: server.url } },
  )
  await run.store(true)
  await until(() => server.received.length === 2)
  const told = server.received.map(incidentOf).find(({ rule }) => rule === 'channelDead')
  expect(told).toMatchObject({
    target: 'channel dead',
    summary: 'channel dead does not take notifications: answered 403: bad token',
    cause: 'Not told there: shop (opened).',
  })
  await run.store(false)
  await until(async () => (await run.outbox()).filter(({ state }) => state === 'dead').length === 2)
  expect(server.received.map(incidentOf).filter(({ rule }) => rule === 'channelDead')).toHaveLength(1)
  broken = false
  await run.db.execute(sql`update outbox set state = 'pending', next_at = now() where state = 'dead'`)
  await until(() => server.received.length === 4)
  expect(JSON.parse(server.received[3]?.body ?? '')).toMatchObject({
    type: 'incident.resolved',
    data: { incident: { rule: 'channelDead' } },
  })
})

test('channels that are all at fault tell nobody, and do not tell each other in a circle', async () => {
  await using dead = await receiver((_, response) => void response.writeHead(403).end())
  await using run = await setUp(
    { key: 'a', kind: 'webhook', webhook: { url: dead.url } },
    { key: 'b', kind: 'webhook', webhook: { url: dead.url } },
  )
  await run.store(true)
  await until(async () => {
    const { rows } = await run.db.execute(sql`select from incidents where rule = 'channelDead' and state = 'open'`)
    return rows.length === 2 && (await run.outbox()).every(({ state }) => state === 'dead')
  })
  // The shop's two, and at most what the first told the second before that was known to be at fault too.
  expect((await run.outbox()).length).toBeLessThanOrEqual(3)
})

test('one that fails for minutes is told of before the day is over', async () => {
  await using dead = await receiver((_, response) => void response.writeHead(500).end())
  await using server = await receiver(ok)
  await using run = await setUp(
    { key: 'dead', kind: 'webhook', webhook: { url: dead.url } },
    { key: 'good', kind: 'webhook', webhook: { url: server.url } },
  )
  await run.store(true)
  for (let count = 1; count <= 4; count++) {
    await until(async () => (await run.outbox()).some((one) => one.channel_key === 'dead' && one.attempts === count))
    if (count === 3) expect(server.received.map(incidentOf).filter(({ rule }) => rule === 'channelDead')).toEqual([])
    await run.db.execute(sql`update outbox set next_at = now() where channel_key = 'dead'`)
  }
  await until(() => server.received.some((one) => incidentOf(one).rule === 'channelDead'))
})
