import { cpSync, existsSync } from 'node:fs'
import { chmod, mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from './index.ts'
import { log, openFolder, queryOne } from './trial.ts'

describe.skipIf(process.getuid?.() !== 0)('as root', () => {
  test('the cluster lies in the data directory, under an unprivileged user, where that user may enter', async () => {
    await using folder = await openFolder()
    const dataDir = join(folder.path, 'data')
    const server = await startEmbeddedPostgres({ dataDir, log })
    expect(server).toMatchObject({ cluster: join(dataDir, 'postgres'), notice: null })
    expect((await stat(server.cluster)).uid).not.toBe(0)
    await server.stop()
  })

  test('below a folder closed to that user it lies elsewhere, is told so, and the folder stays closed', async () => {
    await using home = await closedFolder()
    const dataDir = join(home.path, 'data')
    const first = await startEmbeddedPostgres({ dataDir, log })
    expect(first.notice).toBe(`the database lies in ${first.cluster}: PostgreSQL does not run as root`)
    expect(first.cluster.startsWith(home.path)).toBe(false)
    expect((await stat(home.path)).mode & 0o777).toBe(0o700)
    await queryOne(first.url, 'create table kept as select 42 as answer')
    await first.stop()
    expect(existsSync(join(dirname(first.cluster), 'lock'))).toBe(false)

    // The folder is moved: its pointer goes with it.
    const moved = join(home.path, 'moved')
    await rename(dataDir, moved)
    const second = await startEmbeddedPostgres({ dataDir: moved, log })
    expect(await queryOne(second.url, 'select answer from kept')).toEqual({ answer: 42 })

    // A copy of the folder is the same database, so both may not run.
    const copy = join(home.path, 'copy')
    cpSync(moved, copy, { recursive: true })
    await rm(join(copy, 'postgres.lock'))
    await expect(startEmbeddedPostgres({ dataDir: copy, log })).rejects.toThrow('is in use by another Sonde')
    await second.stop()
    await removeEmbeddedPostgres({ dataDir: moved, cluster: second.cluster })
    expect(existsSync(dirname(second.cluster))).toBe(false)

    await expect(startEmbeddedPostgres({ dataDir: copy, log })).rejects.toThrow('which is not there: restore it')
  })

  test('a cluster that root restored from a backup is given back to its user', async () => {
    await using folder = await openFolder()
    const first = await startEmbeddedPostgres({ dataDir: folder.path, log })
    await first.stop()
    const backup = join(folder.path, 'backup')
    cpSync(first.cluster, backup, { recursive: true })
    await rm(first.cluster, { recursive: true })
    await rename(backup, first.cluster)
    await chmod(first.cluster, 0o700)
    expect((await stat(first.cluster)).uid).toBe(0)
    const second = await startEmbeddedPostgres({ dataDir: folder.path, log })
    expect(await queryOne(second.url, 'select 1 as alive')).toEqual({ alive: 1 })
    await second.stop()
  })
})

/** Like root's own home: only root may pass. */
async function closedFolder(): Promise<{ path: string } & AsyncDisposable> {
  const folder = await openFolder()
  const path = join(folder.path, 'home')
  await mkdir(path, { mode: 0o700 })
  return { path, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() }
}
