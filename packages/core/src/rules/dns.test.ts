import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AlertPolicy } from '../alert-policy.ts'
import { type AnswerMemory, advanceAnswers, answerSet } from './answers.ts'
import { judgeDnsChange } from './dns-change.ts'
import { judgeDnssecExpiry } from './dnssec-expiry.ts'
import { advanceSignature } from './signature.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const second = 1000
const day = 86_400_000

/** What is remembered after these sets, a letter an address, every ten seconds; the TTL is that of an authoritative server. */
function after(sets: readonly string[], ttls: (slot: number) => number = () => 300, from: AnswerMemory | null = null) {
  let memory = from
  for (const [slot, letters] of sets.entries()) {
    const set = letters.split('').sort()
    memory = advanceAnswers(memory, { set, ttl: ttls(slot) }, start + slot * 10 * second, 2)
  }
  return memory
}
const repeated = (times: number, ...sets: string[]) => Array.from({ length: times }, () => sets).flat()
// A cache asks the zone every thirty slots.
const cached = (slot: number) => 300 - 10 * (slot % 30)

test.each<[string, string[], ((slot: number) => number) | undefined, boolean]>([
  ['always the same', repeated(20, 'a'), undefined, false],
  ['in any order', repeated(20, 'abc', 'cab'), undefined, false],
  ['changed for good', [...repeated(3, 'a'), 'b', 'b'], undefined, true],
  ['one address of two gone', [...repeated(5, 'ab'), 'a', 'a'], undefined, true],
  ['another once alone', [...repeated(5, 'a'), 'b', 'a', 'a', 'b', 'a'], undefined, false],
  ['turning between two', repeated(20, 'a', 'b'), undefined, false],
  [
    'turning between two, each for a while',
    [...'abaabbab'.split(''), ...repeated(9, 'a'), ...repeated(9, 'b')],
    undefined,
    false,
  ],
  ['another every time', 'abcdefghijklmnopqrstuvwxyz'.split(''), undefined, false],
  [
    'another whenever the cache asks',
    [...repeated(30, 'a'), ...repeated(30, 'b'), ...repeated(30, 'c')],
    cached,
    false,
  ],
  ['changed behind a cache', [...repeated(90, 'a'), ...repeated(30, 'b')], cached, true],
])('%s', (_, sets, ttls, changed) => {
  expect(after(sets, ttls)?.changed !== null).toBe(changed)
})

test('the old answers again take a change back', () => {
  const changed = after([...repeated(3, 'a'), ...repeated(3, 'b')])
  expect(changed?.changed).toMatchObject({ from: ['a'], to: ['b'] })
  expect(after(['a'], undefined, changed)?.changed).not.toBeNull()
  expect(after(['a', 'a'], undefined, changed)?.changed).toBeNull()
})

test('while the answers are steady nothing new is remembered', () => {
  const steady = after(repeated(3, 'a'))
  expect(advanceAnswers(steady, { set: ['a'], ttl: 5 }, start + day, 2)).toBe(steady)
})

test('round-robin of any sets changes nothing, and memory stays small', () => {
  const anySet = fc.constantFrom('ab', 'bc', 'cd', 'da')
  fc.assert(
    fc.property(fc.array(anySet, { minLength: 20, maxLength: 100 }), (sets) => {
      // All of them are seen in turn before: from then on each is known.
      const memory = after([...repeated(2, 'ab', 'bc', 'cd', 'da'), ...sets])
      expect(memory?.changed).toBeNull()
      expect(memory?.others.length).toBeLessThanOrEqual(8)
    }),
  )
})

const answer = (type: string, data: string, ttl = 300) => ({ name: 'x.example', type, ttl, data })
const reply = (answers: ReturnType<typeof answer>[], rcode = 'NOERROR') => ({
  outcome: 'up' as const,
  dns: { server: 's', rcode, flags: [], answers, authorityCount: 0, additionalCount: 0 },
})
test('of an answer the records of the type count, without order, TTL, aliases, signatures and serials', () => {
  const set = (answers: ReturnType<typeof answer>[], rcode?: string) => answerSet(reply(answers, rcode))?.set ?? null
  expect(set([answer('A', '2'), answer('A', '1', 5), answer('A', '2')])).toEqual(['A 1', 'A 2'])
  expect(set([answer('CNAME', 'y.example'), answer('A', '1'), answer('RRSIG', 'A 13 …')])).toEqual(['A 1'])
  expect(set([answer('CNAME', 'y.example')])).toEqual(['CNAME y.example'])
  expect(set([answer('SOA', 'ns.example. host.example. 2026010501 7200 3600 1209600 3600')])).toEqual([
    'SOA ns.example. host.example. 7200 3600 1209600 3600',
  ])
  expect([set([]), set([answer('A', '1')], 'NXDOMAIN')]).toEqual([null, null])
})

