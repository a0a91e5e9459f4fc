import { createCheck, deleteCheck, ensureRegions, openDatabase, putCheck } from '@sonde/db'
import { aCheck, freshDatabase } from '@sonde/testkit'
import { expect, test } from 'vitest'
import { CheckSet } from './check-set.ts'

test('a reload finds what was made, changed, disabled and deleted since, also where no notification told of it', async () => {
  await using fresh = await freshDatabase()
  const { db, close } = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  await ensureRegions(db, ['eu'])
  const checks = new CheckSet(db)
  const seen = () =>
    [...checks.entries()]
      .map(({ text, cadences }) => {
        const { key, interval } = JSON.parse(text)
        return `${key} ${interval} ${[...cadences.keys()].join('+')}`
      })
      .sort()

  for (const key of ['a', 'b', 'c', 'd']) await createCheck(db, aCheck({ key, interval: '30s' }))
  await checks.reload()
  expect(seen()).toEqual(['a 30s eu', 'b 30s eu', 'c 30s eu', 'd 30s eu'])

  await putCheck(db, aCheck({ key: 'a', interval: '60s' }))
  await putCheck(db, aCheck({ key: 'b', enabled: false }))
  await deleteCheck(db, 'c')
  await deleteCheck(db, 'd')
  await createCheck(db, aCheck({ key: 'd', interval: '10s' }))
  await checks.reload()
  expect(seen()).toEqual(['a 60s eu', 'd 10s eu'])

  await ensureRegions(db, ['us'])
  await putCheck(db, aCheck({ key: 'b', interval: '30s' }))
  await checks.reload()
  expect(seen()).toEqual(['a 60s eu+us', 'b 30s eu+us', 'd 10s eu+us'])

  // A refresh is followed by a reload that still takes it for unread.
  await putCheck(db, aCheck({ key: 'a', interval: '5m' }))
  await checks.refresh('a')
  expect(seen()[0]).toBe('a 5m eu+us')
  await checks.reload()
  expect(seen()).toEqual(['a 5m eu+us', 'b 30s eu+us', 'd 10s eu+us'])
  await close()
})

test('more checks than are read at once are all there', async () => {
  await using fresh = await freshDatabase()
  const { db, close } = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  await ensureRegions(db, ['eu'])
  for (let index = 0; index < 1100; index++) await createCheck(db, aCheck({ key: `c-${index}` }))
  const checks = new CheckSet(db)
  await checks.reload()
  expect(checks.size).toBe(1100)
  await close()
})
