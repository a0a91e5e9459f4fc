import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { findChannel } from '@sonde/db'
import { sql } from 'drizzle-orm'
import { SMTPServer } from 'smtp-server'
import { Webhook } from 'standardwebhooks'
import { expect, test } from 'vitest'
import { ok, type Received, receiver, setUp, until } from './notifier.fixture.ts'

const hookSecret = `whsec_${randomBytes(24).toString('base64')}`

test('a webhook gets the opening and the resolving message, signed after Standard Webhooks, in their order', async () => {
  await using server = await receiver(ok)
  await using run = await setUp({
    key: 'ops',
    kind: 'webhook',
    webhook: { url: server.url, secret: hookSecret, headers: { 'x-a': 'b' } },
  })
  await run.store(true)
  await run.store(false)
  await until(() => server.received.length === 2)
  const [opened, resolved] = server.received.map(({ headers, body }) => {
    expect(headers['x-a']).toBe('b')
    return new Webhook(hookSecret).verify(body, headers as Record<string, string>) as {
      type: string
      data: { incident: Record<string, unknown> }
    }
  })
  expect(opened).toMatchObject({
    type: 'incident.opened',
    data: {
      incident: {
        rule: 'down',
        checkKey: 'shop',
        kind: 'http',
        labels: { team: 'web' },
        resolvedAt: null,
        code: 'tcp_refused',
        regions: [{ region: 'local', state: 'down', code: 'tcp_refused' }],
      },
    },
  })
  expect(opened?.data.incident['url']).toBe(
    `http://sonde.example/api/v1/incidents/${String(opened?.data.incident['id'])}`,
  )
  expect(resolved).toMatchObject({ type: 'incident.resolved', data: { incident: { id: opened?.data.incident['id'] } } })
  expect(server.received[0]?.headers['webhook-id']).toBe((await run.outbox())[0]?.id)
  await until(async () => (await run.outbox()).every(({ state }) => state === 'sent'))
  expect(await run.registry.metrics()).toContain('sonde_notifications_total{channel="ops",outcome="sent"} 2')
})

