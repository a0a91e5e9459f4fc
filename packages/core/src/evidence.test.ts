import { expect, test } from 'vitest'
import { type Evidence, evidenceLines } from './evidence.ts'

const evidence = (own: Partial<Evidence> = {}): Evidence => ({
  region: 'eu',
  takenAt: '2026-01-01T00:00:00.000Z',
  partial: false,
  families: [],
  resolvers: [],
  chain: null,
  trace: null,
  ...own,
})
const family = (of: 4 | 6, code: string | null) => ({
  family: of,
  address: null,
  outcome: code === null ? ('up' as const) : ('down' as const),
  code,
  message: null,
  durationMs: 1,
})
const resolver = (server: string, ...answers: string[]) => ({ server, rcode: 'NOERROR', answers, error: null })

test.each<[string, Partial<Evidence>, string[]]>([
  ['nothing', {}, []],
  ['one family', { families: [family(4, 'tcp_timeout')] }, ['connecting over IPv4 fails (tcp_timeout)']],
  ['an address', { families: [{ ...family(4, null), address: '192.0.2.1' }] }, ['connecting to 192.0.2.1 works']],
  [
    'both alike',
    { families: [family(6, 'tcp_refused'), family(4, 'tcp_refused')] },
    ['connecting over IPv6 and over IPv4 fails (tcp_refused)'],
  ],
  [
    'one that works',
    { families: [family(6, 'tcp_timeout'), family(4, null)] },
    ['connecting over IPv6 fails (tcp_timeout), over IPv4 works'],
  ],
  [
    'resolvers that agree in another order',
    { resolvers: [resolver('a', '1', '2'), resolver('b', '2', '1')] },
    ['other resolvers say 1 2'],
  ],
  [
    'resolvers that do not',
    { resolvers: [resolver('a', '1'), { server: 'b', rcode: null, answers: [], error: 'dns_timeout' }] },
    ['resolvers differ: a says 1, b says dns_timeout'],
  ],
  [
    'a way that ends',
    { trace: { address: '203.0.113.9', reached: false, hops: ['1 192.0.2.1 1ms', '2 no reply'] } },
    ['the way to 203.0.113.9 ends after: 2 no reply'],
  ],
  [
    'a chain',
    { chain: [{ subject: 'CN=shop', issuer: 'CN=R1', notAfter: '2026-01-01T00:00:00Z', sha256: '' }] },
    ['certificate CN=shop, until 2026-01-01T00:00:00Z, by CN=R1'],
  ],
])('%s', (_, own, lines) => {
  expect(evidenceLines([evidence(own)])).toEqual(lines)
})

test('several regions are told apart, and not more than three', () => {
  const all = ['a', 'b', 'c', 'd'].map((region) =>
    evidence({ region, families: [family(6, 'tcp_timeout'), family(4, null)] }),
  )
  expect(evidenceLines(all).map((line) => line.slice(0, 2))).toEqual(['a:', 'b:', 'c:'])
})
