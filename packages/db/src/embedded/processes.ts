import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync } from 'node:fs'
import { join } from 'node:path'

/** A process that cannot be confused with a later one that was given the same number. */
export type ProcessIdentity = { pid: number; started: string }

const hasProc = existsSync('/proc/self/stat')

/** The process now running under a number, or null when there is none (a zombie is none). */
export function identify(pid: number): ProcessIdentity | null {
  const started = hasProc ? startedByProc(pid) : startedByPs(pid)
  return started === null ? null : { pid, started }
}

/** Whether that very process still runs. */
export function isRunning(process: ProcessIdentity): boolean {
  return identify(process.pid)?.started === process.started
}

/**
 * The PostgreSQL processes of one data directory: the postmaster first, then what a killed postmaster may have left.
 * PostgreSQL makes its data directory the working directory of all its processes.
 */
export function postgresProcessesIn(clusterDir: string): number[] {
  const postmaster = postmasterPid(clusterDir)
  if (!hasProc) {
    const ours = postmaster !== null && ps(postmaster, 'command').includes(clusterDir)
    return ours ? [postmaster] : []
  }
  const real = realpathSync(clusterDir)
  const found = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => isPostgresIn(name, real))
    .map(Number)
  return found.sort((a, b) => Number(b === postmaster) - Number(a === postmaster))
}

/** The first line of `postmaster.pid`, whether or not such a process runs. */
export function postmasterPid(clusterDir: string): number | null {
  try {
    const pid = Number(readFileSync(join(clusterDir, 'postmaster.pid'), 'utf8').split('\n')[0])
    return Number.isInteger(pid) && pid > 0 ? pid : null
  } catch {
    return null
  }
}

function isPostgresIn(pid: string, clusterDir: string): boolean {
  try {
    // Without the name, a shell standing in the folder would count too.
    const { name, state } = procStat(pid)
    return name === 'postgres' && state !== 'Z' && readlinkSync(`/proc/${pid}/cwd`) === clusterDir
  } catch {
    return false
  }
}

function startedByProc(pid: number): string | null {
  try {
    const { state, startTicks } = procStat(String(pid))
    // Ticks count from boot, so the boot belongs to the mark.
    return state === 'Z' ? null : `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${startTicks}`
  } catch {
    return null
  }
}

function procStat(pid: string): { name: string; state: string; startTicks: string } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name stands in parentheses and may itself hold any of them.
  const end = stat.lastIndexOf(')')
  const rest = stat.slice(end + 2).split(' ')
  return { name: stat.slice(stat.indexOf('(') + 1, end), state: rest[0] ?? '', startTicks: rest[19] ?? '' }
}

function startedByPs(pid: number): string | null {
  return ps(pid, 'lstart') || null
}

function ps(pid: number, column: string): string {
  try {
    return execFileSync('ps', ['-o', `${column}=`, '-p', String(pid)], { encoding: 'utf8' }).trim()
  } catch {
    return ''
  }
}
