import type { PlanStep } from '@sonde/core'
import { expect, test } from 'vitest'
import { doneLine, planLines } from './plan-lines.ts'

const step: Omit<PlanStep, 'action'> = { section: 'checks', key: 'shop', fields: [], changes: [], adopts: false }
const plan: PlanStep[] = [
  {
    ...step,
    action: 'create',
    changes: [
      { path: 'key', to: 'shop' },
      { path: 'kind', to: 'http' },
    ],
  },
  {
    ...step,
    section: 'channels',
    key: 'ops',
    action: 'change',
    changes: [
      { path: 'enabled', from: true, to: false },
      { path: 'webhook.headers.x-a', from: 'b\u001b[31m' },
      { path: 'webhook.secret', from: '(secret)', to: '(secret)', secret: true },
    ],
  },
  { ...step, key: 'old', action: 'delete', changes: [{ path: 'kind', from: 'dns' }] },
  { ...step, key: 'same', action: 'unchanged', adopts: true },
]

test('a plan has a line an object and a line a field, and nothing in it steers a terminal', () => {
  expect(planLines(plan, { colour: false })).toEqual([
    '+ create check shop',
    '    + kind: http',
    '~ change channel ops',
    '    ~ enabled: true → false',
    '    - webhook.headers.x-a: "b\\u001b[31m"',
    '    ~ webhook.secret: (secret) changed',
    '- delete check old',
    '  unchanged check same  (of no file so far, managed from now on)',
    'Plan: 1 to create, 1 to change, 1 to delete, 1 unchanged.',
  ])
})

test('colours come only where they are asked for', () => {
  expect(planLines(plan, { colour: true })[0]).toBe('\u001b[32m+ create check shop\u001b[0m')
})

test('of many objects that stay as they are only the number is told', () => {
  const many = Array.from({ length: 200 }, (_, index): PlanStep => ({ ...step, key: `c${index}`, action: 'unchanged' }))
  expect(planLines(many, { colour: false })).toEqual(['Plan: 0 to create, 0 to change, 0 to delete, 200 unchanged.'])
})

test('what was done is one line, by what and section', () => {
  expect(doneLine(plan)).toBe('created check shop; changed channel ops; deleted check old')
  expect(doneLine(plan.slice(3))).toBeUndefined()
})
