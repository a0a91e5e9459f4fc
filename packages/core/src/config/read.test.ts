import { expect, test } from 'vitest'
import { readConfigFile } from './read.ts'

const http = { key: 'a', kind: 'http', target: 'https://a.example/' }
const tls = { key: 'b', kind: 'tls', target: 'b.example:443' }

function problemsIn(document: unknown): { path: string; message: string }[] {
  try {
    readConfigFile(document)
  } catch (error) {
    return (error as { problems: { path: string; message: string }[] }).problems
  }
  return []
}

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

test('templates lie between the defaults and the check, later ones above earlier ones', () => {
  const { checks } = readConfigFile({
    defaults: { interval: '1m', retries: 1, labels: { team: 'web', tier: 'two' } },
    templates: {
      fast: { interval: '10s', timeout: '2s', labels: { tier: 'one' } },
      paging: { template: 'fast', alerts: { channels: ['ops'] }, timeout: '3s' },
      quiet: { alerts: { channels: [] } },
    },
    checks: [
      { ...http, template: 'fast', timeout: '1s' },
      { ...tls, template: ['paging', 'quiet'] },
    ],
  })
  expect(checks).toMatchObject([
    { interval: '10s', timeout: '1s', retries: 1, labels: { team: 'web', tier: 'one' } },
    { interval: '10s', timeout: '3s', alerts: { channels: [] } },
  ])
})

test('null takes away what was inherited, and is a mistake where nothing was', () => {
  const defaults = { labels: { team: 'web', tier: 'one' }, retries: 2 }
  const { checks } = readConfigFile({ defaults, checks: [{ ...http, retries: null, labels: { tier: null } }] })
  expect(checks).toMatchObject([{ retries: 0, labels: { team: 'web' } }])
  expect(checks[0]?.labels).not.toHaveProperty('tier')
  expect(problemsIn({ checks: [{ ...http, interval: null }] })).toEqual([
    { path: 'checks[0].interval', message: 'expected a duration such as 250ms, 30s, 5m, 1h or 14d, found null' },
  ])
})

test('a template that is not there or that leads back to itself is named', () => {
  expect(
    problemsIn({
      templates: { a: { template: 'b' }, b: { template: ['c'] }, c: { template: 'a' }, d: 'text', e: { key: 'x' } },
      checks: [{ ...http, template: 'wbe' }],
    }),
  ).toEqual([
    { path: 'templates.c.template', message: 'templates name each other in a circle: a → b → c → a' },
    { path: 'templates.d', message: 'expected a mapping of fields of a check' },
    { path: 'templates.e.key', message: 'can only stand in a check itself' },
    { path: 'checks[0].template', message: 'there is no template "wbe"; there is "a", "b", "c", "d", "e"' },
  ])
})

test('templates that name each other many times over are put together once each', () => {
  const names = Array.from({ length: 200 }, (_, index) => `t${index}`)
  const templates = Object.fromEntries(
    names.map((name, index) => [
      name,
      index === 0 ? { interval: '1m' } : { template: [names[index - 1], names[index - 1]] },
    ]),
  )
  expect(readConfigFile({ templates, checks: [{ ...http, template: 't199' }] }).checks).toMatchObject([
    { interval: '1m' },
  ])
})

test('every mistake of every object is told at once, with its path', () => {
  expect(
    problemsIn({
      manager: 'Team A',
      checks: [{ ...http, intervall: '1m' }, { ...tls, key: 'a', timeout: '5m' }, http, http],
      channels: [{ key: 'ops', kind: 'webhook', webhook: { url: 'no' } }],
      regions: ['eu', { name: 'eu' }, { name: 'us', latitude: 100 }],
      chekcs: [],
      'x-anchors': { anything: true },
    }),
  ).toEqual([
    { path: 'chekcs', message: 'is not a section that Sonde knows; did you mean checks?' },
    { path: 'manager', message: 'expected 1 to 64 of a-z, 0-9 and -, found "Team A"' },
    { path: 'regions[1].name', message: '"eu" stands in regions[0] already' },
    { path: 'regions[2].latitude', message: 'expected at most 90, found 100' },
    { path: 'channels[0].webhook.url', message: 'expected an http or https URL' },
    { path: 'checks[0].intervall', message: 'is not a field that Sonde knows; did you mean interval?' },
    { path: 'checks[1].timeout', message: 'expected less than interval (30s), found 5m' },
    { path: 'checks[1].key', message: '"a" stands in checks[0] already' },
    { path: 'checks[2].key', message: '"a" stands in checks[0] already' },
    { path: 'checks[3].key', message: '"a" stands in checks[0] already' },
  ])
})

test('a document without any section is no configuration', () => {
  expect(problemsIn({})).toMatchObject([{ path: '', message: expect.stringContaining('at least') }])
  expect(problemsIn([])).toMatchObject([{ path: '' }])
  expect(readConfigFile({ checks: null })).toMatchObject({ manager: 'apply', checks: [] })
})

test('a text that no database takes is told by its path', () => {
  const check = (name: string) => ({ key: 'a', kind: 'dns', target: 'a.example', name })
  expect(problemsIn({ checks: [check('a\u0000b')] })).toEqual([
    { path: 'checks[0].name', message: 'expected text without the character U+0000' },
  ])
  expect(problemsIn({ checks: [check('\ud83d')] })).toEqual([
    { path: 'checks[0].name', message: 'expected text, found half of a character (a lone surrogate)' },
  ])
  expect(problemsIn({ checks: [check('\u{1f600}')] })).toEqual([])
})
