import { readdirSync, readFileSync } from 'node:fs'
import { configJsonSchema, descriptionOf, fieldRows, sectionNames } from '@sonde/core'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { folderWith } from './config.fixture.ts'
import { loadConfig } from './load.ts'
import { MistakesError } from './mistake.ts'

const root = `${import.meta.dirname}/../../../..`
const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false, allowUnionTypes: true })
formats.default(ajv)
const validate = ajv.compile(configJsonSchema())

/** What a file says, whole documents alone: those that have a section. */
function documentsIn(text: string): unknown[] {
  return parseAllDocuments(text, { merge: true }).map((document) => document.toJS() as unknown)
}

type Example = { place: string; files: Record<string, string> }

/** Every example in the pages for people that is a whole configuration: those that a page gives names in one folder are one. */
function examples(): Example[] {
  const pages = readdirSync(`${root}/docs`, { recursive: true }).map((name) => `docs/${String(name)}`)
  return ['README.md', 'sonde.yaml', ...pages].filter((page) => /\.(md|yaml)$/.test(page)).flatMap(examplesOf)
}

function examplesOf(page: string): Example[] {
  const text = readFileSync(`${root}/${page}`, 'utf8')
  if (page.endsWith('.yaml')) return [{ place: page, files: { [page]: text } }]
  const folder: Record<string, string> = {}
  const single = [...text.matchAll(/(?:`(\S+\/\S+\.yaml)`:\n\n)?```yaml\n(.*?)```/gs)].flatMap(
    (found, index): Example[] => {
      const [, name, yaml = ''] = found
      if (!/^(checks|channels|maintenance|templates):/m.test(yaml) || /^key:/m.test(yaml)) return []
      if (name === undefined) return [{ place: `${page}, example ${index + 1}`, files: { 'a.yaml': yaml } }]
      folder[name] = yaml
      return []
    },
  )
  return Object.keys(folder).length === 0 ? single : [...single, { place: page, files: folder }]
}

test.for(examples())('$place is what the schema and validate take', ({ files }) => {
  for (const document of Object.values(files).flatMap(documentsIn)) {
    validate(document)
    expect(validate.errors ?? []).toEqual([])
  }
  using folder = folderWith(files)
  const env = { SONDE_URL: 'http://127.0.0.1:4600' }
  expect(() => loadConfig(Object.keys(files).map(folder.path), env, { lenient: true })).not.toThrow()
})

test('there are examples of every section', () => {
  const all = examples()
    .flatMap(({ files }) => Object.values(files))
    .join('\n')
  for (const section of sectionNames) expect(all).toMatch(new RegExp(`^${section}:`, 'm'))
})

const check = { key: 'a', kind: 'http', target: 'https://a.example/' }

test.for([
  { checks: [{ ...check, intervall: '1m' }] },
  { checks: [{ ...check, interval: 30 }] },
  { checks: [{ ...check, interval: '30' }] },
  { checks: [{ ...check, http: { method: 'FETCH' } }] },
  { checks: [{ ...check, tls: {} }] },
  { checks: [{ key: 'a', kind: 'http' }] },
  { checks: [{ key: 'a', target: 'https://a.example/' }] },
  { checks: [{ kind: 'http', target: 'https://a.example/' }] },
  { checks: [{ ...check, key: 'Not A Key' }] },
  { checks: [{ ...check, alerts: { regions: 'most' } }] },
  { checks: [{ ...check, assertions: [{ source: 'nothing', op: 'eq', value: 1 }] }] },
  { checks: [check], defaults: { key: 'a' } },
  { checks: [check], templates: { a: { intervall: '1m' } } },
  { channels: [{ key: 'a', kind: 'slack' }] },
  { channels: [{ key: 'a', kind: 'pigeon', pigeon: {} }] },
  { maintenance: [{ key: 'a', start: '2026-01-01T00:00:00' }] },
  { regions: [{ name: 'eu', latitude: 100 }] },
  { regions: [1] },
  { chekcs: [] },
  {},
])('a mistake is found by the schema: %j', (document) => {
  expect(validate(document)).toBe(false)
  using folder = folderWith({ 'a.json': JSON.stringify(document) })
  expect(() => loadConfig([folder.path('a.json')], {})).toThrow(MistakesError)
})

test.for([
  { $schema: 'schema.json', 'x-anchors': { any: 1 }, manager: 'web', regions: ['eu', { name: 'us' }], checks: null },
  { defaults: { kind: 'http', http: { method: 'HEAD' } }, checks: [{ key: 'a', target: 'https://a.example/' }] },
  { templates: { t: { kind: 'dns', target: 'a.example' } }, checks: [{ key: 'a', template: ['t'] }] },
  { defaults: { labels: { team: 'web' }, retries: 2 }, checks: [{ ...check, retries: null, labels: { team: null } }] },
  { channels: [{ key: 'ops', kind: 'webhook', webhook: { url: '${OPS_URL}' } }] },
])('%j is taken by the schema and by validate', (document) => {
  validate(document)
  expect(validate.errors ?? []).toEqual([])
  using folder = folderWith({ 'a.json': JSON.stringify(document) })
  expect(() => loadConfig([folder.path('a.json')], {}, { lenient: true })).not.toThrow()
})

test('every field is described (else: packages/core/src/config/descriptions.ts)', () => {
  const paths = sectionNames.flatMap((section) => fieldRows(section).map(({ path }) => `${section}.${path}`))
  expect(paths.length).toBeGreaterThan(100)
  expect(paths.filter((path) => descriptionOf(path) === undefined)).toEqual([])
})
