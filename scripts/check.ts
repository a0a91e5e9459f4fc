import { spawn } from 'node:child_process'
import { styleText } from 'node:util'

/** What must hold before any test runs: name, program of node_modules/.bin, arguments. */
const checks = [
  { name: 'types', program: 'tsc', args: ['--noEmit'] },
  { name: 'lint', program: 'oxlint', args: ['--type-aware', '--deny-warnings'] },
  { name: 'format', program: 'biome', args: ['check', '--error-on-warnings', '.'] },
] as const

type Verdict = { name: string; ok: boolean; seconds: number; output: string }

/** Runs all checks side by side, prints each with its time and what it found, and returns how many failed. */
export async function runChecks(): Promise<number> {
  const verdicts = await Promise.all(checks.map(runCheck))
  for (const { name, ok, seconds, output } of verdicts) {
    const mark = ok ? styleText('green', '✓') : styleText('red', '✗')
    console.log(`${mark} ${name} ${seconds.toFixed(1)} s`)
    if (!ok) console.log(output.trimEnd())
  }
  return verdicts.filter(({ ok }) => !ok).length
}

async function runCheck({ name, program, args }: (typeof checks)[number]): Promise<Verdict> {
  const started = performance.now()
  const child = spawn(`node_modules/.bin/${program}`, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ok = await new Promise<boolean>((resolve) => {
    child.once('error', (error) => {
      output += `${error.message}: run sh scripts/install\n`
      resolve(false)
    })
    child.once('close', (code) => resolve(code === 0))
  })
  return { name, ok, seconds: (performance.now() - started) / 1000, output }
}

if (import.meta.main) {
  process.chdir(`${import.meta.dirname}/..`)
  process.exitCode = (await runChecks()) === 0 ? 0 : 1
}
