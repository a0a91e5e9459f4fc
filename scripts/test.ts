import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { runChecks } from './check.ts'
import { provideDebianPackages } from './debian-packages.ts'
import { countTests, summary } from './test-report.ts'

// All there is to testing: 1. what some tests need, 2. the checks and the tests, 3. one line that counts.
process.chdir(`${import.meta.dirname}/..`)

const missing = provideDebianPackages()
// Side by side: the tests that come first wait for the most part.
const [failedChecks, { counts, clean }] = await Promise.all([runChecks(), runVitest(process.argv.slice(2))])
const mustBeWhole = process.env.CI === 'true' && missing > 0
if (mustBeWhole) console.log('With CI=true nothing may be left out.')

counts.failed += failedChecks + (mustBeWhole ? missing : 0)
if (!clean && counts.failed === 0) counts.failed = 1 // An error outside any test, say in the set-up.
process.exitCode = counts.failed === 0 ? 0 : 1
console.log(summary(counts))

async function runVitest(args: string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'sonde-report-'))
  const report = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
    // Each test file and each process under test loads much the same code: compiled once, it is kept for the next.
    const env = { NODE_COMPILE_CACHE: `${process.cwd()}/node_modules/.cache/node-compile`, ...process.env }
    // A machine of others may be held up for a moment: there, what fails twice has failed.
    const again = process.env.CI === 'true' ? ['--retry=1'] : []
    const child = spawn('node_modules/.bin/vitest', ['run', ...reporters, ...again, ...args], { stdio: 'inherit', env })
    const code = await new Promise<number | null>((resolve) => {
      child.once('error', () => resolve(null))
      child.once('close', resolve)
    })
    return { counts: countTests(readOrEmpty(report)), clean: code === 0 }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readOrEmpty(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
