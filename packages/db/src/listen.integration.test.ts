import { setTimeout as sleep } from 'node:timers/promises'
import { aCheck, freshDatabase } from '@sonde/testkit'
import { expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { keepSession } from './listen.ts'
import { createCheck, deleteCheck, putCheck } from './queries/checks.ts'

test('who listens hears of every change of a check, also after its connection was cut', async () => {
  await using fresh = await freshDatabase()
  const { db, close } = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  const heard: string[] = []
  const lost: string[] = []
  const pids: number[] = []
  const stop = new AbortController()
  const session = keepSession({
    url: fresh.url,
    name: 'test-listener',
    channels: ['sonde_checks'],
    onConnect: async (one) =>
      void pids.push((await one.query<{ pid: number }>('select pg_backend_pid() as pid'))[0]?.pid as number),
    onNotification: (_, key) => heard.push(key),
    onLost: (error) => lost.push(error.message),
    signal: stop.signal,
  })
  const until = async (condition: () => boolean) => {
    for (let tries = 0; !condition() && tries < 100; tries++) await sleep(50)
    expect(condition()).toBe(true)
  }
  await until(() => pids.length === 1)
  await createCheck(db, aCheck({ key: 'a' }))
  await putCheck(db, aCheck({ key: 'a', interval: '2s' }))
  await until(() => heard.length === 2)
  await db.execute(`select pg_terminate_backend(${pids[0]})`)
  await until(() => pids.length === 2)
  await deleteCheck(db, 'a')
  await until(() => heard.length === 3)
  expect(heard).toEqual(['a', 'a', 'a'])
  expect(lost).toHaveLength(1)
  stop.abort()
  await session
  await close()
})