test('a receiver that fails gets the same message again, with the same id, and the one after it waits', async () => {
  await using server = await receiver((_, response, count) => {
    response.statusCode = count === 1 ? 503 : 200
    response.end()
  })
  await using run = await setUp({ key: 'ops', kind: 'webhook', webhook: { url: server.url } })
  await run.store(true)
  await until(() => server.received.length === 1)
  await run.store(false)
  await sleep(300)
  expect(server.received).toHaveLength(1)
  await run.db.execute(sql`update outbox set next_at = now()`)
  await until(() => server.received.length === 3)
  const [first, again, resolved] = server.received
  expect(again?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  expect(JSON.parse(resolved?.body ?? '{}')).toMatchObject({ type: 'incident.resolved' })
})

test('Retry-After is kept to, and a wrong address is given up at once', async () => {
  await using server = await receiver((request, response) => {
    response.statusCode = request.path === '/busy' ? 429 : 404
    response.setHeader('retry-after', '120')
    response.end('no')
  })
  await using run = await setUp(
    { key: 'busy', kind: 'webhook', webhook: { url: `${server.url}/busy` } },
    { key: 'wrong', kind: 'webhook', webhook: { url: `${server.url}/wrong` } },
  )
  await run.store(true)
  await until(async () => (await run.outbox()).every(({ attempts }) => attempts === 1))
  const { rows } = await run.db.execute<{ channel_key: string; state: string; wait: string; last_error: string }>(
    sql`select channel_key, state, extract(epoch from next_at - now()) as wait, last_error from outbox where doc->>'rule' = 'down' order by channel_key`,
  )
  expect(rows).toMatchObject([
    { channel_key: 'busy', state: 'pending', last_error: 'answered 429: no' },
    { channel_key: 'wrong', state: 'dead', last_error: 'answered 404: no' },
  ])
  expect(Number(rows[0]?.wait)).toBeGreaterThan(110)
})

test('a receiver that says 410 gets nothing more', async () => {
  await using server = await receiver((_, response) => {
    response.statusCode = 410
    response.end()
  })
  await using run = await setUp({ key: 'ops', kind: 'webhook', webhook: { url: server.url } })
  await run.store(true)
  await until(async () => (await run.outbox())[0]?.state === 'dead')
  await run.store(false)
  await until(async () => (await run.outbox())[1]?.state === 'dead')
  expect(server.received).toHaveLength(1)
  expect(await findChannel(run.db, 'ops')).toMatchObject({ refused: 'answered 410' })
})

test('redirects are not followed, and addresses that are denied are not dialled', async () => {
  await using server = await receiver((_, response) => {
    response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end()
  })
  await using run = await setUp(
    { key: 'moved', kind: 'webhook', webhook: { url: server.url } },
    { key: 'metadata', kind: 'webhook', webhook: { url: 'http://169.254.169.254/latest' } },
    { key: 'denied', kind: 'slack', slack: { url: 'http://127.6.6.6:1/' } },
  )
  await run.store(true)
  await until(async () => (await run.outbox()).every(({ state }) => state === 'dead'))
  // The first message to each: that a channel is dead is told to the others, which are no better.
  const errors = Object.fromEntries(
    (await run.outbox()).toReversed().map(({ channel_key, last_error }) => [channel_key, last_error]),
  )
  expect(errors['moved']).toBe('answered 302')
  expect(errors['metadata']).toContain('169.254.0.0/16, which the egress policy denies')
  expect(errors['denied']).toContain('127.6.6.6')
})

test('a channel that hangs delays no other', async () => {
  await using hanging = await receiver(() => undefined)
  await using server = await receiver(ok)
  await using run = await setUp(
    { key: 'a-hangs', kind: 'webhook', webhook: { url: hanging.url } },
    { key: 'b', kind: 'webhook', webhook: { url: server.url } },
  )
  const began = Date.now()
  for (let turn = 0; turn < 4; turn++) await run.store(turn % 2 === 0)
  await until(() => server.received.length === 4)
  expect((server.received[0]?.atMs ?? 0) - began).toBeLessThan(1000)
})

test('what a process that was killed had in hand goes out again with the same id', async () => {
  await using server = await receiver(ok)
  await using run = await setUp({ key: 'ops', kind: 'webhook', webhook: { url: server.url } })
  await run.db.execute(sql`alter table outbox alter column leased_until set default now() + interval '1 hour'`)
  await run.store(true)
  await sleep(500)
  expect(server.received).toEqual([])
  // The lease of the dead process ends.
  await run.db.execute(sql`update outbox set leased_until = now() - interval '1 second'`)
  await until(() => server.received.length === 1)
  expect(server.received[0]?.headers['webhook-id']).toBe((await run.outbox())[0]?.id)
})

test('mail says it in text and in HTML, with what the target sent escaped', async () => {
  const mails: string[] = []
  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        mails.push(Buffer.concat(chunks).toString())
        done()
      })
    },
  })
  smtp.listen(0, '127.0.0.1')
  await once(smtp.server, 'listening')
  const { port } = smtp.server.address() as AddressInfo
  await using run = await setUp({
    key: 'mail',
    kind: 'email',
    email: { smtp: `smtp://127.0.0.1:${port}`, from: 'sonde@a.example', to: ['ops@b.example'] },
  })
  await run.store(true)
  await until(() => mails.length === 1)
  const mail = (mails[0] ?? '').replaceAll('=\r\n', '')
  expect(mail).toMatch(/^Subject: DOWN: shop\r$/m)
  expect(mail).toMatch(/^To: ops@b\.example\r$/m)
  expect(mail).toContain('&lt;b&gt;listens&lt;/b&gt;')
  await new Promise<void>((resolve) => smtp.close(() => resolve()))
})

