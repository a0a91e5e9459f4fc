import { type DnsQuestion, startDnsServer } from '@sonde/testkit/targets'
import { encode } from 'dns-packet'
import { expect, test } from 'vitest'
import { DeadlineExceeded, TargetFailure } from '../failure.ts'
import type { ProbeContext } from '../kind.ts'
import { egressPolicy } from './egress.ts'
import { type Address, candidates, type Family, resolveHost, toAscii } from './resolve.ts'

function contextOf(timeoutMs = 2000): ProbeContext {
  const controller = new AbortController()
  setTimeout(() => controller.abort(new DeadlineExceeded(`${timeoutMs}ms`)), timeoutMs).unref()
  const deadlineMs = performance.now() + timeoutMs
  return { signal: controller.signal, deadlineMs, egress: egressPolicy({ deny: [], allow: [] }) }
}

type Server = { host: string; port: number }

function resolve(name: string, servers: Server[], ipFamily: Family = 'any', timeoutMs?: number): Promise<Address[]> {
  const resolvers = servers.map(({ host, port }) => `${host}:${port}`)
  return resolveHost(name, { ipFamily, resolvers }, contextOf(timeoutMs))
}

async function failureOf(work: Promise<unknown>): Promise<TargetFailure> {
  const error = await work.then(() => undefined).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(TargetFailure)
  return error as TargetFailure
}

const a = (question: DnsQuestion, data: string) => ({ name: question.name, type: 'A' as const, ttl: 60, data })
const aaaa = (question: DnsQuestion, data: string) => ({ name: question.name, type: 'AAAA' as const, ttl: 60, data })

test('asks for both families and tries IPv6 first, the two in turn', async () => {
  await using dns = await startDnsServer((question) =>
    question.type === 'A'
      ? { answers: [a(question, '192.0.2.1'), a(question, '192.0.2.2')] }
      : { answers: [aaaa(question, '2001:db8::1')] },
  )
  expect(await resolve('both.example', [dns])).toEqual([
    { address: '2001:db8::1', family: 6 },
    { address: '192.0.2.1', family: 4 },
    { address: '192.0.2.2', family: 4 },
  ])
})

test('asks only for the family that the check wants', async () => {
  await using dns = await startDnsServer((question) => ({ answers: [a(question, '192.0.2.1')] }))
  expect(await resolve('four.example', [dns], '4')).toEqual([{ address: '192.0.2.1', family: 4 }])
  expect(dns.questions.map(({ type }) => type)).toEqual(['A'])
})

test('does not wait long for one family once the other has answered', async () => {
  await using dns = await startDnsServer((question) =>
    question.type === 'A' ? { answers: [a(question, '192.0.2.1')] } : undefined,
  )
  const startMs = performance.now()
  expect(await resolve('slow.example', [dns])).toEqual([{ address: '192.0.2.1', family: 4 }])
  expect(performance.now() - startMs).toBeLessThan(1000)
})

test('follows the aliases of an answer and leaves records of other names out', async () => {
  await using dns = await startDnsServer((question) => ({
    answers: [
      { name: question.name, type: 'CNAME', ttl: 60, data: 'real.example' },
      { name: 'REAL.example', type: 'A', ttl: 60, data: '192.0.2.7' },
      { name: 'planted.example', type: 'A', ttl: 60, data: '192.0.2.66' },
    ],
  }))
  expect(await resolve('alias.example', [dns], '4')).toEqual([{ address: '192.0.2.7', family: 4 }])
})

test.each([
  [3, 'dns_nxdomain', 'gone.example does not exist'],
  [2, 'dns_servfail', 'answered SERVFAIL for gone.example'],
  [5, 'dns_refused', 'refuses to answer for gone.example'],
  [1, 'dns_servfail', 'answered FORMERR for gone.example'],
  [0, 'dns_nodata', 'gone.example has neither an A nor an AAAA record'],
])('tells rcode %d as %s', async (rcode, code, message) => {
  await using dns = await startDnsServer(() => ({ rcode }))
  const failure = await failureOf(resolve('gone.example', [dns]))
  expect(failure.code).toBe(code)
  expect(failure.message).toContain(message)
})

test('sends a lost packet again while there is time', async () => {
  let asked = 0
  await using dns = await startDnsServer((question) => {
    asked += 1
    return asked < 3 ? undefined : { answers: [a(question, '192.0.2.1')] }
  })
  expect(await resolve('lossy.example', [dns], '4')).toEqual([{ address: '192.0.2.1', family: 4 }])
  expect(asked).toBe(3)
})

test('takes an answer that comes later than the packet was sent again', async () => {
  await using dns = await startDnsServer((question) => ({ answers: [a(question, '192.0.2.1')], delayMs: 700 }))
  expect(await resolve('late.example', [dns], '4', 1000)).toEqual([{ address: '192.0.2.1', family: 4 }])
})

