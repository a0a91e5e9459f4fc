import { writeFileSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith } from './config.fixture.ts'
import { loadConfig } from './load.ts'

/** What is said of the files, with paths as the test wrote them. */
function mistakesIn(
  files: Record<string, string>,
  options: { env?: NodeJS.ProcessEnv; lenient?: boolean; names?: string[] } = {},
): string[] {
  using folder = folderWith(files)
  const names = (options.names ?? Object.keys(files)).map((name) => (isAbsolute(name) ? name : folder.path(name)))
  try {
    loadConfig(names, options.env ?? {}, { lenient: options.lenient ?? false })
    return []
  } catch (error) {
    const lines = (error as Error).message.replaceAll(`${folder.path('')}/`, '').split('\n')
    return lines.length === 1 ? lines : lines.slice(1)
  }
}

test('every mistake is told with file, line and column, once, where it comes from', () => {
  const file = `# what the shop watches
defaults:
  interval: 30q
templates:
  slow: { timeout: 99s, retries: 9 }
checks:
  - key: shop          # the shop
    kind: http
    target: https://shop.example/
    template: slow
    intervall: 5s
  - { key: zone, kind: dns, target: shop.example }
  - key: nothing
`
  expect(mistakesIn({ 'a.yaml': file })).toEqual([
    'a.yaml:3:13: defaults.interval: expected a duration such as 250ms, 30s, 5m, 1h or 14d, found "30q" (in checks[0])',
    'a.yaml:5:34: templates.slow.retries: expected at most 5, found 9 (in checks[0])',
    'a.yaml:11:5: checks[0].intervall: is not a field that Sonde knows; did you mean interval?',
    'a.yaml:13:5: checks[2].kind: expected "http" or "tls" or "dns" or "tcp" or "icmp", found nothing',
  ])
})

test('what is no YAML is told by its place, and nothing that only follows from it', () => {
  const unquoted = 'checks:\n  - { key: a, kind: http, http: { auth: { bearer: ${TOKEN} } } }\n  - { key: b }\n'
  expect(mistakesIn({ 'a.yaml': unquoted })).toEqual([
    'a.yaml:2:51: within { } or [ ] a reference stands in quotes: "${TOKEN}"',
  ])
  expect(mistakesIn({ 'a.yaml': 'checks: [{ key: a, key: b }, { key: c, key: d }]\nx: {\n' })).toHaveLength(3)
  expect(mistakesIn({ 'a.yaml': 'checks:\n  - {key: a\n' })[0]).toMatch(/^a\.yaml:3:1: /)
  expect(mistakesIn({ 'b.json': '{"checks": [}' })[0]).toMatch(/^b\.json:1:13: /)
})

test.for<[string, string, string]>([
  ['nothing', '# later\n', '1:1: there is nothing in it; expected a mapping with a list of checks'],
  [
    'a check alone',
    'key: a\nkind: dns\n',
    '1:1: is one object alone: expected a list of such, under checks: or channels:',
  ],
  ['a near section', 'check: []\nchecks: []\n', '1:1: check: is not a section that Sonde knows; did you mean checks?'],
  ['a section twice', 'checks: []\n"checks": []\n', '2:1: "checks" stands twice in one mapping'],
  ['a tab', 'checks:\n\t- key: a\n', '2:1: expected spaces before this line, found a tab'],
  ['a text with a colon', 'checks:\n  - name: Shop: front\n', '2:11: expected one value, found "name: value" in it: '],
  [
    'a JSON list without a comma',
    '{"checks": [{"key":"a" "kind":"dns"}]}',
    '1:20: within { } or [ ] a comma is missing',
  ],
  ['a tag', 'checks: !Ref x\n', '1:9: there is no tag !Ref; a text with ! wants quotes'],
  [
    'a number as a label',
    'checks: [{ key: a, kind: dns, target: a.b, labels: { tier: 1 } }]',
    '1:60: checks[0].labels.tier: expected string, found 1; in quotes it is one: "1"',
  ],
  [
    'a near choice',
    'checks: [{ key: a, kind: htpp }]',
    '1:26: checks[0].kind: expected "http" or "tls" or "dns" or "tcp" or "icmp", found "htpp"; did you mean http?',
  ],
])('%s is told in words that help', ([, text, line]) => {
  expect(mistakesIn({ 'a.yaml': text })[0]).toContain(`a.yaml:${line}`)
})

