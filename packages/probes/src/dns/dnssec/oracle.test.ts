import type { CheckInput } from '@sonde/core'
import {
  Authority,
  havePrograms,
  type Knot,
  type KnotZone,
  startKnot,
  startUnbound,
  type Unbound,
} from '@sonde/testkit/targets'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { probeDocument } from '../../probe.fixture.ts'
import { trustAuthority } from '../../tls/trusted.fixture.ts'

const nowSeconds = Math.floor(Date.now() / 1000)
const monthSeconds = 30 * 86_400
const ecdsa = { algorithm: 'ecdsap256sha256' }
const nsec3 = { nsec3: 'on', 'nsec3-iterations': '0', 'nsec3-salt-length': '0' }

const records = `
www A 192.0.2.1
Mixed.Case MX 10 Mail
mail A 192.0.2.2
*.wild A 192.0.2.9
a.b.ent A 192.0.2.3
alias CNAME www
away CNAME www.rsa.lab.
dangling CNAME missing
dn DNAME ent
text TXT "one" "two \\"words\\""
`
const zones: KnotZone[] = [
  { name: 'lab', records, sign: ecdsa },
  { name: 'rsa.lab', records, sign: { algorithm: 'rsasha256', policy: nsec3 } },
  { name: 'rsa512.lab', records, sign: { algorithm: 'rsasha512' } },
  { name: 'p384.lab', records, sign: { algorithm: 'ecdsap384sha384' } },
  {
    name: 'ed.lab',
    records,
    sign: { algorithm: 'ed25519', policy: { ...nsec3, 'nsec3-iterations': '5', 'nsec3-salt-length': '8' } },
  },
  { name: 'ed448.lab', records, sign: { algorithm: 'ed448' } },
  { name: 'optout.lab', records, sign: { ...ecdsa, policy: { ...nsec3, 'nsec3-opt-out': 'on' } } },
  { name: 'plain.optout.lab', records },
  { name: 'signed.optout.lab', records, sign: ecdsa },
  { name: 'plain.lab', records },
  { name: 'below.plain.lab', records, sign: ecdsa },
  { name: 'island.lab', records, sign: ecdsa, ds: () => [] },
  { name: 'expired.lab', records, sign: { ...ecdsa, atSeconds: nowSeconds - monthSeconds } },
  { name: 'early.lab', records, sign: { ...ecdsa, atSeconds: nowSeconds + monthSeconds } },
  { name: 'broken.lab', records, sign: ecdsa, edit: (zone) => zone.replace('192.0.2.1\n', '192.0.2.66\n') },
  {
    name: 'wrongds.lab',
    records,
    sign: ecdsa,
    ds: (own) =>
      own.map((ds) =>
        ds.replace(/(?<= 2 )\w\w/, (digits) => (digits === '00' ? '01' : '00')).replace(/.* 13 4 .*/, ''),
      ),
  },
  { name: 'unknown.lab', records, ds: () => [`unknown.lab. DS 12345 200 2 ${'ab'.repeat(32)}`] },
  {
    name: 'stripped.lab',
    records,
    sign: ecdsa,
    edit: (zone) => zone.replace(/^(www|\*\.wild|text)\S+\s+\d+\s+RRSIG\s.*\n/gm, ''),
  },
  { name: 'bare.lab', records, sign: ecdsa, edit: (zone) => zone.replace(/^\S+\s+\d+\s+(RRSIG\s+)?NSEC\s.*\n/gm, '') },
  { name: 'iterated.lab', records, sign: { ...ecdsa, policy: { ...nsec3, 'nsec3-iterations': '200' } } },
]

const questions: [string, string][] = [
  ['www', 'A'],
  ['WWW', 'A'],
  ['www', 'AAAA'],
  ['mixed.case', 'MX'],
  ['missing', 'A'],
  ['deep.missing', 'A'],
  ['x.wild', 'A'],
  ['y.x.wild', 'A'],
  ['x.wild', 'AAAA'],
  ['ent', 'A'],
  ['b.ent', 'A'],
  ['alias', 'A'],
  ['away', 'A'],
  ['dangling', 'A'],
  ['a.b.dn', 'A'],
  ['text', 'TXT'],
  ['', 'SOA'],
  ['', 'DNSKEY'],
  ['', 'DS'],
  ['', 'A'],
]

const runnable = havePrograms('knotd', 'kzonesign', 'keymgr', 'unbound')

const root = await Authority.create()
trustAuthority(root.cert)
const leaf = await root.issue()

