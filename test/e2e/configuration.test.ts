import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@sonde/testkit'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Running, runSonde, sonde, until } from './sonde.ts'

// The commands as a user runs them, as processes of their own, on one server for all of it.
// Each command is a process that compiles its modules, on a machine that may be busy.
vi.setConfig({ testTimeout: 90_000 })

let folder = ''
let env: Record<string, string> = {}
let up: Running

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sonde-configuration-'))
  env = {
    SONDE_DATA_DIR: join(folder, 'data'),
    SONDE_PORT: String(await freePort()),
    SONDE_METRICS_PORT: String(await freePort()),
    OPS_URL: 'https://hooks.slack.example/services/one',
  }
  write(
    'sonde.yaml',
    'regions: [local]\nchannels:\n  - { key: ops, kind: slack, slack: { url: "${OPS_URL}" } }\nchecks: []\n',
  )
  up = sonde(['up'], { env, cwd: folder })
  await until(async () => up.output().includes('Sonde is up at'), 60_000, up.output)
}, 90_000)
afterAll(async () => {
  await up[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

function write(name: string, text: string): void {
  writeFileSync(join(folder, name), text)
}

function run(...args: string[]) {
  return runSonde(args, { env, cwd: folder })
}

const checks = `# the shop
templates:
  page: { alerts: { channels: [ops] } }
checks:
  - key: shop   # the front door
    kind: http
    target: https://shop.example/
    template: page
    enabled: false
    http: { auth: { bearer: "\${file:token.txt}" } }
`

test('up says what it applied of each section', () => {
  expect(up.output()).toContain('sonde.yaml: created channel ops')
})

test('a file is validated without a server, planned, applied, and then there is nothing to do', async () => {
  write('token.txt', 'a-secret-token\n')
  write('checks.yaml', checks)
  // No server would be found there.
  const offline = await runSonde(['validate', '-f', 'checks.yaml'], {
    env: { SONDE_URL: 'http://127.0.0.1:1' },
    cwd: folder,
  })
  expect(offline).toEqual({
    code: 0,
    output: expect.stringMatching(
      /^warning: checks\.yaml:3:32: templates\.page\.alerts\.channels\[0\]: there is no channel "ops".*\nValid: 1 check\.\n$/,
    ),
  })
  const plan = `+ create check shop
    + kind: http
    + target: https://shop.example/
    + enabled: false
    + alerts.channels: ["ops"]
    + http.auth.bearer: (secret)
Plan: 1 to create, 0 to change, 0 to delete, 0 unchanged.
`
  expect(await run('apply', '-f', 'checks.yaml', '--dry-run')).toEqual({ code: 2, output: plan })
  expect(await run('apply', '-f', 'checks.yaml')).toEqual({ code: 0, output: `${plan}Applied 1 of 1.\n` })
  expect(await run('apply', '-f', 'checks.yaml', '--dry-run')).toMatchObject({ code: 0 })
  expect(await run('apply', '-f', 'checks.yaml')).toEqual({
    code: 0,
    output: '  unchanged check shop\nPlan: 0 to create, 0 to change, 0 to delete, 1 unchanged.\nNothing to do.\n',
  })
  write('token.txt', 'another-token\n')
  const changed = await run('apply', '-f', 'checks.yaml')
  expect(changed.output).toContain('~ change check shop\n    ~ http.auth.bearer: (secret) changed\n')
  expect(changed.output).not.toMatch(/another-token|a-secret-token|sealed/)
})

test('what the server has comes out as a file, which changes nothing when it is applied', async () => {
  const exported = await run('export')
  expect(exported.output).toMatch(/^ {2}- key: shop$/m)
  expect(exported.output).not.toMatch(/hooks\.slack|-token/)
  write('exported.yaml', exported.output)
  expect(await run('apply', '-f', 'exported.yaml', '--dry-run')).toMatchObject({ code: 0 })
  expect(JSON.parse((await run('export', '--format', 'json')).output)).toMatchObject({ checks: [{ key: 'shop' }] })
})

test('a change on the server is merged into the file, comments and references and all', async () => {
  const token = (await readFile(join(folder, 'data/admin-token'), 'utf8')).trim()
  // What a scanner for leaked secrets looks for.
  expect(token).toMatch(/^sonde_[a-z2-7]{8}_[a-z2-7]{39}$/)
  const answer = await fetch(`http://127.0.0.1:${env.SONDE_PORT}/api/v1/checks/shop`, {
    method: 'PATCH',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/merge-patch+json' },
    body: '{"interval":"2m"}',
  })
  expect(answer.status).toBe(200)
  write('whole.yaml', (await readFile(join(folder, 'sonde.yaml'), 'utf8')).replace('checks: []\n', checks))
  expect(await run('export', '--merge', 'whole.yaml', '-o', 'whole.yaml')).toEqual({ code: 0, output: '' })
  const merged = await readFile(join(folder, 'whole.yaml'), 'utf8')
  expect(merged).toContain('# the front door')
  expect(merged).toContain('"${file:token.txt}"')
  expect(merged).toContain('    interval: 2m\n')
  expect(await run('apply', '-f', 'whole.yaml', '--dry-run')).toMatchObject({ code: 0 })
})

test('a folder is one configuration to merge too, and one of its files alone is told what it lacks', async () => {
  const [shared = '', own = ''] = (await readFile(join(folder, 'whole.yaml'), 'utf8')).split(/^(?=checks:)/m)
  mkdirSync(join(folder, 'all'))
  write('all/shared.yaml', shared)
  write('all/token.txt', 'another-token\n')
  write('all/shop.yaml', own.replace('interval: 2m', 'interval: 9m'))
  expect(await run('export', '--merge', 'all')).toEqual({
    code: 2,
    output: 'sonde export: --merge: a folder is written where it is, with -o all\n',
  })
  expect(await run('export', '--merge', 'all', '-o', 'all')).toEqual({ code: 0, output: '' })
  expect(await readFile(join(folder, 'all/shared.yaml'), 'utf8')).toBe(shared)
  expect(await readFile(join(folder, 'all/shop.yaml'), 'utf8')).toBe(own)
  expect(await run('export', '--merge', 'all/shop.yaml')).toMatchObject({
    code: 2,
    output: expect.stringContaining('template: there is no template "page"'),
  })
})

test('--prune deletes what an earlier apply made', async () => {
  write('checks.yaml', 'checks: []\n')
  const pruned = await run('apply', '-f', 'checks.yaml', '-f', 'sonde.yaml', '--prune')
  expect(pruned).toMatchObject({ code: 0, output: expect.stringContaining('- delete check shop\n') })
  expect((await run('export')).output).not.toContain('shop')
})

test('a document comes by stdin', async () => {
  const { spawnSync } = await import('node:child_process')
  const { stdout } = spawnSync(
    process.execPath,
    [new URL('../../apps/cli/src/main.ts', import.meta.url).pathname, 'validate', '-f', '-'],
    {
      input: '{"checks":[{"key":"a","kind":"dns","target":"a.example"}]}',
      encoding: 'utf8',
    },
  )
  expect(stdout).toBe('Valid: 1 check.\n')
})

test('wrong calls and documents are exit code 2 and say where, what the server refuses says so', async () => {
  write('wrong.yaml', 'checks:\n  - { key: a, kind: dns, target: a.example, intervall: 5s }\n  - { key: b }\n')
  const mistakes = `2 mistakes
wrong.yaml:2:45: checks[0].intervall: is not a field that Sonde knows; did you mean interval?
wrong.yaml:3:5: checks[1].kind: expected "http" or "tls" or "dns" or "tcp" or "icmp", found nothing
`
  expect(await run('validate', '-f', 'wrong.yaml')).toEqual({ code: 2, output: `sonde validate: ${mistakes}` })
  expect(await run('apply', '-f', 'wrong.yaml')).toEqual({ code: 2, output: `sonde apply: ${mistakes}` })
  // There 2 means that there is something to do, and nothing else.
  expect(await run('apply', '-f', 'wrong.yaml', '--dry-run')).toEqual({ code: 1, output: `sonde apply: ${mistakes}` })
  expect(await run('apply', '--dryrun')).toEqual({
    code: 2,
    output: 'sonde apply: there is no flag --dryrun; did you mean --dry-run?\n',
  })
  expect((await run('aply')).output).toContain('there is no command "aply"; did you mean apply?')
  const commands = ['up', 'apply', 'export', 'validate', 'worker', 'migrate']
  const texts = await Promise.all(commands.map((command) => run(command, '--help')))
  for (const [index, command] of commands.entries())
    expect(texts[index]).toMatchObject({ code: 0, output: expect.stringContaining(`Usage: sonde ${command}`) })

  const stranger = await runSonde(['export'], { env: { ...env, SONDE_TOKEN: 'x'.repeat(20) }, cwd: folder })
  expect(stranger).toMatchObject({ code: 1, output: expect.stringContaining('the server answered 401') })
  write(
    'circle.yaml',
    'checks:\n  - { key: a, kind: dns, target: a.example }\n  - key: b\n    kind: dns\n    target: a.example\n',
  )
  expect(await run('apply', '-f', 'circle.yaml')).toMatchObject({ code: 0 })
  write('circle.yaml', 'manager: other\nchecks:\n  - { key: a, kind: dns, target: a.example, retries: 1 }\n')
  expect(await run('apply', '-f', 'circle.yaml')).toEqual({
    code: 2,
    output: expect.stringMatching(
      /^sonde apply: circle\.yaml:3:12: checks\[0\]\.key: the check "a" is managed by "apply"/,
    ),
  })
})

test('a token is printed once and alone, reaches its team alone, is listed, and is nothing when it is revoked', async () => {
  const made = await run(
    'token',
    'create',
    '--name',
    'web',
    '--scope',
    'read',
    'write',
    '--label',
    'team=web',
    '--expires',
    '90d',
    '--json',
  )
  const { id, token, expiresAt } = JSON.parse(made.output) as { id: string; token: string; expiresAt: string }
  expect(Date.parse(expiresAt) - Date.now()).toBeGreaterThan(89 * 86_400_000)
  const asTeam = (...args: string[]) => runSonde(args, { env: { ...env, SONDE_TOKEN: token }, cwd: folder })
  write(
    'team.yaml',
    'defaults: { labels: { team: web } }\nchecks:\n  - { key: of-web, kind: dns, target: a.example, enabled: false }\n',
  )
  expect(await asTeam('apply', '-f', 'team.yaml')).toMatchObject({ code: 0 })
  write('team.yaml', 'checks:\n  - { key: of-all, kind: dns, target: a.example }\n')
  expect(await asTeam('apply', '-f', 'team.yaml')).toEqual({
    code: 2,
    output: 'sonde apply: team.yaml:2:5: checks[0].labels: expected team=web, which this token is bound to\n',
  })
  expect((await asTeam('export')).output).not.toContain('channels')

  const listed = await run('token', 'list')
  expect(listed.output).toMatch(new RegExp(`^${id} {2}web {2}read,write {2}team=web {2}until \\S+ {2}used `, 'm'))
  expect(listed.output).not.toContain(token)
  expect(await run('token', 'revoke', id)).toEqual({ code: 0, output: `Revoked ${id}.\n` })
  expect(await asTeam('export')).toMatchObject({ code: 1, output: expect.stringContaining('answered 401') })

  expect(await run('token', 'create', '--name', 'x', '--scope', 'everything')).toEqual({
    code: 2,
    output: expect.stringMatching(/^sonde token: --scope: expected "read" or "write" or "run" or "admin"/),
  })
  expect(await run('token', 'remove')).toMatchObject({
    code: 2,
    output: expect.stringContaining('did you mean revoke?'),
  })
})

test('the schema comes from the command line and from the server alike', async () => {
  const [here, there] = await Promise.all([
    run('schema'),
    fetch(`http://127.0.0.1:${env.SONDE_PORT}/api/v1/schema.json`).then((answer) => answer.json()),
  ])
  expect(JSON.parse(here.output)).toEqual(there)
})
