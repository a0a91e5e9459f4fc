import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { startDeafServer, startTcpServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { DeadlineExceeded, TargetFailure } from '../failure.ts'
import { freshObservation, type ProbeContext } from '../kind.ts'
import { dial, openSocket, plainly } from './connect.ts'
import { egressPolicy } from './egress.ts'

function contextOf(timeoutMs = 2000, deny: string[] = []): ProbeContext {
  const controller = new AbortController()
  setTimeout(() => controller.abort(new DeadlineExceeded(`${timeoutMs}ms`)), timeoutMs).unref()
  const deadlineMs = performance.now() + timeoutMs
  return { signal: controller.signal, deadlineMs, egress: egressPolicy({ deny, allow: [] }) }
}

const four = (address: string) => ({ address, family: 4 as const })
const six = (address: string) => ({ address, family: 6 as const })

async function failureOf(work: Promise<unknown>): Promise<TargetFailure> {
  const error = await work.then(() => undefined).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TargetFailure)
  return error as TargetFailure
}

async function refusedPort(): Promise<number> {
  const server = await startTcpServer()
  await server[Symbol.asyncDispose]()
  return server.port
}

test('goes on to the next address when one refuses', async () => {
  await using server = await startTcpServer()
  const { socket, address } = await dial([six('::1'), four('127.0.0.1')], server.port, plainly, contextOf())
  socket.destroy()
  expect(address).toEqual(four('127.0.0.1'))
})

test('tells a host that does not answer as tcp_timeout', async () => {
  await using deaf = await startDeafServer()
  const failure = await failureOf(dial([four('127.0.0.1')], deaf.port, plainly, contextOf(300)))
  expect(failure.code).toBe('tcp_timeout')
  expect(failure.message).toBe(`no answer to the connection attempt to 127.0.0.1:${deaf.port} within 300ms`)
})

const resettingServer = `
  const { createServer } = require('node:net')
  const server = createServer((socket) => socket.resetAndDestroy())
  server.listen(0, '127.0.0.1', () => require('node:worker_threads').parentPort.postMessage(server.address().port))`

test('tells a connection that is reset before anybody here has seen it as tcp_reset', async () => {
  const server = new Worker(resettingServer, { eval: true })
  try {
    const [port] = (await once(server, 'message')) as [number]
    const failure = failureOf(dial([four('127.0.0.1')], port, plainly, contextOf()))
    // Once it is on its way this thread looks elsewhere, as that of a busy worker would.
    process.nextTick(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 100))
    expect(await failure).toMatchObject({
      code: 'tcp_reset',
      message: `127.0.0.1:${port} reset the connection while it was being opened`,
    })
  } finally {
    await server.terminate()
  }
})

test('does not wait for a silent address where there is another', async () => {
  await using deaf = await startDeafServer({ host: '127.0.0.2' })
  await using server = await startTcpServer(undefined, { port: deaf.port })
  const startMs = performance.now()
  const { socket, address } = await dial([four('127.0.0.2'), four('127.0.0.1')], server.port, plainly, contextOf())
  socket.destroy()
  expect(address).toEqual(four('127.0.0.1'))
  expect(performance.now() - startMs).toBeGreaterThan(240)
})

test('tells the refusal of every address', async () => {
  const port = await refusedPort()
  const failure = await failureOf(dial([four('127.0.0.1'), four('127.0.0.2')], port, plainly, contextOf()))
  expect(failure.code).toBe('tcp_refused')
  expect(failure.message).toBe(`127.0.0.1:${port} refused the connection; 127.0.0.2:${port} refused the connection`)
})

test('sends nothing to an address that the policy denies', async () => {
  await using server = await startTcpServer()
  const failure = await failureOf(dial([four('127.0.0.1')], server.port, plainly, contextOf(2000, ['127.0.0.0/8'])))
  expect(failure.code).toBe('egress_denied')
  expect(failure.message).toContain('127.0.0.1 is in 127.0.0.0/8')
  expect(server.connections()).toBe(0)
})

test('leaves denied addresses out where others are allowed', async () => {
  await using server = await startTcpServer()
  const { socket, address } = await dial(
    [four('127.0.0.2'), four('127.0.0.1')],
    server.port,
    plainly,
    contextOf(2000, ['127.0.0.2']),
  )
  socket.destroy()
  expect(address).toEqual(four('127.0.0.1'))
})

test('notes address and phases, of a connection that failed too', async () => {
  const port = await refusedPort()
  const seen = freshObservation()
  await failureOf(openSocket({ host: '127.0.0.1', port, ipFamily: 'any' }, plainly, seen, contextOf()))
  expect(seen.facts).toMatchObject({ ip: '127.0.0.1', ipFamily: 4 })
  expect(seen.phases).toMatchObject({ dnsMs: expect.any(Number), connectMs: expect.any(Number), tlsMs: null })
})

test('gives a socket up when the caller does', async () => {
  await using server = await startTcpServer()
  const reason = new Error('stopping')
  const context = { ...contextOf(), signal: AbortSignal.abort(reason) }
  await expect(dial([four('127.0.0.1')], server.port, plainly, context)).rejects.toBe(reason)
})

test('leaves the socket open to whoever asked for it', async () => {
  await using server = await startTcpServer((socket) => socket.write('hello'))
  const { socket } = await dial([four('127.0.0.1')], server.port, plainly, contextOf())
  const [chunk] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  expect(chunk.toString()).toBe('hello')
})
