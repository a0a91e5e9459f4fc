import { expect, test } from 'vitest'
import { advanceChain } from './chain.ts'
import type { Result } from './result.ts'

const at = (minutes: number, ...sha256s: string[]) =>
  ({
    slot: new Date(minutes * 60_000).toISOString(),
    tls: sha256s.length === 0 ? null : { chain: sha256s.map((sha256) => ({ sha256 })) },
  }) as Pick<Result, 'tls' | 'slot'>

test('the first chain is noted and is no change', () => {
  expect(advanceChain(null, at(5, 'leaf', 'ca'))).toEqual({
    seen: { sha256s: ['leaf', 'ca'], notedMs: 300_000 },
    noted: true,
    changed: null,
  })
})

test('the same chain is noted once an hour', () => {
  const { seen } = advanceChain(null, at(0, 'leaf'))
  expect(advanceChain(seen, at(59, 'leaf'))).toEqual({ seen, noted: false, changed: null })
  expect(advanceChain(seen, at(60, 'leaf'))).toMatchObject({ noted: true, changed: null })
})

test('another chain is a change from the one before, also when only the intermediate is another', () => {
  const { seen } = advanceChain(null, at(0, 'leaf', 'ca-1'))
  expect(advanceChain(seen, at(1, 'leaf', 'ca-2'))).toMatchObject({ noted: true, changed: ['leaf', 'ca-1'] })
})

test('no chain, and one from before the last note, say nothing', () => {
  const { seen } = advanceChain(null, at(10, 'leaf'))
  for (const result of [at(11), at(10, 'other'), at(9, 'other')]) {
    expect(advanceChain(seen, result)).toEqual({ seen, noted: false, changed: null })
  }
})
