import { expect, test } from 'vitest'
import { readConfigFile } from './read.ts'
import { checkReferences } from './references.ts'

const check = (key: string, own: object = {}) => ({ key, kind: 'dns', target: 'a.example', ...own })
const nothing = { regions: [], channels: [], checks: [] }

test('what is named and is nowhere is warned of, by path', () => {
  const config = readConfigFile({
    regions: ['eu'],
    channels: [{ key: 'mail', kind: 'slack', slack: { url: 'https://slack.example/' } }],
    checks: [
      check('a', {
        regions: ['eu', 'mars', '*'],
        dependsOn: ['b', 'router'],
        alerts: { channels: ['mail', 'ops'], escalate: [{ after: '5m', channels: ['boss'] }] },
      }),
      check('b'),
    ],
  })
  expect(checkReferences(config, nothing)).toEqual({
    issues: [],
    warnings: [
      { at: ['checks', 0, 'alerts', 'channels', 1], message: 'there is no channel "ops": nobody is told through it' },
      {
        at: ['checks', 0, 'alerts', 'escalate', 0, 'channels', 0],
        message: 'there is no channel "boss": nobody is told through it',
      },
      { at: ['checks', 0, 'dependsOn', 1], message: 'there is no check "router"' },
      { at: ['checks', 0, 'regions', 1], message: expect.stringContaining('there is no region "mars"') },
    ],
  })
  const server = {
    regions: ['mars'],
    channels: ['ops', 'boss'],
    checks: readConfigFile({ checks: [check('router')] }).checks,
  }
  expect(checkReferences(config, server).warnings).toEqual([])
})

test('checks that depend on each other in a circle are refused, also over what the server has', () => {
  const { checks } = readConfigFile({ checks: [check('server', { dependsOn: ['a'] })] })
  const config = readConfigFile({
    checks: [check('z', { dependsOn: ['a'] }), check('a', { dependsOn: ['b'] }), check('b', { dependsOn: ['server'] })],
  })
  expect(checkReferences(config, nothing).issues).toEqual([])
  expect(checkReferences(config, { ...nothing, checks }).issues).toEqual([
    {
      at: ['checks', 0, 'dependsOn'],
      message: 'checks depend on each other in a circle: a → b → server → a',
    },
  ])
})

test('a chain of ten thousand checks is no circle, and many parents are gone through once', () => {
  const keys = Array.from({ length: 10_000 }, (_, index) => `c-${index}`)
  const config = readConfigFile({
    checks: keys.map((key, index) => check(key, { dependsOn: keys.slice(Math.max(0, index - 2), index) })),
  })
  expect(checkReferences(config, nothing)).toEqual({ warnings: [], issues: [] })
  const closed = readConfigFile({
    checks: [check('c-0', { dependsOn: ['c-9999'] }), check('c-9999', { dependsOn: ['c-0'] })],
  })
  expect(checkReferences(closed, nothing).issues).toHaveLength(1)
})
