import { expect, test } from 'vitest'
import { readConfigFile } from './config-file.ts'
import { planChecks } from './plan.ts'

const http = { key: 'a', kind: 'http', target: 'https://a.example/' }
const tls = { key: 'b', kind: 'tls', target: 'b.example:443' }

test('defaults lie below each check, and the block of a kind below its checks alone', () => {
  const { checks } = readConfigFile({
    defaults: { interval: '1m', labels: { team: 'web' }, http: { method: 'HEAD' } },
    checks: [
      { ...http, labels: { tier: 'one' } },
      { ...tls, interval: '2m' },
    ],
  })
  expect(checks).toMatchObject([
    { interval: '1m', labels: { team: 'web', tier: 'one' }, http: { method: 'HEAD' } },
    { interval: '2m', labels: { team: 'web' } },
  ])
})

test('every mistake of every check is told at once, with its path', () => {
  const read = () =>
    readConfigFile({
      checks: [{ ...http, intervall: '1m' }, { ...tls, key: 'a', timeout: '5m' }, http, http],
      chekcs: [],
    })
  expect(read).toThrow(
    expect.objectContaining({
      problems: [
        { path: 'chekcs', message: 'is not a section that Sonde knows' },
        { path: 'checks[0].intervall', message: 'is not a field that Sonde knows' },
        { path: 'checks[1].timeout', message: 'expected less than interval (30s), found 5m' },
        { path: 'checks[1].key', message: '"a" stands in checks[0] already' },
      ],
    }),
  )
})

test('a plan names what differs, and deletes only when told to', () => {
  const [current, wanted] = [
    [http, tls],
    [
      { ...http, interval: '1m' },
      { ...tls, key: 'c' },
    ],
  ].map((checks) => readConfigFile({ checks }).checks)
  expect(planChecks(current ?? [], wanted ?? [], false)).toEqual([
    { key: 'a', action: 'change', fields: ['interval'] },
    { key: 'c', action: 'create', fields: [] },
  ])
  expect(planChecks(current ?? [], wanted ?? [], true)).toContainEqual({ key: 'b', action: 'delete', fields: [] })
  expect(planChecks(current ?? [], current ?? [], true).map(({ action }) => action)).toEqual(['unchanged', 'unchanged'])
})
