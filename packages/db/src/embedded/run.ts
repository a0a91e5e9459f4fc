import { spawn } from 'node:child_process'

/** Whom a program runs as; null is the user of this process. */
export type Account = { name: string; uid: number; gid: number } | null

export type Finished = { code: number | null; output: string }

/**
 * Runs a program to its end and returns its exit code with all it printed. It gets its own session, so a Ctrl-C in the
 * terminal does not reach it; the signal ends it. A program that cannot be started throws with its `code` (`EACCES`).
 */
export async function run(
  program: string,
  args: string[],
  options: { as?: Account; input?: string; signal?: AbortSignal | undefined } = {},
): Promise<Finished> {
  options.signal?.throwIfAborted()
  const child = spawn(program, args, { ...spawnOptions(options.as ?? null), stdio: 'pipe' })
  const abort = () => killGroup(child.pid)
  options.signal?.addEventListener('abort', abort, { once: true })
  try {
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk))
    child.stdin.on('error', () => {}) // It may end without reading what it was given.
    child.stdin.end(options.input ?? '')
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject)
      child.once('close', resolve)
    })
    options.signal?.throwIfAborted()
    return { code, output }
  } finally {
    options.signal?.removeEventListener('abort', abort)
  }
}

/** What every program here is started with: nothing of our environment, a folder anyone may stand in, its own session. */
export function spawnOptions(as: Account) {
  return {
    cwd: '/',
    detached: true,
    env: { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' },
    ...(as === null ? {} : { uid: as.uid, gid: as.gid }),
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return
  try {
    process.kill(-pid, 'SIGTERM')
  } catch {
    // It has ended already.
  }
}