test('goes on to the next server when one fails or refuses', async () => {
  await using broken = await startDnsServer(() => ({ rcode: 2 }))
  await using sound = await startDnsServer((question) => ({ answers: [a(question, '192.0.2.1')] }))
  expect(await resolve('x.example', [broken, sound], '4')).toEqual([{ address: '192.0.2.1', family: 4 }])
})

test('tells the silence of a server as dns_timeout, with the packets that were ignored', async () => {
  const anotherId = Buffer.from('0000818000010000000000000178076578616d706c650000010001', 'hex')
  await using dns = await startDnsServer((_, query) => {
    anotherId.writeUInt16BE(((query.id ?? 0) + 1) & 0xffff)
    return [anotherId]
  })
  const failure = await failureOf(resolve('x.example', [dns], '4', 300))
  expect(failure.code).toBe('dns_timeout')
  expect(failure.message).toMatch(
    /no answer for x\.example A from 127\.0\.0\.1:\d+ within 300ms; \d packets with another/,
  )
})

test('ignores an answer to another question', async () => {
  await using dns = await startDnsServer((question, query) => {
    const answers = [{ name: 'evil.example', type: 'A' as const, data: '192.0.2.66' }]
    const forged = encode({
      type: 'response',
      id: query.id ?? 0,
      questions: [{ name: 'evil.example', type: 'A' }],
      answers,
    })
    const right = encode({ ...query, type: 'response', answers: [a(question, '192.0.2.1')] })
    return [forged, right]
  })
  expect(await resolve('x.example', [dns], '4')).toEqual([{ address: '192.0.2.1', family: 4 }])
})

test('tells an answer that cannot be read as dns_malformed', async () => {
  await using dns = await startDnsServer((_, query) => {
    const garbage = Buffer.from('000081800001000100000000c00c', 'hex')
    garbage.writeUInt16BE(query.id ?? 0)
    return [garbage]
  })
  const failure = await failureOf(resolve('x.example', [dns], '4'))
  expect(failure.code).toBe('dns_malformed')
  expect(failure.message).toContain('14 bytes that cannot be read')
})

test('tells a server that nothing listens at as dns_unreachable', async () => {
  const { host, port } = await startDnsServer(() => undefined).then(async (dns) => {
    await dns[Symbol.asyncDispose]()
    return dns
  })
  const failure = await failureOf(resolve('x.example', [{ host, port }], '4'))
  expect(failure.code).toBe('dns_unreachable')
  expect(failure.message).toContain('ICMP port unreachable')
})

test('asks over TCP when the answer was cut', async () => {
  await using dns = await startDnsServer((question) => ({ truncated: true, answers: [a(question, '192.0.2.1')] }))
  expect(await resolve('big.example', [dns], '4')).toEqual([{ address: '192.0.2.1', family: 4 }])
  expect(dns.questions.map(({ over }) => over)).toEqual(['udp', 'tcp'])
})

test('tells a server that the check names and policy denies as egress_denied', async () => {
  const failure = await failureOf(resolve('x.example', [{ host: '169.254.169.253', port: 53 }]))
  expect(failure.code).toBe('egress_denied')
})

test('takes an address as it is, of the family that the check wants', async () => {
  expect(await resolveHost('[::1]', { ipFamily: 'any' }, contextOf())).toEqual([{ address: '::1', family: 6 }])
  const failure = await failureOf(resolveHost('127.0.0.1', { ipFamily: '6' }, contextOf()))
  expect(failure).toMatchObject({ code: 'dns_nodata', message: expect.stringContaining('not an IPv6 address') })
})

test('knows localhost without asking anyone', async () => {
  const four = await resolveHost('LOCALHOST', { ipFamily: '4' }, contextOf())
  expect(four).toEqual([{ address: '127.0.0.1', family: 4 }])
  // Whatever the hosts file gives it: often 127.0.0.1 alone.
  expect(await resolveHost('localhost', { ipFamily: '6' }, contextOf())).toEqual([{ address: '::1', family: 6 }])
  expect(await resolveHost('deep.localhost.', { ipFamily: '6' }, contextOf())).toEqual([{ address: '::1', family: 6 }])
})

test.each([
  ['a.example', ['s.test'], 1, ['a.example', 'a.example.s.test']],
  ['a', ['s.test', 't.test'], 1, ['a.s.test', 'a.t.test', 'a']],
  ['a.example', ['s.test'], 5, ['a.example.s.test', 'a.example']],
  ['a.example.', ['s.test'], 5, ['a.example']],
])('asks for %s with search %j and ndots %d in this order', (name, search, ndots, names) => {
  expect(candidates(name, search, ndots)).toEqual(names)
})

test('writes names as DNS carries them', () => {
  expect(toAscii('Bücher.Example')).toBe('xn--bcher-kva.example')
  expect(toAscii('_dmarc.A.example')).toBe('_dmarc.a.example')
  expect(() => toAscii(`${'x'.repeat(64)}.example`)).toThrow('not a name that DNS can carry')
})
