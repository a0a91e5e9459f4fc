import { setTimeout as sleep } from 'node:timers/promises'
import { type Running, sonde } from '../e2e/sonde.ts'

export type Role = {
  name: string
  url: string
  pid: () => number
  /** Everything that all its processes have said. */
  output: () => string
  /** How often it ended though nobody had asked for that. */
  deaths: () => number
  signal: (signal: NodeJS.Signals) => void
  /** Ends it with SIGTERM and resolves when it has ended; it is not started again by itself. Answers its exit code. */
  stop: () => Promise<number | string | null>
  /** Ends it with SIGKILL. */
  kill: () => Promise<void>
  /** Starts it, with `env` beside what it is started with otherwise. */
  start: (env?: Record<string, string>) => void
  /** Its own metrics, by name with labels; rejects when it does not answer within 2 s. */
  metrics: () => Promise<Map<string, number>>
  ready: () => Promise<boolean>
  /** Stops it, starts it again with `env` beside the usual, and resolves with its exit code when it is ready, 30 s later at most. */
  restart: (env?: Record<string, string>) => Promise<number | string | null>
} & AsyncDisposable

// As a supervisor does; one that ends again and again is told as so many deaths.
const restartMs = 1000

/** Keeps one role running as systemd or docker would: when it ends by itself it is started again, and that is counted. */
export function supervise(options: {
  name: string
  args: string[]
  env: Record<string, string>
  cwd: string
  url: string
}): Role {
  const { name, args, cwd, url } = options
  let said = ''
  let deaths = 0
  let wanted = true
  let running: Running | undefined
  const start = (more: Record<string, string> = {}) => {
    wanted = true
    const own = sonde(args, { env: { ...options.env, ...more }, cwd })
    running = own
    void keep(own, more)
  }
  const keep = async (own: Running, more: Record<string, string>) => {
    const code = await own.exited
    said += `${own.output()}\n(${name} ended: ${code})\n`
    if (!wanted || running !== own) return
    deaths++
    running = undefined
    await sleep(restartMs)
    if (wanted && running === undefined) start(more)
  }
  const end = async (signal: NodeJS.Signals) => {
    wanted = false
    const own = running
    if (own === undefined) return null
    own.child.kill(signal)
    const timer = setTimeout(() => own.child.kill('SIGKILL'), 60_000)
    const code = await own.exited
    clearTimeout(timer)
    if (running === own) running = undefined
    return code
  }
  const ask = (path: string) => fetch(`${url}${path}`, { signal: AbortSignal.timeout(2000) })
  const ready = async () => {
    const response = await ask('/readyz').catch(() => undefined)
    await response?.text()
    return response?.status === 200
  }
  start()
  return {
    name,
    url,
    pid: () => running?.child.pid as number,
    output: () => said + (running?.output() ?? ''),
    deaths: () => deaths,
    signal: (signal) => running?.child.kill(signal),
    stop: () => end('SIGTERM'),
    kill: async () => void (await end('SIGKILL')),
    start,
    metrics: async () => readMetrics(await (await ask('/metrics')).text()),
    ready,
    restart: async (env) => {
      const code = await end('SIGTERM')
      start(env)
      const deadline = Date.now() + 30_000
      while (!(await ready()) && Date.now() < deadline) await sleep(100)
      return code
    },
    [Symbol.asyncDispose]: async () => {
      wanted = false
      const own = running
      own?.child.kill('SIGCONT')
      await own?.[Symbol.asyncDispose]()
    },
  }
}

function readMetrics(text: string): Map<string, number> {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  )
}
