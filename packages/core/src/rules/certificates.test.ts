import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judgeCertChange, type LeafCertificate, unexpectedIn } from './cert-change.ts'
import { type CertExpiryFacts, judgeCertExpiry } from './cert-expiry.ts'
import type { OpenIncident } from './decision.ts'

const day = 86_400_000
const now = Date.parse('2026-01-05T10:00:00Z')
const witness = (key: string, thresholds = [30, 14, 3], channels = ['ops']) => ({
  key,
  channels,
  regions: ['eu'],
  thresholdsMs: thresholds.map((days) => days * day),
})
const expiring = (inDays: number, own: Partial<CertExpiryFacts> = {}): CertExpiryFacts => ({
  certificate: { sha256: 'AA', subject: 'CN=shop.example', issuer: 'CN=CA', notAfterMs: now + inDays * day },
  seenBy: [witness('shop')],
  toldBefore: null,
  muted: false,
  ...own,
})

test('each threshold and the end itself are told once', () => {
  let open: OpenIncident | null = null
  const told: [number, string][] = []
  for (let left = 40; left >= -2; left -= 0.25) {
    const decision = judgeCertExpiry(expiring(left), open, now)
    if (decision.action === 'open' || (decision.action === 'update' && decision.tell)) {
      told.push([left, decision.facts.summary])
      open = { subject: decision.subject, openedMs: now, acknowledged: false, ...decision.facts }
    }
  }
  expect(told.map(([left]) => left)).toEqual([30, 14, 3, 0])
  expect(told[2]?.[1]).toBe('certificate CN=shop.example expires in 3 days, on 2026-01-08T10:00:00.000Z; seen by shop')
  expect(open).toMatchObject({ code: 'tls_expired', regions: [{ region: 'eu', state: 'down', code: 'tls_expired' }] })
})

/** What each channel hears, as days go by: the days left, and whether it is the first word. */
function heardOf(seenBy: CertExpiryFacts['seenBy'], mutedAt: (left: number) => boolean = () => false) {
  let open: OpenIncident | null = null
  const heard: Record<string, [number, 'first' | 'more'][]> = {}
  for (let left = 40; left >= -2; left -= 0.25) {
    const decision = judgeCertExpiry(expiring(left, { seenBy, muted: open !== null && mutedAt(left) }), open, now)
    if (decision.action !== 'open' && decision.action !== 'update') continue
    const more: readonly string[] = decision.action === 'update' && Array.isArray(decision.tell) ? decision.tell : []
    for (const channel of decision.channels ?? [])
      (heard[channel] ??= []).push([left, more.includes(channel) ? 'more' : 'first'])
    expect((decision.channels ?? []).filter((channel) => more.includes(channel))).toEqual([...more])
    open = { subject: decision.subject, openedMs: now, acknowledged: false, ...decision.facts }
  }
  return heard
}

test('each channel hears of the thresholds of its own checks, each once, whoever opened the incident', () => {
  const seenBy = [
    witness('shop', [30], ['ops']),
    witness('api', [3], ['web']),
    witness('pay', [14, 3], ['web', 'pay']),
    witness('old', [], ['end']),
  ]
  expect(heardOf(seenBy)).toEqual({
    ops: [
      [30, 'first'],
      [0, 'more'],
    ],
    web: [
      [14, 'first'],
      [3, 'more'],
      [0, 'more'],
    ],
    pay: [
      [14, 'first'],
      [3, 'more'],
      [0, 'more'],
    ],
    end: [[0, 'first']],
  })
})

test('however checks, thresholds and silences are, no channel hears of a threshold twice, and of the end each hears', () => {
  const witnesses = fc.array(
    fc.record({
      thresholds: fc.array(fc.integer({ min: 1, max: 39 }), { maxLength: 4 }),
      channels: fc.uniqueArray(fc.constantFrom('a', 'b', 'c'), { minLength: 1 }),
    }),
    { minLength: 1, maxLength: 5 },
  )
  fc.assert(
    fc.property(witnesses, fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 20 }), (all, from, length) => {
      const seenBy = all.map(({ thresholds, channels }, index) => witness(`check-${index}`, thresholds, channels))
      const isMuted = (left: number) => left <= from && left > from - length
      for (const [channel, heard] of Object.entries(heardOf(seenBy, isMuted))) {
        const own = all.filter(({ channels }) => channels.some((one) => one === channel))
        const stages = new Set([0, ...own.flatMap(({ thresholds }) => thresholds)])
        expect(heard.length).toBeLessThanOrEqual(stages.size)
        expect(heard.map(([, word]) => word)).toEqual(['first', ...heard.slice(1).map(() => 'more')])
        expect(new Set(heard.map(([left]) => left)).size).toBe(heard.length)
      }
      const channels = new Set(all.flatMap((one) => one.channels))
      expect(new Set(Object.keys(heardOf(seenBy)))).toEqual(channels)
    }),
  )
})

test('what falls due in a silence is told once when that ends', () => {
  const heard = heardOf([witness('shop', [30, 14, 3])], (left) => left <= 20 && left > 2)
  expect(heard['ops']).toEqual([
    [30, 'first'],
    [2, 'more'],
    [0, 'more'],
  ])
})

const opened = (facts: CertExpiryFacts): OpenIncident => {
  const decision = judgeCertExpiry(facts, null, now)
  if (decision.action !== 'open') throw new Error(decision.why)
  return { subject: decision.subject, openedMs: now, acknowledged: false, ...decision.facts }
}