const check = (own: object = {}) => ({
  key: 'zone',
  enabled: true,
  intervalMs: 30_000,
  timeoutMs: 5000,
  alerts: AlertPolicy.parse(own),
})
const vote = (region: string, memory: object | null) => ({
  region,
  verdict: 'up' as const,
  lastSlotMs: start,
  missed: 0,
  error: null,
  memory: memory === null ? null : { answers: null, signature: null, ...memory },
})

test('changed answers are told once for all regions, with what is gone and what is new, and are taken for right after a day', () => {
  const answers = after([...repeated(3, 'ab'), ...repeated(3, 'bc')])
  const votes = [vote('eu', { answers }), vote('us', null)]
  const decision = judgeDnsChange({ check: check(), votes }, null, start + 60 * second)
  if (decision.action !== 'open') throw new Error(decision.why)
  expect(decision.facts.summary).toBe('zone: the answers changed in 1 of 2 regions: gone a, new c')
  const open = { subject: '', openedMs: start + 60 * second, acknowledged: false, ...decision.facts }
  const judge = (given: typeof votes, atMs: number, own = {}) =>
    judgeDnsChange({ check: check(own), votes: given }, open, atMs)
  expect(judge(votes, start + 60 * second).action).toBe('nothing')
  expect(judge([vote('eu', { answers }), vote('us', { answers })], start + 70 * second)).toMatchObject({ tell: false })
  expect(judge(votes, start + day + 60 * second).action).toBe('resolve')
  expect(judge([vote('eu', null), vote('us', null)], start + 70 * second).action).toBe('resolve')
  expect(judge(votes, start + 70 * second, { dnsChange: { enabled: false } }).action).toBe('resolve')
})

test('changed answers that somebody has acknowledged are over, and no news where they are seen later', () => {
  const answers = after([...repeated(3, 'ab'), ...repeated(3, 'bc')])
  const elsewhere = after([...repeated(9, 'ab'), ...repeated(3, 'bc')])
  const facts = { check: check(), votes: [vote('eu', { answers }), vote('us', null)] }
  const decision = judgeDnsChange(facts, null, start + 60 * second)
  if (decision.action !== 'open') throw new Error(decision.why)
  const open = { subject: '', openedMs: start + 60 * second, acknowledged: true, ...decision.facts }
  expect(judgeDnsChange(facts, open, start + 70 * second).action).toBe('resolve')
  const accepted = [{ to: decision.facts.memory['to'] as string[], atMs: start + 65 * second }]
  const votes = [vote('eu', { answers }), vote('us', { answers: elsewhere })]
  expect(judgeDnsChange({ ...facts, votes, accepted }, null, start + 300 * second).action).toBe('nothing')
  const other = after([...repeated(9, 'ab'), ...repeated(3, 'xy')])
  const news = [vote('eu', { answers }), vote('us', { answers: other })]
  expect(judgeDnsChange({ ...facts, votes: news, accepted }, null, start + 400 * second)).toMatchObject({
    action: 'open',
    facts: {
      regions: [
        { region: 'eu', state: 'up' },
        { region: 'us', state: 'down' },
      ],
    },
  })
})

const signed = (daysLeft: number, lifeDays: number | null) => {
  const { dns } = reply([])
  return {
    slot: new Date(start).toISOString(),
    dns: { ...dns, signatureDaysLeft: daysLeft, signatureLifeDays: lifeDays },
  }
}
test.each<[string, number, number | null, boolean]>([
  ['thirty days, three left', 3, 30, false],
  ['thirty days, one left', 1, 30, true],
  ['fourteen days, two left', 2, 14, false],
  ['two days, one left, as those have that sign as they answer', 1, 2.08, false],
  ['ended', -0.5, 30, true],
  ['of an older worker, a day left', 1, null, false],
  ['of an older worker, an hour left', 0.04, null, true],
])('a signature of %s', (_, daysLeft, lifeDays, isNear) => {
  expect(advanceSignature(null, signed(daysLeft, lifeDays)) !== null).toBe(isNear)
})

test('a signature near its end is told, told again when it has ended, and over when it is renewed', () => {
  const signature = advanceSignature(null, signed(1, 30))
  expect(advanceSignature(signature ?? null, signed(1, 30))).toBe(signature)
  const votes = [vote('eu', { signature })]
  const decision = judgeDnssecExpiry({ check: check(), votes }, null, start)
  if (decision.action !== 'open') throw new Error(decision.why)
  expect(decision.facts.summary).toBe(
    'zone: a DNSSEC signature ends at 2026-01-06T10:00:00.000Z and has not been renewed',
  )
  const open = { subject: '', openedMs: start, acknowledged: false, ...decision.facts }
  expect(judgeDnssecExpiry({ check: check(), votes }, open, start).action).toBe('nothing')
  expect(judgeDnssecExpiry({ check: check(), votes }, open, start + day)).toMatchObject({
    tell: true,
    facts: { code: 'dns_bogus' },
  })
  expect(judgeDnssecExpiry({ check: check(), votes: [vote('eu', null)] }, open, start).action).toBe('resolve')
})
