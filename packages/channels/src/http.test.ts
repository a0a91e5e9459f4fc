import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer } from 'node:net'
import { Channel } from '@sonde/core'
import { expect, test } from 'vitest'
import type { DeliveryContext, DeliveryError } from './delivery.ts'
import { send } from './http.ts'
import { aNotification } from './notification.fixture.ts'
import { deliver } from './registry.ts'

const context = (own: Partial<DeliveryContext> = {}): DeliveryContext => ({
  egress: { denies: (address) => (address.startsWith('169.254.') ? `${address} is denied` : undefined) },
  lookup: async () => [{ address: '127.0.0.1', family: 4 }],
  signal: AbortSignal.timeout(5000),
  ...own,
})

async function startHttp(answer: RequestListener) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const failure = (work: Promise<void>) =>
  work.then(
    () => expect.unreachable('it was taken'),
    (error: DeliveryError) => error,
  )

test.each([
  ['seconds', 429, { 'retry-after': '35' }, '', 35_000],
  ["Discord's fractions", 429, { 'retry-after': '0.65' }, '', 650],
  ["Telegram's body", 429, {}, '{"ok":false,"error_code":429,"parameters":{"retry_after":35}}', 35_000],
  ['nothing', 503, {}, '', undefined],
  ['nonsense', 503, { 'retry-after': 'soon' }, '', undefined],
])('a receiver that is busy says how long to wait: %s', async (_, status, headers, body, retryAfterMs) => {
  await using server = await startHttp((_request, response) => response.writeHead(status, headers).end(body))
  const error = await failure(send(`http://busy.test:${server.port}/`, { body: '{}' }, context()))
  expect(error).toMatchObject({ retryable: true, retryAfterMs })
})

test('a date in Retry-After is waited for', async () => {
  const at = new Date(Date.now() + 60_000).toUTCString()
  await using server = await startHttp((_, response) => response.writeHead(429, { 'retry-after': at }).end())
  const { retryAfterMs } = await failure(send(`http://busy.test:${server.port}/`, { body: '{}' }, context()))
  expect(retryAfterMs).toBeGreaterThan(50_000)
  expect(retryAfterMs).toBeLessThanOrEqual(60_000)
})

test.each([
  [400, false, false],
  [401, false, false],
  [404, false, false],
  [410, false, true],
  [302, false, false],
  [408, true, false],
  [425, true, false],
  [500, true, false],
  [502, true, false],
])('%d is worth another try: %s', async (status, retryable, gone) => {
  await using server = await startHttp((_, response) =>
    response.writeHead(status, { location: 'http://169.254.169.254/latest' }).end(),
  )
  const error = await failure(send(`http://a.test:${server.port}/`, { body: '{}' }, context()))
  expect(error).toMatchObject({ retryable, gone })
})

test('a yes is a yes as soon as it is there, however slow the rest', async () => {
  await using server = await startHttp((_, response) => {
    response.writeHead(200)
    response.write('o')
  })
  const began = performance.now()
  await send(`http://slow.test:${server.port}/`, { body: '{}' }, context())
  expect(performance.now() - began).toBeLessThan(2000)
})

test('a refusal whose text never ends is told when the time is over', async () => {
  await using server = await startHttp((_, response) => {
    response.writeHead(500)
    const drip = setInterval(() => response.write('n'), 20)
    response.on('close', () => clearInterval(drip))
  })
  const error = await failure(
    send(`http://slow.test:${server.port}/`, { body: '{}' }, context({ signal: AbortSignal.timeout(300) })),
  )
  expect(error.retryable).toBe(true)
})

test('a receiver that reads a byte a second is left when the time is over', async () => {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined).pause()
    const sip = setInterval(() => socket.read(1), 1000)
    socket.on('close', () => clearInterval(sip))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const error = await failure(
    send(`http://sips.test:${port}/`, { body: 'x'.repeat(8_000_000) }, context({ signal: AbortSignal.timeout(500) })),
  )
  expect(error.retryable).toBe(true)
  server.close()
})

test('a name is dialled at the addresses that were judged, and at no other', async () => {
  await using server = await startHttp((_, response) => void response.end())
  let asked = 0
  const lookup = async () => {
    asked += 1
    return [
      { address: '169.254.169.254', family: 4 as const },
      { address: '127.0.0.1', family: 4 as const },
    ]
  }
  await send(`http://both.test:${server.port}/`, { body: '{}' }, context({ lookup }))
  expect(asked).toBe(1)
  const only = context({ lookup: async () => [{ address: '169.254.169.254', family: 4 }] })
  const error = await failure(send(`http://metadata.test:${server.port}/`, { body: '{}' }, only))
  expect(error).toMatchObject({ retryable: false, message: 'metadata.test: 169.254.169.254 is denied' })
})

test.each(['http://169.254.169.254/', 'http://2852039166/', 'http://0xA9FEA9FE/', 'http://[::ffff:169.254.169.254]/'])(
  '%s is not dialled',
  async (url) => {
    const egress = { denies: (address: string) => (/^(169\.254|::ffff:a9fe)/.test(address) ? 'denied' : undefined) }
    expect(await failure(send(url, { body: '{}' }, context({ egress })))).toMatchObject({ retryable: false })
  },
)

test('a name that cannot be looked up is worth another try', async () => {
  const lookup = async () => Promise.reject(new Error('no answer from 192.0.2.1'))
  const error = await failure(send('http://a.test/', { body: '{}' }, context({ lookup })))
  expect(error).toMatchObject({ retryable: true, message: 'no answer from 192.0.2.1' })
})

test('what a receiver says is shown without the credentials that it repeats, and on one line', async () => {
  await using server = await startHttp((request, response) =>
    response.writeHead(404).end(`no bot at ${request.url}\r\n\u202egnp`),
  )
  const channel = Channel.parse({
    key: 'bot',
    kind: 'telegram',
    telegram: { botToken: '12345:a-secret-token', chatId: '1', url: `http://bot.test:${server.port}` },
  })
  const error = await failure(deliver(aNotification(), channel, context()))
  expect(error.message).toBe('answered 404: no bot at /bot…/sendMessage gnp')
})

test('a login in an address goes as Basic authentication, unless there is such a header already', async () => {
  const heard: (string | undefined)[] = []
  await using server = await startHttp((request, response) => {
    heard.push(request.headers.authorization)
    response.end()
  })
  const url = `http://watch:p%40ss@login.test:${server.port}/`
  await send(url, { body: '{}' }, context())
  await send(url, { body: '{}', headers: { Authorization: 'Bearer own' } }, context())
  await send(url.replace('watch:p%40ss@', ''), { body: '{}' }, context())
  expect(heard).toEqual([`Basic ${Buffer.from('watch:p@ss').toString('base64')}`, 'Bearer own', undefined])
})
