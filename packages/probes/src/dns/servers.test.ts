import { type Answerer, startDnsServer } from '@sonde/testkit/targets'
import { expect, test } from 'vitest'
import { probeDocument } from '../probe.fixture.ts'

const answering =
  (data: string): Answerer =>
  ({ name }) => ({ answers: [{ name, type: 'A', ttl: 60, data }] })
const failing: Answerer = () => ({ rcode: 2 })
const silent: Answerer = () => undefined

async function probe(answerers: Answerer[], dns: object = {}, rest: object = {}) {
  await using stack = new AsyncDisposableStack()
  const started = []
  for (const answerer of answerers) started.push(stack.use(await startDnsServer(answerer)))
  const servers = started.map(({ port }) => `udp://127.0.0.1:${port}`)
  const result = await probeDocument({
    kind: 'dns',
    target: 'shop.example',
    timeout: '1s',
    dns: { servers, ...dns },
    ...rest,
  })
  return { result, servers }
}

test('asks every server and tells what each of them said', async () => {
  const { result, servers } = await probe([answering('192.0.2.1'), answering('192.0.2.2')])
  expect(result).toMatchObject({
    outcome: 'up',
    dns: {
      server: servers[0],
      answers: [{ data: '192.0.2.1' }],
      agree: false,
      servers: [
        { server: servers[0], ip: '127.0.0.1', reply: { answers: [{ data: '192.0.2.1' }] }, error: null },
        { server: servers[1], ip: '127.0.0.1', reply: { answers: [{ data: '192.0.2.2' }] }, error: null },
      ],
    },
  })
})

test('says that servers agree whatever the order and the time to live of their answers', async () => {
  const { result } = await probe([
    ({ name }) => ({
      answers: [
        { name, type: 'A', ttl: 1, data: '192.0.2.1' },
        { name, type: 'A', ttl: 1, data: '192.0.2.2' },
      ],
    }),
    ({ name }) => ({
      answers: [
        { name, type: 'A', ttl: 2, data: '192.0.2.2' },
        { name, type: 'A', ttl: 2, data: '192.0.2.1' },
      ],
    }),
  ])
  expect(result.dns).toMatchObject({ agree: true })
})

test('is down when one server of several fails, and names it', async () => {
  const { result, servers } = await probe([answering('192.0.2.1'), failing])
  expect(result).toMatchObject({
    outcome: 'down',
    error: { code: 'dns_servfail', message: expect.stringContaining(servers[1] ?? '?') },
    dns: { server: servers[1], rcode: 'SERVFAIL' },
  })
  const late = await probe([answering('192.0.2.1'), silent], {}, { timeout: '300ms' })
  expect(late.result).toMatchObject({
    outcome: 'down',
    error: { code: 'dns_timeout' },
    dns: { servers: [{ error: null }, { reply: null, error: { code: 'dns_timeout' } }] },
  })
})

test('is up when any one server answers where that is enough, without waiting long for the others', async () => {
  const { result, servers } = await probe([failing, silent, answering('192.0.2.1')], { verdict: 'any' })
  expect(result).toMatchObject({ outcome: 'up', dns: { server: servers[2], rcode: 'NOERROR' } })
  expect(result.dns?.servers).toMatchObject([
    { reply: { rcode: 'SERVFAIL' } },
    { reply: null, error: { message: expect.stringContaining("of another server's") } },
    { reply: { rcode: 'NOERROR' } },
  ])
  expect(result.durationMs).toBeLessThan(600)
})

test('assertions hold for every server, or the first for which one does not is named', async () => {
  const assertions = [
    { source: 'dns.flags', op: 'contains', value: 'qr' },
    { source: 'dns.answers', op: 'contains', value: '192.0.2.1' },
  ]
  const good = await probe([answering('192.0.2.1'), answering('192.0.2.1')], {}, { assertions })
  expect(good.result).toMatchObject({ outcome: 'up', assertions: [{ ok: true }, { ok: true }] })
  const { result, servers } = await probe([answering('192.0.2.1'), answering('192.0.2.9')], {}, { assertions })
  expect(result).toMatchObject({
    outcome: 'down',
    error: {
      code: 'assertion_failed',
      message: `expected dns.answers contains "192.0.2.1", found ["192.0.2.9"] from ${servers[1]}`,
    },
    assertions: [{ ok: true }, { ok: false, actual: ['192.0.2.9'] }],
  })
})

test('assertions hold for any one server where that is enough, all of them for the same', async () => {
  const both = [answering('192.0.2.1'), answering('192.0.2.9')]
  const is = (value: string) => ({ source: 'dns.answers', op: 'contains', value })
  const one = await probe(both, { verdict: 'any' }, { assertions: [is('192.0.2.9')] })
  expect(one.result).toMatchObject({ outcome: 'up', assertions: [{ ok: true, actual: ['192.0.2.9'] }] })
  const none = await probe(both, { verdict: 'any' }, { assertions: [is('192.0.2.9'), is('192.0.2.1')] })
  expect(none.result).toMatchObject({ outcome: 'down', error: { code: 'assertion_failed' } })
})

test('is down when none answers well', async () => {
  const { result } = await probe([failing, silent], { verdict: 'any' }, { timeout: '300ms' })
  expect(result).toMatchObject({ outcome: 'down', dns: { rcode: 'SERVFAIL' } })
  expect(result.error?.code).toMatch(/^dns_(servfail|timeout)$/)
})

test('keeps the answers of all servers together within bounds', async () => {
  const many: Answerer = ({ name, over }) =>
    over === 'udp'
      ? { truncated: true }
      : {
          answers: Array.from({ length: 200 }, (_, index) => ({
            name,
            type: 'TXT',
            ttl: 1,
            data: `${index} ${'x'.repeat(200)}`,
          })),
        }
  const { result } = await probe([many, many], { recordType: 'TXT' })
  expect(result.dns?.answers).toHaveLength(50)
  expect(result.dns?.answerCount).toBe(200)
  const { result: long } = await probe(
    [({ name }) => ({ answers: [{ name, type: 'TXT', ttl: 1, data: Array(10).fill('y'.repeat(250)) }] })],
    { recordType: 'TXT' },
  )
  expect(long.dns?.answers[0]?.data).toHaveLength(1024)
})
