import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { postgresProcessesIn } from './processes.ts'

// What the tests beside this file share.

export const log = (): void => {}

/** A folder for a data directory that every user may pass through, removed at the end of its scope. */
export async function openFolder(): Promise<{ path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'sonde-embedded-'))
  await chmod(path, 0o711)
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}

/** The postmaster of a cluster. Throws where there is none: a signal to no pid at all, 0, ends everything that was started with the tests. */
export function postmasterOf(cluster: string): number {
  const [postmaster] = postgresProcessesIn(cluster)
  if (postmaster === undefined) throw new Error(`no PostgreSQL runs in ${cluster}`)
  return postmaster
}

/** The first row of a statement run on a connection of its own. */
export async function queryOne(url: string, statement: string): Promise<Record<string, unknown> | undefined> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(statement)).rows[0]
  } finally {
    await client.end()
  }
}

export async function setting(url: string, name: string): Promise<unknown> {
  return (await queryOne(url, `select setting from pg_settings where name = '${name}'`))?.setting
}

/** A Node process of its own that has started a server and waits. */
export async function startInChild(dataDir: string): Promise<{ child: ChildProcess; url: string; cluster: string }> {
  const program = `
    import { startEmbeddedPostgres } from ${JSON.stringify(new URL('./index.ts', import.meta.url).href)}
    const server = await startEmbeddedPostgres({ dataDir: process.argv[1], log: () => {} })
    console.log(JSON.stringify(server))`
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', program, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(child.stdout, 'data')
  return { child, ...JSON.parse(String(line)) }
}

/** Ends a child without a chance to clean up. */
export async function killHard(child: ChildProcess): Promise<void> {
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}

/** The processes, keepers among them, that have the text among their arguments. */
export function processesNaming(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => commandLine(pid).includes(text))
    .map(Number)
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    return '' // It has ended since.
  }
}

/** Waits until something holds; throws when it does not within the limit. */
export async function until(what: string, holds: () => boolean, limitMs = 10_000): Promise<void> {
  const end = performance.now() + limitMs
  while (!holds()) {
    if (performance.now() > end) throw new Error(`still not after ${limitMs} ms: ${what}`)
    await sleep(50)
  }
}