test('one that is first seen near its end is told once, for the nearest threshold', () => {
  const open = opened(expiring(2))
  expect(open.memory['stageMs']).toBe(3 * day)
  expect(judgeCertExpiry(expiring(2), open, now).action).toBe('nothing')
})

test('however many checks see it, it is one incident that lists them', () => {
  const many = Array.from({ length: 12 }, (_, index) => witness(`site-${String(index).padStart(2, '0')}`))
  expect(opened(expiring(10, { seenBy: many })).summary).toMatch(/seen by site-00, .* site-09 and 2 more$/)
  const more = expiring(10, { seenBy: [witness('shop'), witness('api')] })
  expect(judgeCertExpiry(more, opened(expiring(10)), now)).toMatchObject({ action: 'update', tell: false })
})

test('it ends when nobody sees it any more, and is not told again for a day when a pool shows it once more', () => {
  const open = opened(expiring(10))
  expect(judgeCertExpiry(expiring(10, { seenBy: [] }), open, now).action).toBe('resolve')
  const back = (stageDays: number, hoursAgo: number) =>
    expiring(10, {
      toldBefore: {
        stageMs: stageDays * day,
        memory: { heard: { ops: stageDays * day } },
        resolvedMs: now - hoursAgo * 3_600_000,
      },
    })
  expect(judgeCertExpiry(back(14, 1), null, now).action).toBe('nothing')
  expect(judgeCertExpiry(back(30, 1), null, now).action).toBe('open')
  expect(judgeCertExpiry(back(14, 25), null, now).action).toBe('open')
})

test.each<[string, CertExpiryFacts, string]>([
  ['far from its end', expiring(31), 'nothing'],
  ['not seen by anybody of whom the rule is on', expiring(1, { seenBy: [] }), 'nothing'],
  ['a threshold of 60 days', expiring(50, { seenBy: [witness('shop', [60])] }), 'open'],
  ['no threshold at all, and expired', expiring(-1, { seenBy: [witness('shop', [])] }), 'open'],
])('%s, nothing open', (_, facts, action) => {
  expect(judgeCertExpiry(facts, null, now).action).toBe(action)
})

const leaf = (sha256: string, own: Partial<LeafCertificate> = {}): LeafCertificate => ({
  sha256,
  subject: 'CN=shop.example',
  issuer: "CN=R10, O=Let's Encrypt, C=US",
  san: ['shop.example', 'www.shop.example'],
  keyType: 'ec',
  notBeforeMs: now - 60 * day,
  notAfterMs: now + 30 * day,
  ...own,
})
const renewed = { notBeforeMs: now, notAfterMs: now + 90 * day }
test.each<[string, LeafCertificate, LeafCertificate, RegExp | null]>([
  ['a renewal', leaf('A'), leaf('B', renewed), null],
  [
    'a renewal by another intermediate',
    leaf('A'),
    leaf('B', { ...renewed, issuer: "CN=E6, O=Let's Encrypt, C=US" }),
    null,
  ],
  ['names in another order', leaf('A'), leaf('B', { ...renewed, san: ['WWW.shop.example', 'shop.example'] }), null],
  ['another authority', leaf('A'), leaf('B', { ...renewed, issuer: 'CN=X1, O=Other CA' }), /issued by/],
  ['another name', leaf('A'), leaf('B', { ...renewed, san: ['evil.example'] }), /it is for evil.example and not for/],
  ['another type of key', leaf('A'), leaf('B', { ...renewed, keyType: 'rsa' }), /its key is rsa and not ec/],
  ['early', leaf('A', { notBeforeMs: now - day, notAfterMs: now + 89 * day }), leaf('B', renewed), /had 89 days left/],
  ['an older one', leaf('A'), leaf('B', { notAfterMs: now + day }), /ends no later/],
])('%s', (_, before, after, expected) => {
  const reason = unexpectedIn(before, after, now)
  if (expected === null) expect(reason).toBeNull()
  else expect(reason).toMatch(expected)
})

test('an unexpected change is told once, and ends after a day or when nobody sees it', () => {
  const change = { before: leaf('A'), after: leaf('B', { ...renewed, san: ['evil.example'] }), atMs: now }
  const facts = { change, isKnown: false, seenBy: ['shop'], region: 'eu', channels: ['ops'] }
  const decision = judgeCertChange(facts, null, now)
  if (decision.action !== 'open') throw new Error(decision.why)
  expect(decision).toMatchObject({ subject: 'B', facts: { regions: [{ region: 'eu', state: 'down' }] } })
  const open = { subject: 'B', openedMs: now, acknowledged: false, ...decision.facts }
  expect(judgeCertChange({ ...facts, isKnown: true }, null, now).action).toBe('nothing')
  expect(judgeCertChange(facts, open, now).action).toBe('nothing')
  expect(judgeCertChange({ ...facts, change: null, seenBy: ['shop', 'api'] }, open, now)).toMatchObject({
    action: 'update',
    tell: false,
    channels: ['ops'],
  })
  expect(judgeCertChange({ ...facts, change: null }, { ...open, acknowledged: true }, now).action).toBe('resolve')
  expect(judgeCertChange({ ...facts, change: null }, open, now + day).action).toBe('resolve')
  expect(judgeCertChange({ ...facts, change: null, seenBy: [] }, open, now).action).toBe('resolve')
})
