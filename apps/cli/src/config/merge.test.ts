import { configDocument, fillPlaceholders, readConfig, readConfigFile } from '@sonde/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse, stringify } from 'yaml'
import { parseSources } from './documents.ts'
import { mergeInto } from './merge.ts'

function merged(file: string, exported: object, env: NodeJS.ProcessEnv = {}): string {
  const { sources } = parseSources('a.yaml', file)
  return mergeInto(sources, exported, env).join('')
}

const file = `# what the shop watches
defaults:
  interval: 1m   # often enough
  labels: { team: web }
templates:
  page: { alerts: { channels: [ops] }, retries: 2 }

channels:
  - key: ops
    kind: slack
    slack: { url: "\${OPS_URL}" }   # from the vault

checks:
  # the front door
  - key: shop
    kind: http
    target: \${HOST}/health
    template: page
    assertions:
      - { source: status, op: eq, value: 200 }   # exactly

  - { key: zone, kind: dns, target: shop.example } # the zone
  - { key: old, kind: dns, target: old.example }
`
const sealed = 'sealed:v1:0:abc'
const channels = [{ key: 'ops', kind: 'slack', slack: { url: sealed } }]
const env = { HOST: 'https://shop.example', OPS_URL: 'https://hooks.slack.example/' }

function exportOf(text: string): { checks: Record<string, unknown>[] } {
  const { value } = fillPlaceholders(parse(text), ({ name }) => env[name as keyof typeof env] ?? { problem: name })
  return configDocument({ ...readConfigFile(value), channels: readConfigFile({ channels }).channels }) as {
    checks: Record<string, unknown>[]
  }
}

test('a file that says what the server has comes back as it is, to the letter', () => {
  expect(merged(file, exportOf(file), env)).toBe(file)
})

test('references are kept where they lead to what the server has, also where they lead nowhere from here', () => {
  expect(merged(file, exportOf(file))).toBe(file)
})

test('values are changed where they stand; comments, order, inheritance and the spacing of all other lines stay', () => {
  const { checks, ...rest } = exportOf(file)
  const [shop, zone] = checks
  const text = merged(
    file,
    {
      ...rest,
      regions: [{ name: 'eu' }],
      checks: [
        { key: 'added', kind: 'dns', target: 'added.example' },
        {
          ...shop,
          interval: '10s',
          labels: { tier: 'one' },
          retries: undefined,
          assertions: [{ source: 'status', op: 'eq', value: 204 }],
        },
        { ...zone, name: '${zone}' },
      ],
    },
    env,
  )
  expect(text).toBe(`# what the shop watches
defaults:
  interval: 1m   # often enough
  labels: { team: web }
templates:
  page: { alerts: { channels: [ops] }, retries: 2 }

channels:
  - key: ops
    kind: slack
    slack: { url: "\${OPS_URL}" }   # from the vault

checks:
  # the front door
  - key: shop
    kind: http
    target: \${HOST}/health
    template: page
    assertions:
      - { source: status, op: eq, value: 204 } # exactly
    interval: 10s
    labels:
      team: null
      tier: one
    retries: 0

  - { key: zone, kind: dns, target: shop.example, name: "$\${zone}" } # the zone
  - key: added
    kind: dns
    target: added.example
    interval: 30s
    labels:
      team: null
regions:
  - name: eu
`)
})

test('a secret that the file does not have is put there sealed', () => {
  const text = merged('channels:\n  - { key: ops, kind: slack, slack: { url: sealed:v1:0:old } }\n', {
    channels,
    checks: [],
  })
  expect(parse(text)).toEqual({ channels })
})

test('what other places share stays theirs when it is changed or goes in one', () => {
  const text = `x-web: &web { team: web }
checks:
  - &a { key: a, kind: dns, target: a.example, labels: *web, assertions: &slow [{ source: duration, op: lt, value: 9s }] }
  - { <<: *a, key: b, assertions: *slow }
`
  const a = { kind: 'dns', target: 'a.example', labels: { team: 'web' } }
  const slow = [{ source: 'duration', op: 'lt', value: '9s' }]
  const [one, two] = [
    { key: 'a', ...a, assertions: slow },
    { key: 'b', ...a, assertions: slow },
  ]
  expect(merged(text, { checks: [one, two] })).toBe(text)
  const changed = merged(text, { checks: [{ ...one, labels: { team: 'ops' }, assertions: [] }, two] })
  expect(parse(changed, { merge: true })).toMatchObject({ checks: [{ labels: { team: 'ops' }, assertions: [] }, two] })
  expect(changed).toContain('x-web: &web { team: web }\n')
  expect(parse(merged(text, { checks: [two] }), { merge: true })).toMatchObject({ checks: [two] })
})

