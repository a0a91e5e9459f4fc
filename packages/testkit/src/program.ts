import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'

/** Whether programs can be run here; a test that needs them is left out where one is missing. */
export function havePrograms(...names: string[]): boolean {
  return names.every((name) => spawnSync(name, ['-V']).error === undefined)
}

export type RunningProgram = AsyncDisposable & { pid: number; output: () => string }

/** Starts a server in the foreground and waits until `isReady` holds, asked again every 20 ms; fails with what it wrote. */
export async function startProgram(
  name: string,
  args: readonly string[],
  isReady: () => Promise<boolean>,
): Promise<RunningProgram> {
  const child = spawn(name, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const ended = once(child, 'close')
  const end = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
  }
  const deadlineMs = performance.now() + 10_000
  while (!(await isReady())) {
    if (child.exitCode !== null || performance.now() > deadlineMs) {
      await end()
      throw new Error(`${name} does not start: ${output}`)
    }
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return { pid: child.pid as number, output: () => output, [Symbol.asyncDispose]: end }
}