test('what lies too deep to be read is told as that', () => {
  const line = /^a\.yaml:1:\d+: lists and mappings lie too deep within each other$/
  expect(mistakesIn({ 'a.yaml': `checks: ${'['.repeat(20_000)}` })[0]).toMatch(line)
})

test('what is no UTF-8 is told by the place of the first such byte', () => {
  using folder = folderWith({ 'a.yaml': '' })
  const told = (bytes: Buffer) => {
    writeFileSync(folder.path('a.yaml'), bytes)
    return mistakesIn({}, { names: [folder.path('a.yaml')] })
  }
  const latin1 = Buffer.from('checks:\n  - { key: a, name: "Gr\u00fc\u00dfe" }\n', 'latin1')
  const complaint = 'expected text in UTF-8, found a byte that is none'
  expect(told(latin1)[0]).toMatch(new RegExp(`:2:24: ${complaint}$`))
  expect(told(Buffer.from('\ufeffchecks: []', 'utf16le'))[0]).toMatch(new RegExp(`:1:1: ${complaint}$`))
  expect(told(Buffer.from('\ufeffchecks: []\r\nregions: []\r\n'))).toEqual([])
})

test('files, folders and several documents are one configuration; what stands twice names both places', () => {
  const check = (key: string, rest = '') => `  - { key: ${key}, kind: dns, target: a.example${rest} }\n`
  const files = {
    'all/b.yaml': `templates: { slow: { interval: 5m } }\nchecks:\n${check('a')}${check('b')}`,
    'all/deep/c.yml': `defaults: { interval: 1m }\nchecks:\n${check('c')}---\nchecks:\n${check('d', ', template: slow')}`,
    'all/z.json': '{"regions": ["eu"], "channels": []}',
    'all/sonde.schema.json': '{"title": "for editors"}',
    'all/notes.md': 'no configuration',
    'all/.hidden.yaml': 'neither',
  }
  using folder = folderWith(files)
  const { config } = loadConfig([folder.path('all')], {})
  expect(config.checks.map(({ key, interval }) => [key, interval])).toEqual([
    ['a', '30s'],
    ['b', '30s'],
    ['c', '1m'],
    ['d', '5m'],
  ])
  expect(config.regions).toMatchObject([{ name: 'eu' }])
  expect(
    mistakesIn({
      'a.yaml': files['all/b.yaml'],
      'b.yaml': `manager: x\n${files['all/b.yaml']}`,
      'c.yaml': 'manager: y\nregions: []',
    }),
  ).toEqual([
    'b.yaml:2:14: templates.slow: the template "slow" stands in a.yaml:1 already',
    'b.yaml:4:12: checks[0].key: the check "a" stands in a.yaml:3 already',
    'b.yaml:5:12: checks[1].key: the check "b" stands in a.yaml:4 already',
    'c.yaml:1:10: manager: expected "x" as in b.yaml, found "y"',
  ])
})

test('variables and files are filled in, seen from the file that names them', () => {
  using folder = folderWith({
    'a/checks.yaml':
      'checks:\n  - { key: a, kind: http, target: "${HOST}/$${HOST}", http: { auth: { bearer: "${file:../token}" } } }',
    token: 'a-token\n',
  })
  const { config, document } = loadConfig([folder.path('a')], { HOST: 'https://a.example' })
  expect(config.checks).toMatchObject([{ target: 'https://a.example/${HOST}', http: { auth: { bearer: 'a-token' } } }])
  expect(document).toMatchObject({ manager: 'apply', checks: [{ target: 'https://a.example/${HOST}' }] })
})

test('what a reference leads to is bounded, and told where the reference stands', () => {
  const channel = (url: string) => `channels:\n  - { key: ops, kind: slack, slack: { url: "${url}" } }\n`
  const told = (url: string) =>
    mistakesIn({ 'a.yaml': channel(url), 'big.txt': 'x'.repeat(1024 * 1024 + 1) }, { names: ['a.yaml'] })[0]
  expect(told('${OPS_URL}')).toBe('a.yaml:2:44: channels[0].slack.url: the environment has no OPS_URL')
  expect(told('${file:gone}')).toBe('a.yaml:2:44: channels[0].slack.url: there is no file gone')
  expect(told('${file:big.txt}')).toContain('expected a file of at most 1048576 bytes, big.txt has 1048577')
  expect(told('${file:.}')).toContain('. is no file')
  expect(told('${file:}')).toContain('found no path')
})

