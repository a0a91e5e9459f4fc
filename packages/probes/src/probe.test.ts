import { Check, Result } from '@sonde/core'
import { startHttpServer, startTcpServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { egressPolicy } from './net/egress.ts'
import { probeDocument } from './probe.fixture.ts'
import { probe } from './probe.ts'

const slot = new Date('2026-01-01T00:00:30Z')
const egress = egressPolicy({ deny: [], allow: [] })

test('a result is a result document, up and down', async () => {
  await using server = await startHttpServer()
  const up = await probeDocument({ kind: 'http', target: server.url })
  const down = await probeDocument({ kind: 'tls', target: `127.0.0.1:${server.port}` })
  expect(Result.parse(up)).toEqual(up)
  expect(Result.parse(down)).toEqual(down)
  expect(JSON.parse(JSON.stringify(up))).toEqual(up)
})

test('a failed attempt is repeated at once, and the last one told', async () => {
  await using server = await startHttpServer((_, response) => {
    response.writeHead(server.requests.length < 3 ? 500 : 200).end()
  })
  expect(await probeDocument({ kind: 'http', target: server.url, retries: 5 })).toMatchObject({
    outcome: 'up',
    attempts: 3,
  })
})

test('attempts end with the retries', async () => {
  await using server = await startHttpServer((_, response) => void response.writeHead(500).end())
  const result = await probeDocument({ kind: 'http', target: server.url, retries: 2 })
  expect(result).toMatchObject({ outcome: 'down', attempts: 3 })
  expect(server.requests).toHaveLength(3)
})

test('an attempt that would not end within the interval is not begun', async () => {
  await using server = await startTcpServer()
  const target = `http://127.0.0.1:${server.port}/`
  const result = await probeDocument({ kind: 'http', target, interval: '1s', timeout: '400ms', retries: 5 })
  expect(result).toMatchObject({ outcome: 'down', attempts: 2, error: { code: 'http_timeout' } })
})

test('the timeout spans redirects and body together', async () => {
  await using server = await startHttpServer((_, response) => {
    setTimeout(() => response.writeHead(302, { location: '/' }).end(), 120)
  })
  const result = await probeDocument({ kind: 'http', target: server.url, timeout: '300ms' })
  expect(result).toMatchObject({ outcome: 'down', error: { code: 'http_timeout' }, http: { status: 302 } })
  expect(result.durationMs).toBeGreaterThan(290)
  expect(result.durationMs).toBeLessThan(450)
})

test('a probe that the caller gives up says nothing of the target', async () => {
  await using server = await startTcpServer()
  const check = Check.parse({ key: 'a', kind: 'http', target: `http://127.0.0.1:${server.port}/` })
  const reason = new Error('stopping')
  const controller = new AbortController()
  setTimeout(() => controller.abort(reason), 50)
  await expect(probe(check, { region: 'r', slot, egress, signal: controller.signal })).rejects.toBe(reason)
  await expect(probe(check, { region: 'r', slot, egress, signal: controller.signal })).rejects.toBe(reason)
})

test('a fault of our own is thrown, not told of the target', async () => {
  const check = Check.parse({ key: 'a', kind: 'http', target: 'http://127.0.0.1:9/' })
  const broken = {
    denies() {
      throw new Error('a bug')
    },
  }
  const work = probe(check, { region: 'r', slot, egress: broken })
  await expect(work).rejects.toThrow('probe a (http://127.0.0.1:9/)')
  await expect(work).rejects.toMatchObject({ cause: { message: 'a bug' } })
})
