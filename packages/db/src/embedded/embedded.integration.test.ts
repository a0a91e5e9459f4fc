import { existsSync, readdirSync } from 'node:fs'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findBinaries } from './binaries.ts'
import { removeEmbeddedPostgres, startEmbeddedPostgres } from './index.ts'
import { identify, postgresProcessesIn } from './processes.ts'
import { log, openFolder, postmasterOf, queryOne, setting } from './trial.ts'

test('the second start is quick and finds the data of the first', async () => {
  await using folder = await openFolder()
  const first = await startEmbeddedPostgres({ dataDir: folder.path, log })
  await queryOne(first.url, 'create table kept as select 42 as answer')
  await first.stop()
  const before = performance.now()
  const second = await startEmbeddedPostgres({ dataDir: folder.path, log })
  const tookMs = performance.now() - before
  expect(await queryOne(second.url, 'select answer from kept')).toEqual({ answer: 42 })
  await second.stop()
  expect(tookMs).toBeLessThan(1_000)
})

test('the server keeps what it was given, and listens on loopback alone', async () => {
  await using folder = await openFolder()
  const server = await startEmbeddedPostgres({ dataDir: folder.path, log })
  const settings = ['fsync', 'synchronous_commit', 'full_page_writes', 'listen_addresses', 'unix_socket_directories']
  expect(await Promise.all(settings.map((name) => setting(server.url, name)))).toEqual([
    'on',
    'on',
    'on',
    '127.0.0.1',
    '',
  ])
  expect(
    await queryOne(
      server.url,
      "select pg_encoding_to_char(encoding) as encoding, datlocale as locale from pg_database where datname = 'sonde'",
    ),
  ).toEqual({ encoding: 'UTF8', locale: 'C.UTF-8' })
  const wrong = new URL(server.url)
  wrong.password = 'guessed'
  await expect(queryOne(wrong.href, 'select 1')).rejects.toThrow('password authentication failed')
  expect((await stat(join(folder.path, 'postgres.password'))).mode & 0o777).toBe(0o600)
  await server.stop()
})

test('a stop leaves no process and no lock, and may be asked for twice', async () => {
  await using folder = await openFolder()
  const server = await startEmbeddedPostgres({ dataDir: folder.path, log })
  await Promise.all([server.stop(), server.stop()])
  expect(postgresProcessesIn(server.cluster)).toEqual([])
  expect(readdirSync(folder.path).toSorted()).toEqual(['postgres', 'postgres.log', 'postgres.password'])
  expect(await server.exited).toBeNull()
})

test('a second start on the same data directory is refused and names the process that has it', async () => {
  await using folder = await openFolder()
  const server = await startEmbeddedPostgres({ dataDir: folder.path, log })
  await expect(startEmbeddedPostgres({ dataDir: folder.path, log })).rejects.toThrow(
    `the data directory ${folder.path} is in use by another Sonde (process ${process.pid}, `,
  )
  expect(await queryOne(server.url, 'select 1 as alive')).toEqual({ alive: 1 })
  await server.stop()
})

test('of several first starts at once exactly one wins', async () => {
  await using folder = await openFolder()
  const starts = [1, 2, 3].map(() => startEmbeddedPostgres({ dataDir: folder.path, log }))
  const settled = await Promise.allSettled(starts)
  const won = settled.filter((one) => one.status === 'fulfilled')
  expect(won).toHaveLength(1)
  await won[0]?.value.stop()
})

test('a lock whose process number was given to another process is taken over', async () => {
  await using folder = await openFolder()
  await mkdir(folder.path, { recursive: true })
  const neighbour = identify(process.ppid)
  await writeFile(join(folder.path, 'postgres.lock'), JSON.stringify({ ...neighbour, started: 'earlier' }))
  const server = await startEmbeddedPostgres({ dataDir: folder.path, log })
  await server.stop()
  expect(existsSync(join(folder.path, 'postgres.lock'))).toBe(false)
})