test('each chat and paging channel is sent what its API takes', async () => {
  await using server = await receiver(ok)
  const url = `${server.url}/in`
  await using run = await setUp(
    { key: 'am', kind: 'alertmanager', alertmanager: { url: server.url } },
    { key: 'discord', kind: 'discord', discord: { url } },
    { key: 'genie', kind: 'opsgenie', opsgenie: { apiKey: 'genie-key', url: server.url } },
    { key: 'googlechat', kind: 'googlechat', googlechat: { url } },
    { key: 'mattermost', kind: 'mattermost', mattermost: { url } },
    { key: 'ntfy', kind: 'ntfy', ntfy: { url: `${server.url}/my-topic`, token: 'tk' } },
    { key: 'pager', kind: 'pagerduty', pagerduty: { routingKey: 'route', url: `${server.url}/v2/enqueue` } },
    { key: 'slack', kind: 'slack', slack: { url } },
    { key: 'teams', kind: 'teams', teams: { url } },
    { key: 'telegram', kind: 'telegram', telegram: { botToken: '1:tok', chatId: '-5', url: server.url } },
  )
  // Not what was received: an Alertmanager may be told twice.
  const sent = async () => (await run.outbox()).filter(({ state }) => state === 'sent').length
  await run.store(true)
  await until(async () => (await sent()) === 10)
  const find = (test: (body: Record<string, unknown>, one: Received) => boolean) =>
    server.received.find((one) => test(JSON.parse(one.body) as Record<string, unknown>, one))
  const bodyOf = (one: Received | undefined) => JSON.parse(one?.body ?? 'null') as Record<string, unknown>
  expect(bodyOf(find((_, { path }) => path === '/api/v2/alerts'))).toMatchObject([
    {
      labels: { alertname: 'SondeIncident', job: 'shop', team: 'web', rule: 'down' },
      annotations: { title: 'DOWN: shop' },
    },
  ])
  expect(bodyOf(find((body) => 'embeds' in body))).toMatchObject({
    allowed_mentions: { parse: [] },
    embeds: [{ title: 'DOWN: shop' }],
  })
  const genie = find((_, { path }) => path === '/v2/alerts')
  expect(genie?.headers.authorization).toBe('GenieKey genie-key')
  expect(bodyOf(genie)).toMatchObject({ entity: 'shop', priority: 'P1' })
  expect(bodyOf(find((body) => 'thread' in body))['text']).toContain('‹b›')
  expect(bodyOf(find((body) => String(body['text']).startsWith('####')))['text']).toContain('\\*here\\* @\u200ball')
  const ntfy = find((body) => body['topic'] === 'my-topic')
  expect(ntfy).toMatchObject({ path: '/', headers: { authorization: 'Bearer tk' } })
  expect(bodyOf(find((body) => body['routing_key'] === 'route'))).toMatchObject({
    event_action: 'trigger',
    payload: { severity: 'critical' },
  })
  const { blocks } = bodyOf(find((body) => 'blocks' in body)) as { blocks: { text: { text: string } }[] }
  expect(blocks[0]).toMatchObject({ type: 'header', text: { type: 'plain_text', text: 'DOWN: shop' } })
  expect(blocks.at(-1)?.text.text).toMatch(
    /^<http:\/\/sonde\.example\/.*\|Incident> · <http:\/\/grafana\.example\/d\/sonde-check\?var-job=shop&amp;.*\|Grafana>$/,
  )
  expect(bodyOf(find((body) => body['type'] === 'message'))).toMatchObject({
    attachments: [{ content: { type: 'AdaptiveCard' } }],
  })
  expect(bodyOf(find((_, { path }) => path === '/bot1:tok/sendMessage'))).toMatchObject({ chat_id: '-5' })
  await run.store(false)
  await until(async () => (await sent()) === 20)
  expect(bodyOf(find((body) => body['event_action'] === 'resolve'))).not.toHaveProperty('payload')
  expect(find((_, { path }) => /^\/v2\/alerts\/[0-9a-f-]{36}\/close\?identifierType=alias$/.test(path))).toBeDefined()
})
