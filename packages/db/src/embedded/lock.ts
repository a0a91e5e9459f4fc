import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { EmbeddedPostgresError, errnoOf } from './error.ts'
import { identify, isRunning, type ProcessIdentity } from './processes.ts'

export type Lock = { release(): void }

/**
 * Takes a folder for this process. The lock file names its holder by process number and start time, so that a lock left
 * by a killed process is taken over even when its number was given to another one.
 *
 * @param what how the folder is called in the refusal, e.g. "the data directory /srv/sonde/data"
 */
export function acquireLock(path: string, what: string): Lock {
  const me = identify(process.pid)
  if (me === null) throw new EmbeddedPostgresError('cannot read the start time of this process from /proc or ps')
  const mine = `${JSON.stringify(me)}\n`
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, mine, { mode: 0o600 })
  try {
    // link() is atomic and fails when the name is taken: nobody ever sees a lock half written.
    for (let attempt = 0; attempt < 10 && !tryLink(draft, path); attempt++) clearStale(path, what)
  } finally {
    rmSync(draft, { force: true })
  }
  if (readOrNull(path) !== mine) throw new EmbeddedPostgresError(`${what} is being taken by another Sonde right now`)
  return {
    release: () => {
      if (readOrNull(path) === mine) rmSync(path, { force: true })
    },
  }
}

function clearStale(path: string, what: string): void {
  refuseIfHeld(readOrNull(path), path, what)
  // Two starters may both find the same stale lock: what was moved away is looked at once more.
  const aside = `${path}.${process.pid}.stale`
  try {
    renameSync(path, aside)
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return
    throw error
  }
  try {
    refuseIfHeld(readOrNull(aside), path, what)
  } catch (error) {
    tryLink(aside, path)
    throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

function refuseIfHeld(content: string | null, path: string, what: string): void {
  const holder = content === null ? null : parseHolder(content)
  if (holder === null || !isRunning(holder)) return
  throw new EmbeddedPostgresError(
    `${what} is in use by another Sonde (process ${holder.pid}, lock ${path}): stop that one, or choose another SONDE_DATA_DIR`,
  )
}

function parseHolder(content: string): ProcessIdentity | null {
  try {
    const { pid, started } = JSON.parse(content)
    return typeof pid === 'number' && typeof started === 'string' ? { pid, started } : null
  } catch {
    return null
  }
}

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return null
    throw error
  }
}

function tryLink(from: string, to: string): boolean {
  try {
    linkSync(from, to)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  }
}