test('files of one folder are one configuration: templates are shared, what is new goes to the last that has its section', () => {
  const texts = [
    'manager: web\ntemplates: { page: { retries: 2 } }\nregions: [eu] # of all\n',
    'defaults: { interval: 1m }\nchecks:\n  - { key: a, kind: dns, target: a.example, template: page } # ours\n',
  ]
  const sources = texts.flatMap((text, index) => parseSources(`${index}.yaml`, text).sources)
  const a = { key: 'a', kind: 'dns', target: 'a.example', interval: '1m', retries: 2 }
  const exported = { regions: [{ name: 'eu' }], checks: [a] }
  expect(mergeInto(sources, exported, {})).toEqual(texts)
  const more = {
    ...exported,
    regions: [{ name: 'us' }],
    checks: [
      { ...a, retries: 3 },
      { ...a, key: 'b', retries: 0 },
    ],
  }
  expect(mergeInto(sources, more, {})).toEqual([
    'manager: web\ntemplates: { page: { retries: 2 } }\nregions:\n  - name: us\n  # of all\n',
    'defaults: { interval: 1m }\nchecks:\n' +
      '  - { key: a, kind: dns, target: a.example, template: page, retries: 3 } # ours\n' +
      '  - key: b\n    kind: dns\n    target: a.example\n    interval: 1m\n',
  ])
})

test('whatever the file and the server say, the merged file says what the server does, and a second merge changes nothing', () => {
  const some = <Value>(arbitrary: fc.Arbitrary<Value>) => fc.option(arbitrary, { nil: undefined })
  const part = fc.record({
    interval: some(fc.constantFrom('30s', '1m', '2m')),
    labels: some(fc.dictionary(fc.constantFrom('team', 'tier'), fc.constantFrom('a', '${B}'), { maxKeys: 2 })),
    retries: some(fc.integer({ min: 0, max: 2 })),
    assertions: some(
      fc.array(
        fc.integer({ min: 0, max: 2 }).map((value) => ({ source: 'status', op: 'eq', value })),
        { maxLength: 2 },
      ),
    ),
    http: some(fc.record({ headers: some(fc.dictionary(fc.constantFrom('a', 'b'), fc.constantFrom('1', '2'))) })),
    alerts: some(fc.record({ noData: some(fc.constantFrom(3, 5, { enabled: false })), down: some(fc.constant({})) })),
  })
  const checks = (own: object) =>
    fc.uniqueArray(
      fc.record({ key: fc.constantFrom('a', 'b', 'c'), part, ...own }).map(({ key, part: one, ...rest }) => ({
        key,
        kind: 'http',
        target: 'https://a.example/',
        ...one,
        ...rest,
      })),
      { selector: ({ key }) => key },
    )
  const files = fc.record({
    defaults: some(part),
    templates: fc.record({ t: part }),
    checks: checks({ template: some(fc.constant('t')) }),
  })
  const tidy = <Value>(value: Value): Value => JSON.parse(JSON.stringify(value)) as Value
  type Written = { checks?: Record<string, unknown>[] }
  const escaped = (value: unknown) => JSON.parse(JSON.stringify(value).replaceAll('${', '$$${')) as Written
  // What stands in several places is written once, with an anchor, and as aliases after that.
  const sharing = (file: Written) => {
    const first: Record<string, unknown> = {}
    for (const check of file.checks ?? [])
      for (const [name, value] of Object.entries(check))
        if (typeof value === 'object') check[name] = first[name] ??= value
    return file
  }
  fc.assert(
    fc.property(files, checks({}), fc.boolean(), (before, onServer, isShared) => {
      const server = readConfigFile(tidy({ checks: onServer }))
      const written = escaped(before)
      const text = merged(stringify(isShared ? sharing(written) : written), configDocument(server))
      const again = fillPlaceholders(parse(text), () => ({ problem: 'refers to something' }))
      expect(again.issues).toEqual([])
      const { config, issues } = readConfig(again.value)
      expect(issues).toEqual([])
      const byKey = (list: { key: string }[]) => list.toSorted((a, b) => (a.key < b.key ? -1 : 1))
      expect(byKey(config.checks)).toEqual(byKey(server.checks))
      expect(merged(text, configDocument(server))).toBe(text)
    }),
  )
})
