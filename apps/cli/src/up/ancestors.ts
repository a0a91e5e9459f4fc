import { readFileSync } from 'node:fs'
import { setInterval } from 'node:timers/promises'

/**
 * Resolves when the npm that started us has ended without telling us: a killed npm leaves its children running, and nobody
 * who stops `npm start` expects that. Never resolves when we were not started by npm, or where there is no /proc to ask.
 */
export async function endOfNpm(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  if (env.npm_command === undefined) return new Promise(() => undefined)
  const watched = lineage(process.ppid)
  if (watched.length === 0) return new Promise(() => undefined)
  try {
    for await (const _ of setInterval(1000, undefined, { signal })) {
      if (watched.some(({ pid, started }) => statOf(pid)?.started !== started)) return
    }
  } catch {
    return
  }
}

type Ancestor = { pid: number; started: string }

/** Our ancestors up to the first npm, each with its start time, since a number alone may come to mean another process. */
function lineage(from: number): Ancestor[] {
  const found: Ancestor[] = []
  for (let pid = from; pid > 1; ) {
    const stat = statOf(pid)
    if (stat === undefined) return []
    found.push({ pid, started: stat.started })
    if (stat.name.startsWith('npm') || stat.commandLine.includes('npm')) return found
    pid = stat.parent
  }
  return []
}

/** From proc(5): the fields after the name in parentheses are state, parent, … and, as the 20th of them, the start time. */
function statOf(pid: number): { name: string; parent: number; started: string; commandLine: string } | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const name = text.slice(text.indexOf('(') + 1, text.lastIndexOf(')'))
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
    if (fields[0] === 'Z') return undefined
    return {
      name,
      parent: Number(fields[1]),
      started: fields[19] ?? '',
      commandLine: readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')[1] ?? '',
    }
  } catch {
    return undefined
  }
}
