import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

const main = fileURLToPath(new URL('../main.ts', import.meta.url))

export type Workers = {
  /** Tells every worker to drain, waits, and ends the ones that have not stopped after `graceMs`. */
  stop(graceMs: number): Promise<void>
}

/**
 * One worker process a region (`… worker --region NAME`). Each stops by itself when this process ends, however that ends; one
 * that ends on its own is started again, after a second and then ever more slowly.
 */
export function startWorkers(
  regions: readonly string[],
  env: NodeJS.ProcessEnv,
  tell: (line: string) => void,
): Workers {
  const stop = new AbortController()
  const children = new Map<string, ChildProcess>()

  async function keep(region: string): Promise<void> {
    for (let pauseMs = 1000; !stop.signal.aborted; pauseMs = Math.min(pauseMs * 2, 30_000)) {
      const began = Date.now()
      // A session of its own: a Ctrl-C at the terminal reaches us alone, and we stop things in their order.
      const child = spawn(process.execPath, [...process.execArgv, main, 'worker', '--region', region], {
        env,
        stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
        detached: true,
      })
      children.set(region, child)
      const [code, signal] = (await once(child, 'exit')) as [number | null, string | null]
      children.delete(region)
      if (stop.signal.aborted) return
      if (Date.now() - began > 60_000) pauseMs = 1000
      tell(
        `the worker of region ${region} ended (${signal ?? `exit code ${code}`}); starting another in ${pauseMs / 1000} s`,
      )
      await delay(pauseMs, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }

  const kept = Promise.all(regions.map(keep))
  return {
    async stop(graceMs) {
      stop.abort()
      for (const child of children.values()) child.kill('SIGTERM')
      const patience = new AbortController()
      await Promise.race([kept, delay(graceMs, undefined, { signal: patience.signal }).catch(() => undefined)])
      patience.abort()
      for (const child of children.values()) child.kill('SIGKILL')
      await kept
    },
  }
}
