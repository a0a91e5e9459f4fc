import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'

// The rules of .oxlintrc.json that keep imports pointing one way, tried on files that break them.
const root = fileURLToPath(new URL('..', import.meta.url))
let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sonde-layers-'))
  cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
})

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.for([
  ['packages/core/src/a.ts', "import '@sonde/db'"],
  ['packages/core/src/a.ts', "import '../../db/src/index.ts'"],
  ['packages/core/src/a.ts', "export * from 'node:fs'"],
  ['packages/core/src/a.ts', "export const late = import('node:timers/promises')"],
  ['packages/core/src/a.ts', 'export const late = process.uptime()'],
  ['packages/db/src/a.ts', "import '@sonde/queue'"],
  ['packages/db/src/a.ts', "import '@sonde/testkit/targets'"],
  ['packages/db/src/a.ts', "import '../../queue/src/index.ts'"],
  ['packages/db/src/deep/a.ts', "import '../../../../apps/api/src/app.ts'"],
  ['packages/probes/src/a.ts', "import '@sonde/api'"],
  ['apps/api/src/a.ts', "import '@sonde/worker'"],
  ['apps/api/src/routes/a.ts', "import '../../../worker/src/app.ts'"],
  ['apps/api/src/a.ts', 'export const port = process.env.SONDE_PORT'],
] as const)('%s is refused: %s', ([path, line]) => {
  expect(lint(path, line)).toMatch(/no-restricted-(imports|globals)|no-process-env/)
})

test.for([
  ['packages/core/src/a.ts', "import { createHash } from 'node:crypto'\nexport const hash = createHash('sha256')"],
  ['packages/core/src/kinds/a.ts', "export * from '../check.ts'"],
  ['packages/db/src/a.ts', "export * from '@sonde/core'"],
  ['packages/probes/src/dns/a.ts', "export * from '../net/connect.ts'"],
  ['packages/db/src/a.test.ts', "export * from '@sonde/testkit'"],
  ['packages/testkit/src/a.ts', "export * from '@sonde/queue'"],
  ['apps/api/src/a.ts', "export * from '@sonde/queue'"],
  ['apps/cli/src/a.ts', "export * from '@sonde/worker'"],
  ['apps/api/src/main.ts', 'export const port = process.env.SONDE_PORT'],
] as const)('%s may say: %s', ([path, line]) => {
  expect(lint(path, line)).toBe('')
})

function lint(path: string, source: string): string {
  const file = join(folder, path)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${source}\n`)
  const { stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['-f', 'unix', path], { cwd: folder })
  rmSync(file)
  return `${stdout}${stderr}`.trim()
}