test('a data directory of another major version is refused untouched', async () => {
  await using folder = await openFolder()
  await mkdir(join(folder.path, 'postgres'))
  await writeFile(join(folder.path, 'postgres/PG_VERSION'), '14\n')
  const { major } = await findBinaries()
  await expect(startEmbeddedPostgres({ dataDir: folder.path, log })).rejects.toThrow(
    `was made by PostgreSQL 14, this Sonde runs ${major}: `,
  )
  expect(readdirSync(folder.path, { recursive: true, encoding: 'utf8' }).toSorted()).toEqual([
    'postgres',
    'postgres/PG_VERSION',
  ])
})

test('a folder that is no cluster is refused untouched', async () => {
  await using folder = await openFolder()
  await mkdir(join(folder.path, 'postgres'))
  await writeFile(join(folder.path, 'postgres/letters.txt'), 'dear')
  await expect(startEmbeddedPostgres({ dataDir: folder.path, log })).rejects.toThrow('not a PostgreSQL data directory')
  expect(readdirSync(folder.path, { recursive: true, encoding: 'utf8' }).toSorted()).toEqual([
    'postgres',
    'postgres/letters.txt',
  ])
})

test('a first start that is given up leaves nothing half done', async () => {
  await using folder = await openFolder()
  const stop = new AbortController()
  const start = startEmbeddedPostgres({
    dataDir: folder.path,
    log: () => setTimeout(() => stop.abort(new Error('enough')), 100),
    signal: stop.signal,
  })
  await expect(start).rejects.toThrow('enough')
  expect(readdirSync(folder.path)).toEqual(['postgres.password'])
})

test('a postmaster.pid that names another living program does not hinder the start', async () => {
  await using folder = await openFolder()
  const first = await startEmbeddedPostgres({ dataDir: folder.path, log })
  await first.stop()
  await writeFile(join(first.cluster, 'postmaster.pid'), `${process.ppid}\n${first.cluster}\n`)
  const second = await startEmbeddedPostgres({ dataDir: folder.path, log })
  expect(await queryOne(second.url, 'select 1 as alive')).toEqual({ alive: 1 })
  await second.stop()
})

test('a lost password file costs no data', async () => {
  await using folder = await openFolder()
  const first = await startEmbeddedPostgres({ dataDir: folder.path, log })
  await first.stop()
  const password = join(folder.path, 'postgres.password')
  const old = await readFile(password, 'utf8')
  await rm(password)
  const second = await startEmbeddedPostgres({ dataDir: folder.path, log })
  expect(await queryOne(second.url, 'select 1 as alive')).toEqual({ alive: 1 })
  expect(await readFile(password, 'utf8')).not.toBe(old)
  await second.stop()
})

test('a server that dies by itself is told', async () => {
  await using folder = await openFolder()
  const server = await startEmbeddedPostgres({ dataDir: folder.path, log })
  process.kill(postmasterOf(server.cluster), 'SIGKILL')
  expect(await server.exited).toMatchObject({ message: expect.stringContaining('PostgreSQL ended by itself') })
  await server.stop()
})

test('a data directory that is a file is refused in one line that names the variable', async () => {
  await using folder = await openFolder()
  const dataDir = join(folder.path, 'file')
  await writeFile(dataDir, '')
  await expect(startEmbeddedPostgres({ dataDir, log })).rejects.toThrow(
    /^SONDE_DATA_DIR .*file cannot be used: [^\n]*$/,
  )
  const below = join(dataDir, 'data')
  await expect(startEmbeddedPostgres({ dataDir: below, log })).rejects.toThrow('a part of the path is a file')
})

test('a platform without binaries is told to set DATABASE_URL', async () => {
  await expect(findBinaries('sunos-x64')).rejects.toThrow(/no embedded PostgreSQL for sunos-x64.*set DATABASE_URL/)
})

test('removing a data directory takes the cluster with it', async () => {
  await using folder = await openFolder()
  const server = await startEmbeddedPostgres({ dataDir: folder.path, log })
  await server.stop()
  await removeEmbeddedPostgres({ dataDir: folder.path, cluster: server.cluster })
  expect([existsSync(folder.path), existsSync(server.cluster)]).toEqual([false, false])
})
