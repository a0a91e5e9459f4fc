import { describe, expect, test } from 'vitest'
import { startEmbeddedPostgres } from './index.ts'
import { postgresProcessesIn } from './processes.ts'
import { killHard, log, openFolder, postmasterOf, processesNaming, queryOne, startInChild, until } from './trial.ts'

// Processes are looked up in /proc.
describe.skipIf(process.platform !== 'linux')('when Sonde is killed with SIGKILL', () => {
  test('nothing is left running, and what was committed is there at the next start', async () => {
    await using folder = await openFolder()
    const { child, url, cluster } = await startInChild(folder.path)
    await queryOne(url, 'create table kept as select 42 as answer')
    expect(processesNaming(cluster).length).toBeGreaterThan(1)
    await killHard(child)
    await until('the keeper and PostgreSQL are gone', () => processesNaming(cluster).length === 0)

    const next = await startEmbeddedPostgres({ dataDir: folder.path, log })
    expect(await queryOne(next.url, 'select answer from kept')).toEqual({ answer: 42 })
    await next.stop()
  })

  test('a start right after it waits for the old server to end', async () => {
    await using folder = await openFolder()
    const { child } = await startInChild(folder.path)
    await killHard(child)
    const next = await startEmbeddedPostgres({ dataDir: folder.path, log })
    expect(await queryOne(next.url, 'select 1 as alive')).toEqual({ alive: 1 })
    await next.stop()
  })

  test('a server that lost its keeper too is stopped by the next start, and told', async () => {
    await using folder = await openFolder()
    const { child, url, cluster } = await startInChild(folder.path)
    await queryOne(url, 'create table kept as select 42 as answer')
    const orphan = postmasterOf(cluster)
    child.kill('SIGSTOP')
    for (const pid of processesNaming(cluster)) if (pid !== orphan) process.kill(pid, 'SIGKILL')
    await killHard(child)
    expect(postgresProcessesIn(cluster)[0]).toBe(orphan)

    const told: string[] = []
    const next = await startEmbeddedPostgres({ dataDir: folder.path, log: (line) => told.push(line) })
    expect(told).toEqual(['stopped the PostgreSQL that a killed run had left'])
    expect(await queryOne(next.url, 'select answer from kept')).toEqual({ answer: 42 })
    await next.stop()
    expect(processesNaming(cluster)).toEqual([])
  })

  test('a postmaster that was killed as well is replaced', async () => {
    await using folder = await openFolder()
    const { child, url, cluster } = await startInChild(folder.path)
    await queryOne(url, 'create table kept as select 42 as answer')
    const postmaster = postmasterOf(cluster)
    child.kill('SIGSTOP')
    process.kill(postmaster, 'SIGKILL')
    await killHard(child)
    const next = await startEmbeddedPostgres({ dataDir: folder.path, log })
    expect(await queryOne(next.url, 'select answer from kept')).toEqual({ answer: 42 })
    await next.stop()
  })
})
