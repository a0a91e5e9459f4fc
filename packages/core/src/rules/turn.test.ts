import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Check } from '../check.ts'
import { explain } from '../failure.ts'
import { foldResults, type NewResult, noResults, type StateValues } from '../fold.ts'
import { aResult } from '../result.fixture.ts'
import type { Result } from '../result.ts'
import type { Decision, OpenIncident } from './decision.ts'
import { type CheckFacts, checkRuleNames, checkRules } from './registry.ts'
import type { Turn } from './turn.ts'
import { ruledCheck } from './vote.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const check = Check.parse({
  key: 'zone',
  kind: 'dns',
  target: 'shop.example',
  interval: '30s',
  alerts: { failureThreshold: { failures: 2, of: 3 }, successThreshold: 1, noData: 2 },
})

type Kind = 'a' | 'b' | 'signature' | 'down' | 'missed'
const answered = (data: string, daysLeft: number): Result['dns'] => ({
  server: 'udp://192.0.2.1:53',
  rcode: 'NOERROR',
  flags: [],
  answers: [{ name: 'shop.example', type: 'A', ttl: 60, data }],
  authorityCount: 0,
  additionalCount: 0,
  signatureDaysLeft: daysLeft,
  signatureLifeDays: 30,
})
const found: Record<Kind, Partial<Result>> = {
  a: { dns: answered('192.0.2.1', 20) },
  b: { dns: answered('192.0.2.2', 20) },
  signature: { dns: answered('192.0.2.1', 1) },
  down: { outcome: 'down', error: explain('dns_timeout', 'no answer') },
  missed: { outcome: 'missed', error: explain('expired', 'too late') },
}
const resultAt = (kind: Kind, slot: number): NewResult => ({
  result: aResult({ kind: 'dns', slot: new Date(start + slot * 30_000).toISOString(), ...found[kind] }),
  replaced: null,
})

/** What is to be judged of results that come in these chunks. */
function turnsOf(chunks: readonly (readonly NewResult[])[]): { state: StateValues; turns: Turn[] } {
  let state: StateValues = noResults
  const turns: Turn[] = []
  for (const chunk of chunks) {
    const folded = foldResults(state, chunk, check)
    state = folded.state
    turns.push(...folded.turns)
  }
  return { state, turns }
}

/** The decisions of every rule at each turn, as of its slot. */
function decisionsOf(turns: readonly Turn[]): string[] {
  const open = new Map<string, OpenIncident>()
  const decided: string[] = []
  for (const turn of turns) {
    const atMs = (turn.lastSlotMs ?? 0) + 5000
    const facts: CheckFacts = {
      check: ruledCheck(check),
      votes: [{ region: 'local', ...turn }],
      suspects: new Set(),
      silentRegions: new Map(),
      inDoubt: new Set(),
      openings: [],
      parents: [],
      children: [],
    }
    for (const rule of checkRuleNames) {
      const decision: Decision = checkRules[rule](facts, open.get(rule) ?? null, atMs)
      if (decision.action === 'nothing') continue
      // Never twice, and never over what is not open.
      expect(open.has(rule)).toBe(decision.action !== 'open')
      if (decision.action === 'resolve') open.delete(rule)
      else open.set(rule, { subject: '', openedMs: atMs, acknowledged: false, ...open.get(rule), ...decision.facts })
      decided.push(`${rule} ${decision.action} ${turn.lastSlotMs}`)
      expect(checkRules[rule](facts, open.get(rule) ?? null, atMs).action).toBe('nothing')
    }
  }
  return decided
}

const kinds = fc.constantFrom<Kind>('a', 'a', 'a', 'a', 'b', 'signature', 'down', 'down', 'missed')
const history = fc.array(kinds, { minLength: 1, maxLength: 60 })

test('the same results in any chunks give the same incidents', () => {
  fc.assert(
    fc.property(
      history,
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 60, maxLength: 60 }),
      (history, sizes) => {
        const results = history.map(resultAt)
        const chunks: NewResult[][] = []
        for (let at = 0, chunk = 0; at < results.length; at += sizes[chunk++] ?? 1)
          chunks.push(results.slice(at, at + (sizes[chunk] ?? 1)))
        const single = turnsOf(results.map((result) => [result]))
        const chunked = turnsOf(chunks)
        expect(chunked.turns).toEqual(single.turns)
        expect(decisionsOf(chunked.turns)).toEqual(decisionsOf(single.turns))
      },
    ),
  )
})

test.each<[string, Partial<Result>, number]>([
  ['when its probe had the answer', { startedAt: new Date(start + 20).toISOString(), durationMs: 1500 }, 1520],
  ['after its attempts', { startedAt: new Date(start).toISOString(), durationMs: 1500, attempts: 3 }, 4500],
  ['with the next slot at the latest', { startedAt: new Date(start + 3_600_000).toISOString() }, 30_000],
  ['not before its slot', { startedAt: new Date(start - 3_600_000).toISOString() }, 0],
  ['with its timeout, where it was missed', { ...found.missed, startedAt: null }, 5000],
])('a result counts %s', (_, own, afterMs) => {
  const result = aResult({ kind: 'dns', slot: new Date(start).toISOString(), ...own })
  expect(foldResults(noResults, [{ result, replaced: null }], check).turns[0]?.endedMs).toBe(start + afterMs)
})

test('results that come again, or after a later one, change nothing', () => {
  fc.assert(
    fc.property(history, fc.array(fc.tuple(fc.nat(), kinds), { maxLength: 20 }), (history, late) => {
      const { state, turns } = turnsOf(history.map((kind, slot) => [resultAt(kind, slot)]))
      for (const [pick, kind] of late) {
        const folded = foldResults(state, [resultAt(kind, pick % history.length)], check)
        expect(folded.turns).toEqual([])
        for (const name of ['verdict', 'failures', 'successes', 'missed', 'outcomes', 'lastSlotMs', 'memory'] as const)
          expect(folded.state[name]).toEqual(state[name])
      }
      expect(turns.length).toBeLessThanOrEqual(history.length)
    }),
  )
})