test('a pull request is checked without its secrets: what refers to them is warned of, and the rest is looked at', () => {
  const file = `defaults: { http: { auth: { bearer: "\${TOKEN}" } } }
channels:
  - { key: ops, kind: slack, slack: { url: "\${OPS_URL}" } }
checks:
  - { key: a, kind: http, target: "\${HOST}", dependsOn: [b], alerts: { channels: [ops, boss] } }
  - { key: b, kind: http, target: "https://b.example/", interval: "\${EVERY}" }
`
  using folder = folderWith({ 'a.yaml': file })
  const { warnings, counts } = loadConfig([folder.path('a.yaml')], {}, { lenient: true })
  expect(counts).toMatchObject({ channels: 1, checks: 2 })
  expect(warnings.map(({ line, column, path, message }) => `${line}:${column} ${path}: ${message}`)).toEqual([
    '1:37 defaults.http.auth.bearer: the environment has no TOKEN',
    '3:44 channels[0].slack.url: the environment has no OPS_URL',
    '5:35 checks[0].target: the environment has no HOST',
    '6:67 checks[1].interval: the environment has no EVERY',
  ])
  expect(mistakesIn({ 'a.yaml': `${file}  - { key: c, kind: http, target: 1 }\n` }, { lenient: true })).toEqual([
    'a.yaml:7:35: checks[2].target: expected string, found 1; in quotes it is one: "1"',
  ])
})

test('a variable in lower case is none, and warned of', () => {
  const text = 'channels:\n  - { key: ops, kind: slack, slack: { url: "https://hooks.example/${slack_key}" } }\n'
  using folder = folderWith({ 'a.yaml': text })
  const { warnings } = loadConfig([folder.path('a.yaml')], { slack_key: 'x' })
  expect(warnings).toMatchObject([
    { line: 2, column: 44, message: expect.stringContaining('${slack_key} is taken as it stands') as string },
  ])
})

test('aliases within aliases do not grow without bound; one anchor may be shared by as many checks as there are', () => {
  const tens = (of: string) => `[${Array.from({ length: 10 }, () => of).join(',')}]`
  const levels = ['ab', 'bc', 'cd', 'de', 'ef', 'fg'].map(([of, name]) => `x-${name}: &${name} ${tens(`*${of}`)}\n`)
  expect(mistakesIn({ 'a.yaml': `x-a: &a ${tens('1')}\n${levels.join('')}checks: *g\n` })).toEqual([
    'a.yaml:6:31: with *e aliases stand for more than 1000000 values',
  ])
  const checks = Array.from({ length: 500 }, (_, index) => `  - { <<: *base, key: c${index}, labels: *web }\n`)
  using folder = folderWith({
    'a.yaml': `x-web: &web { team: web }\nx-base: &base { kind: dns, target: a.example }\nchecks:\n${checks.join('')}`,
  })
  expect(loadConfig([folder.path('a.yaml')], {}).config.checks).toHaveLength(500)
})

test('an alias of nothing, of itself, and a merge of what is no mapping are told where they stand', () => {
  expect(mistakesIn({ 'a.yaml': 'checks: [*gone]\nx-gone: &gone {}\n' })).toEqual([
    'a.yaml:1:10: there is no anchor &gone before this alias',
  ])
  expect(mistakesIn({ 'a.yaml': 'checks: &all\n  - *all\n' })).toEqual(['a.yaml:2:5: *all stands within &all itself'])
  expect(mistakesIn({ 'a.yaml': 'x-a: &a 1\nchecks:\n  - { <<: *a }\n' })).toEqual([
    'a.yaml:3:11: <<: expected a mapping, an alias of one, or a list of such',
  ])
})

test('a mistake that a merge key brings along is told where it stands', () => {
  const text = 'x-slow: &slow { kind: dns, interval: 9x }\nchecks:\n  - { <<: [*slow], key: a, target: a.example }\n'
  expect(mistakesIn({ 'a.yaml': text })[0]).toContain('a.yaml:1:38: checks[0].interval: expected a duration')
})

test('checks that depend on each other in a circle over two files are refused', () => {
  const check = (key: string, on: string) =>
    `checks: [{ key: ${key}, kind: dns, target: a.example, dependsOn: [${on}] }]\n`
  expect(mistakesIn({ 'a.yaml': check('a', 'b'), 'b.yaml': check('b', 'a') })).toEqual([
    'a.yaml:1:50: checks[0].dependsOn: checks depend on each other in a circle: a → b → a',
  ])
})
