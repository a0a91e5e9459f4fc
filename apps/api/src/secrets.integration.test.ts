import { openDatabase, putCheck } from '@sonde/db'
import { newSecretKey, secretKey } from '@sonde/secrets'
import { aCheck, freshDatabase } from '@sonde/testkit'
import { expect, test } from 'vitest'
import { startTestApi } from './api.fixture.ts'

const [old, next] = [newSecretKey(), newSecretKey()]
const idOf = (key: string) => secretKey(key).id
const guarded = (key: string, bearer: string) => ({
  key,
  kind: 'http',
  target: 'https://shop.example/',
  http: { auth: { bearer } },
})

test('keys are changed while all goes on: before, both open; after, the new one alone', async () => {
  await using database = await freshDatabase()
  {
    await using before = await startTestApi({ secretKey: old }, { database })
    for (let count = 0; count < 250; count++)
      await before.ask('POST', '/api/v1/checks', guarded(`c${count}`, 'canary-1'))
    await before.ask('POST', '/api/v1/checks', { key: 'open', kind: 'dns', target: 'example.org' })
    await before.ask('POST', '/api/v1/channels', {
      key: 'chat',
      kind: 'slack',
      slack: { url: 'https://hooks.example/canary' },
    })
  }
  await using during = await startTestApi({ secretKey: `${next},${old}` }, { database })
  expect((await during.ask('GET', '/api/v1/secrets')).body).toEqual({
    current: idOf(next),
    known: [idOf(next), idOf(old)],
    sealed: { [idOf(old)]: 251 },
  })
  // A write in between seals with the new one.
  await during.ask('PUT', '/api/v1/checks/c0', guarded('c0', 'canary-2'))
  expect((await during.ask('GET', '/api/v1/secrets')).body).toMatchObject({
    sealed: { [idOf(old)]: 250, [idOf(next)]: 1 },
  })
  expect(await during.ask('POST', '/api/v1/secrets/rotate')).toMatchObject({
    status: 200,
    body: { changed: 250, unchanged: 2, failed: [], sealed: { [idOf(next)]: 251 } },
  })
  expect(await during.ask('POST', '/api/v1/secrets/rotate')).toMatchObject({ body: { changed: 0, unchanged: 252 } })

  await using after = await startTestApi({ secretKey: next }, { database })
  const shown = await after.ask('GET', '/api/v1/checks/c1')
  expect(await after.ask('PUT', '/api/v1/checks/c1', shown.body)).toMatchObject({ status: 200, body: shown.body })
  const audit = await after.ask('GET', '/api/v1/audit/export')
  expect(audit.text).not.toContain('canary')
  expect(audit.text).not.toContain('sealed:v1')
})

test('a header that stands in clear from before headers were sealed is sealed by a rotation', async () => {
  await using api = await startTestApi({ secretKey: old })
  const { db, close } = openDatabase(api.databaseUrl, { name: 'test', onError: () => undefined })
  await putCheck(db, aCheck({ key: 'clear', http: { headers: { 'x-api-key': 'canary-3' } } }))
  await close()
  expect(await api.ask('POST', '/api/v1/secrets/rotate')).toMatchObject({ body: { changed: 1 } })
  expect((await api.ask('GET', '/api/v1/checks/clear')).text).not.toContain('canary')
})

test('what does not open is told by its place, and the rest is done', async () => {
  await using database = await freshDatabase()
  {
    await using first = await startTestApi({ secretKey: old }, { database })
    await first.ask('POST', '/api/v1/checks', guarded('lost', 'canary-4'))
  }
  await using second = await startTestApi({ secretKey: next }, { database })
  await second.ask('POST', '/api/v1/checks', guarded('fine', 'canary-5'))
  expect(await second.ask('POST', '/api/v1/secrets/rotate')).toMatchObject({
    body: {
      changed: 0,
      unchanged: 1,
      failed: [
        {
          resource: 'check',
          key: 'lost',
          reason: expect.stringContaining(`sealed with the key ${idOf(old)}`) as string,
        },
      ],
    },
  })
})
