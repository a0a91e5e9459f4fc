import { readdirSync, readFileSync } from 'node:fs'
import { rssMiB } from './process.ts'

/** Names a part of a system and the process at the root of its tree. */
export type Part = { name: string; pid: number }

/** CPU in ms since its start, by part: of the part's process, all that it has started and is no part itself, and those that have ended. */
export type CpuByPart = Map<string, number>

type Stat = { pid: number; parent: number; command: string; cpuMs: number }

// USER_HZ, which is 100 on every Linux that Node runs on.
const msPerTick = 10

/**
 * Reads /proc once. A process that was waited for is in its parent's cutime and cstime (proc(5)), so that PostgreSQL's backends
 * are counted for as long as they lived.
 */
export function cpuOf(parts: readonly Part[]): CpuByPart {
  const stats = allStats()
  const childrenOf = Map.groupBy(stats, ({ parent }) => parent)
  const byPid = new Map(stats.map((stat) => [stat.pid, stat]))
  const roots = new Set(parts.map(({ pid }) => pid))
  const treeMs = (pid: number): number =>
    (byPid.get(pid)?.cpuMs ?? 0) +
    (childrenOf.get(pid) ?? []).reduce((sum, child) => sum + (roots.has(child.pid) ? 0 : treeMs(child.pid)), 0)
  return new Map(parts.map(({ name, pid }) => [name, treeMs(pid)]))
}

/** What each part used between two readings. */
export function cpuBetween(before: CpuByPart, after: CpuByPart): CpuByPart {
  return new Map([...after].map(([name, ms]) => [name, ms - (before.get(name) ?? 0)]))
}

/** The process of this program's name that we, or one that we started, have started; servers run under a keeper of theirs. */
export function descendant(command: string): number {
  const stats = allStats()
  const byPid = new Map(stats.map((stat) => [stat.pid, stat]))
  const isOurs = (pid: number): boolean => pid === process.pid || (pid > 1 && isOurs(byPid.get(pid)?.parent ?? 0))
  // The postmaster and not one of its backends: nearest to the root.
  const found = stats.filter((stat) => stat.command === command && isOurs(stat.pid))
  const top = found.find(({ parent }) => byPid.get(parent)?.command !== command)
  if (top === undefined) throw new Error(`no process ${command} is ours`)
  return top.pid
}

/** The processes that this one has started and whose command line holds `text`. */
export function childrenWith(pid: number, text: string): number[] {
  const own = allStats().filter(({ parent }) => parent === pid)
  return own.flatMap((child) => {
    const line = readFileSync(`/proc/${child.pid}/cmdline`, 'utf8').replaceAll('\0', ' ')
    return line.includes(text) ? [child.pid] : []
  })
}

/** Resident memory at most, by part, looked at every second until `stop`; of the part's process alone. */
export function watchMemory(parts: readonly Part[]): { stop(): Map<string, number> } {
  const most = new Map<string, number>()
  const look = (): void => {
    for (const { name, pid } of parts) most.set(name, Math.max(most.get(name) ?? 0, rssMiB(pid)))
  }
  const timer = setInterval(look, 1000)
  return {
    stop: () => {
      look()
      clearInterval(timer)
      return most
    },
  }
}

function allStats(): Stat[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return []
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8')
      // The command's name is in parentheses and may hold spaces.
      const end = stat.lastIndexOf(')')
      const fields = stat.slice(end + 2).split(' ')
      const ticks = [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0)
      const command = stat.slice(stat.indexOf('(') + 1, end)
      return [{ pid: Number(name), parent: Number(fields[1]), command, cpuMs: ticks * msPerTick }]
    } catch {
      // It has ended since the folder was read.
      return []
    }
  })
}