describe.skipIf(!runnable)('beside unbound', () => {
  let knot: Knot
  let unbound: Unbound

  beforeAll(async () => {
    knot = await startKnot(zones)
    const names = zones.map(({ name }) => name)
    unbound = await startUnbound({ zones: names, authorityPort: knot.port, anchors: knot.anchors('lab'), tls: leaf })
  })
  afterAll(async () => {
    await unbound[Symbol.asyncDispose]()
    await knot[Symbol.asyncDispose]()
  })

  function probe(target: string, dns: object = {}, assertions: CheckInput['assertions'] = []) {
    return probeDocument({
      kind: 'dns',
      target,
      timeout: '5s',
      assertions,
      dns: { servers: [`udp://127.0.0.1:${knot.port}`], dnssec: 'report', trustAnchors: knot.anchors('lab'), ...dns },
    })
  }

  test.each(zones.map(({ name }) => name))('holds of %s what unbound holds', async (zone) => {
    const told: string[] = []
    for (const [label, recordType] of questions) {
      // The zone above the anchor is not here.
      if (zone === 'lab' && recordType === 'DS') continue
      const target = label === '' ? zone : `${label}.${zone}`
      const verdict = await unbound.verdict(target, recordType)
      for (const { port } of [knot, unbound]) {
        const { dns } = await probe(target, { recordType, servers: [`udp://127.0.0.1:${port}`] })
        // An authoritative server does not say where an alias leads that leaves its zone.
        const unknown = port === knot.port && label === 'away' && dns?.status === 'indeterminate'
        if (dns?.status !== verdict && !unknown) {
          told.push(
            `${target} ${recordType} of ${port === knot.port ? 'knot' : 'unbound'}: ${dns?.status}, not ${verdict} (${dns?.statusReason})`,
          )
        }
      }
    }
    expect(told).toEqual([])
  })

  test('requires that an answer is secure, and says why it is not', async () => {
    const required = async (target: string, dns: object = {}, assertions: CheckInput['assertions'] = []) =>
      (await probe(target, { dnssec: 'require', ...dns }, assertions)).error
    expect(await required('www.ed.lab')).toBeNull()
    expect(await required('missing.ed.lab')).toMatchObject({ code: 'dns_nxdomain' })
    const assertions = [{ source: 'dns.rcode' as const, op: 'eq' as const, value: 'NXDOMAIN' }]
    expect(await required('missing.plain.lab', {}, assertions)).toMatchObject({ code: 'dns_bogus' })
    expect(await required('missing.ed.lab', {}, assertions)).toBeNull()
    expect(await required('www.broken.lab')).toMatchObject({
      code: 'dns_bogus',
      phase: 'dns',
      message: expect.stringMatching(
        /www\.broken\.lab A .* is bogus: .* by key \d+ of broken\.lab does not fit the data/,
      ),
    })
    expect(await required('www.expired.lab')).toMatchObject({
      code: 'dns_bogus',
      message: expect.stringMatching(/the signature of expired\.lab DNSKEY expired 1[56] days ago, on 20/),
    })
    expect(await required('www.early.lab')).toMatchObject({
      message: expect.stringContaining('is not valid for another'),
    })
    expect(await required('www.wrongds.lab')).toMatchObject({
      message: expect.stringContaining('none of the keys of wrongds.lab'),
    })
    expect(await required('www.plain.lab')).toMatchObject({
      code: 'dns_bogus',
      message: expect.stringContaining('is insecure: plain.lab is delegated without DNSSEC'),
    })
    const elsewhere = [`other. DS 1 13 2 ${'00'.repeat(32)}`]
    expect(await required('www.lab', { trustAnchors: elsewhere })).toMatchObject({
      code: 'dns_bogus',
      message: expect.stringContaining('is indeterminate: no trust anchor'),
    })
  })

  test('reports without judging, with the days that the signatures have left', async () => {
    const good = await probe('www.rsa.lab')
    expect(good).toMatchObject({ outcome: 'up', dns: { status: 'secure', statusReason: null } })
    expect(good.dns?.signatureDaysLeft).toBeCloseTo(14, 0)
    const bad = await probe('www.expired.lab')
    expect(bad).toMatchObject({ outcome: 'up', dns: { status: 'bogus', answers: [{ data: '192.0.2.1' }] } })
    expect(bad.dns?.signatureDaysLeft).toBeCloseTo(-16, 0)
    expect((await probe('www.lab', { dnssec: 'off' })).dns?.status ?? null).toBeNull()
  })

  test('takes a key itself for an anchor, of the zone nearest to the name', async () => {
    const keys = await probe('rsa.lab', { recordType: 'DNSKEY' })
    const trustAnchors = (keys.dns?.answers ?? []).map(({ data }) => `rsa.lab. IN DNSKEY ${data}`)
    expect(await probe('www.rsa.lab', { trustAnchors })).toMatchObject({ dns: { status: 'secure' } })
    expect(await probe('www.lab', { trustAnchors })).toMatchObject({ dns: { status: 'indeterminate' } })
  })

  test('validates over TCP on the one connection', async () => {
    const servers = [`tcp://127.0.0.1:${knot.port}`]
    expect(await probe('x.wild.p384.lab', { servers, dnssec: 'require' })).toMatchObject({ outcome: 'up' })
  })

  test.each(['tls', 'https', 'https by GET'])('validates through unbound over %s', async (transport) => {
    const url = `https://localhost:${unbound.httpsPort}/dns-query`
    const byGet = `${url}{?dns}`
    const server = { tls: `tls://localhost:${unbound.tlsPort}`, https: url, 'https by GET': byGet }[transport] ?? ''
    const required = { servers: [server], dnssec: 'require' }
    const result = await probe('www.ed.lab', required)
    expect(result).toMatchObject({ outcome: 'up', tls: { authorized: true }, dns: { status: 'secure' } })
    expect(await probe('www.broken.lab', required)).toMatchObject({ error: { code: 'dns_bogus' } })
  })
})
