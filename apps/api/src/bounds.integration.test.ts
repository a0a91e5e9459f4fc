import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { adminToken, startTestApi, type TestApi } from './api.fixture.ts'

const bounds = { maxConnections: 50, headersTimeoutMs: 700, requestTimeoutMs: 1500 }

let api: TestApi
beforeAll(async () => {
  api = await startTestApi({ bounds })
})
afterAll(() => api[Symbol.asyncDispose]())

type Heard = { status: number; type: string | undefined; body: string; tookMs: number }

async function opened(): Promise<Socket> {
  const { hostname, port } = new URL(api.url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** Says `parts` on a connection of its own, `pauseMs` apart, and hears what comes until the other side closes it. */
async function say(parts: Iterable<string>, pauseMs = 0): Promise<Heard> {
  const socket = await opened()
  const beganMs = performance.now()
  let text = ''
  socket.on('data', (chunk) => (text += String(chunk)))
  const closed = once(socket, 'close')
  for (const part of parts) {
    if (socket.destroyed || !socket.writable || text !== '') break
    socket.write(part)
    if (pauseMs > 0) await sleep(pauseMs)
  }
  await closed
  const [head = '', body = ''] = text.split('\r\n\r\n')
  return {
    status: Number(head.split(' ')[1] ?? 0),
    type: /^content-type: (.*)$/im.exec(head)?.[1],
    body,
    tookMs: performance.now() - beganMs,
  }
}

const head = (more: string) =>
  `POST /api/v1/checks HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${adminToken}\r\nconnection: close\r\n${more}`
const drops = (byte: string, count: number) => Array.from({ length: count }, () => byte)
const problem = (status: number) => ({ status, type: 'application/problem+json; charset=utf-8' })

test('who sends nothing, or headers a byte at a time, is cut off', async () => {
  const slow = [head('x-slow: '), ...drops('x', 1000)]
  for (const parts of [[], [head('x: y\r\n').slice(0, 20)], slow]) {
    const heard = await say(parts, parts.length > 2 ? 50 : 0)
    expect(heard).toMatchObject(problem(408))
    expect(heard.tookMs).toBeGreaterThan(600)
    expect(heard.tookMs).toBeLessThan(3000)
  }
})

test('who sends a body a byte at a time is cut off', async () => {
  const heard = await say(
    [head('content-type: application/json\r\ncontent-length: 5000\r\n\r\n{'), ...drops(' ', 200)],
    40,
  )
  expect(heard).toMatchObject(problem(408))
  expect(heard.tookMs).toBeGreaterThan(1400)
  expect(heard.tookMs).toBeLessThan(4500)
})

test('a body that says how large it is is refused before it comes', async () => {
  const heard = await say([head('content-type: application/json\r\ncontent-length: 1000000000\r\n\r\n{')])
  expect(heard).toMatchObject(problem(413))
  expect(heard.tookMs).toBeLessThan(1000)
})

test('a body that does not say it is read no further than the bound', async () => {
  const chunk = 'x'.repeat(64 * 1024)
  const chunks = Array.from({ length: 200 }, () => `${chunk.length.toString(16)}\r\n${chunk}\r\n`)
  const heard = await say([head('content-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n'), ...chunks], 1)
  expect(heard).toMatchObject(problem(413))
})

test.each([
  ['headers without end', `GET /api/v1/checks HTTP/1.1\r\nhost: x\r\nx-long: ${'y'.repeat(40_000)}`, 431],
  ['a path without end', `GET /api/v1/checks?label=${'y'.repeat(40_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, 431],
  ['what is no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
  ['two lengths', head('content-length: 5\r\ncontent-length: 6\r\n\r\n{}'), 400],
  ['a length and chunks', head('content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'), 400],
])('%s is told as a problem, and the connection closed', async (_, text, status) => {
  const heard = await say([text])
  expect(heard).toMatchObject(problem(status))
  expect(JSON.parse(heard.body)).toMatchObject({ status, errors: [], requestId: expect.any(String) as string })
})

test('of many more connections than there may be, the rest is turned away, and none is held for good', async () => {
  const sockets = await Promise.all(Array.from({ length: bounds.maxConnections * 4 }, opened))
  const open = () => sockets.filter((socket) => !socket.destroyed).length
  for (const socket of sockets) socket.resume()
  await expect.poll(open, { timeout: 3000 }).toBeLessThanOrEqual(bounds.maxConnections)
  // Those that are held say nothing either: the bound on headers makes room again.
  await expect.poll(open, { timeout: 5000 }).toBe(0)
  expect((await api.ask('GET', '/api/v1/checks')).status).toBe(200)
})
