import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../../apps/cli/src/main.ts', import.meta.url))
const launcher = readFileSync(new URL('../../apps/cli/bin/sonde', import.meta.url), 'utf8')

/** What the command `sonde` starts Node with, for a worker or for any other role. */
export function nodeFlags(role: string | undefined): string[] {
  const text = role === 'worker' ? launcher : launcher.slice(launcher.indexOf('\nexec '))
  return text.match(/--[a-z-]+(?:=[\w-]+)?/g) ?? []
}

/** The environment of a test's process: nothing of ours but what the test gives, and where compiled code is kept. */
export function environment(own: Record<string, string>): NodeJS.ProcessEnv {
  const compiled = process.env['NODE_COMPILE_CACHE']
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    HOME: '/nonexistent',
    MALLOC_ARENA_MAX: '2',
    ...(compiled === undefined ? {} : { NODE_COMPILE_CACHE: compiled }),
    ...own,
  }
}

export type Running = {
  child: ChildProcess
  /** Everything it has said on stdout and stderr. */
  output: () => string
  exited: Promise<number | string | null>
} & AsyncDisposable

// Roles want one; `sonde up` makes its own.
const secretKey = randomBytes(32).toString('base64')

/** Starts `sonde …` in the folder `cwd`; leaving its scope ends it. With `quiet` nobody reads what it says on stdout. */
export function sonde(args: string[], options: { env: Record<string, string>; cwd: string; quiet?: boolean }): Running {
  const child = spawn(process.execPath, [...nodeFlags(args[0]), main, ...args], {
    cwd: options.cwd,
    env: environment({ ...(args[0] === 'up' ? {} : { SONDE_SECRET_KEY: secretKey }), ...options.env }),
    stdio: ['ignore', options.quiet === true ? 'ignore' : 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)))
  const exited = once(child, 'exit').then(([code, signal]) => (code ?? signal) as number | string | null)
  return {
    child,
    output: () => output,
    exited,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), 20_000)
      await exited
      clearTimeout(timer)
    },
  }
}

/** Runs `sonde …` to its end. */
export async function runSonde(
  args: string[],
  options: { env: Record<string, string>; cwd: string },
): Promise<{ code: number | string | null; output: string }> {
  const running = sonde(args, options)
  const code = await running.exited
  // The streams may end a little after the process.
  await sleep(50)
  return { code, output: running.output() }
}

/** The first truthy answer of `ask`, which is asked again and again; fails with what `describe` says when none comes in time. */
export async function until<Answer>(
  ask: () => Promise<Answer | undefined | false>,
  withinMs: number,
  describe: () => string,
): Promise<Answer> {
  const deadline = Date.now() + withinMs
  for (;;) {
    const answer = await ask().catch(() => undefined)
    if (answer !== undefined && answer !== false) return answer
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${describe()}`)
    await sleep(100)
  }
}

/** The pids of all processes whose command line or working folder names `text`. */
export async function processesWith(text: string): Promise<string[]> {
  const { readdir, readFile } = await import('node:fs/promises')
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const matches = await Promise.all(
    pids.map(async (pid) => {
      const [command, environ] = await Promise.all(
        ['cmdline', 'environ'].map((name) => readFile(`/proc/${pid}/${name}`, 'utf8').catch(() => '')),
      )
      return `${command} ${environ}`.includes(text) ? [pid] : []
    }),
  )
  return matches.flat()
}
