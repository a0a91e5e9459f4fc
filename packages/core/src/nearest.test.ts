import { expect, test } from 'vitest'
import { meant, nearest } from './nearest.ts'

const names = ['apply', 'api', 'export', 'validate', 'dry-run']

test.for([
  ['aply', 'apply'],
  ['appply', 'apply'],
  ['exprot', 'export'],
  ['dryrun', 'dry-run'],
  ['valid', 'validate'],
  ['apj', 'api'],
  ['terraform', undefined],
  ['x', undefined],
  ['', undefined],
  ['a'.repeat(100_000), undefined],
] as const)('%s is near %s', ([given, expected]) => {
  expect(nearest(given, names)).toBe(expected)
})

test('a message names it, or says nothing', () => {
  expect(meant('aply', names)).toBe('; did you mean apply?')
  expect(meant('terraform', names)).toBe('')
})
