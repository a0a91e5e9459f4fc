import { readFile } from 'node:fs/promises'
import { aCheck, freshDatabase, query, withDatabase } from '@sonde/testkit'
import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { actAs } from './actor.ts'
import { openDatabase, sqlState } from './database.ts'
import { migrate } from './migrate.ts'
import { listAudit } from './queries/audit.ts'
import { deleteCheck, insertCheck, putCheck } from './queries/checks.ts'

test('nobody changes, deletes or empties the audit log, the owner of the database no more than a superuser', async () => {
  const owner = `owner_${Math.random().toString(36).slice(2)}`
  const serverUrl = inject('postgresUrl')
  await query(serverUrl, `create role ${owner} login password 'owner'`, `create database ${owner} owner ${owner}`)
  const url = new URL(withDatabase(serverUrl, owner))
  const superUrl = url.href
  url.username = owner
  url.password = 'owner'
  try {
    await migrate(url.href)
    const { db, close } = openDatabase(url.href, { name: 'sonde-test', onError: () => undefined })
    await insertCheck(db, aCheck({ key: 'kept' }))
    expect(await listAudit(db, { order: 'oldest', after: 0, limit: 10 })).toMatchObject([
      { id: 1, action: 'create', key: 'kept', token: 'sonde-test' },
    ])
    await close()
    for (const statement of [
      "update audit set key = 'x'",
      'delete from audit',
      'truncate audit',
      "update audit_details set detail = ''",
    ]) {
      await expect(query(url.href, statement)).rejects.toMatchObject({ code: '42501' })
      await expect(query(superUrl, statement)).rejects.toThrow('the audit log is added to, and never changed')
      await expect(query(superUrl, 'set session_replication_role = replica', statement)).rejects.toThrow(
        'never changed',
      )
    }
  } finally {
    await query(serverUrl, `drop database ${owner} with (force)`, `drop role ${owner}`)
  }
})

test('a role with the rights that docs/security.md gives it writes, and cannot touch the audit log', async () => {
  await using fresh = await freshDatabase()
  const role = `app_${fresh.name}`
  const [, grants = ''] =
    /```sql\n([^`]*audit_details[^`]*)```/.exec(
      await readFile(new URL('../../../docs/security.md', import.meta.url), 'utf8'),
    ) ?? []
  expect(grants).toContain('REVOKE UPDATE, DELETE, TRUNCATE ON audit FROM')
  await query(fresh.url, `create role ${role} login password 'app'`, grants.replaceAll('sonde_app', role))
  const url = new URL(fresh.url)
  url.username = role
  url.password = 'app'
  const { db, close } = openDatabase(url.href, { name: 'sonde-app', onError: () => undefined })
  await putCheck(db, aCheck({ key: 'a' }))
  await deleteCheck(db, 'a')
  expect(await listAudit(db, { order: 'oldest', after: 0, limit: 10 })).toMatchObject([
    { action: 'create', token: 'sonde-app' },
    { action: 'delete', token: 'sonde-app' },
  ])
  await close()
  for (const statement of [
    'delete from audit',
    "update audit_details set detail = ''",
    'alter table audit disable trigger user',
  ]) {
    await expect(query(url.href, statement)).rejects.toMatchObject({ code: '42501' })
  }
  await query(fresh.url, `drop owned by ${role}`, `drop role ${role}`)
})

test('who acts is told to the connection, and forgotten by the next who uses it', async () => {
  await using fresh = await freshDatabase()
  const { db, close } = openDatabase(fresh.url, { name: 'sonde-test', max: 1, onError: () => undefined })
  await actAs({ token: 'one', name: 'One' }, () => putCheck(db, aCheck({ key: 'a' })))
  await putCheck(db, aCheck({ key: 'b' }))
  await Promise.all(
    ['two', 'three', 'four'].map((token) => actAs({ token, name: token }, () => putCheck(db, aCheck({ key: token })))),
  )
  await expect(
    actAs({ token: 'five', name: 'Five' }, () =>
      db.transaction(async (tx) => {
        await putCheck(tx, aCheck({ key: 'undone' }))
        throw new Error('undo')
      }),
    ),
  ).rejects.toThrow('undo')
  await actAs({ token: 'six', name: 'Six' }, () => db.transaction((tx) => putCheck(tx, aCheck({ key: 'six' }))))
  const said = (await listAudit(db, { order: 'oldest', after: 0, limit: 10 })).map(
    ({ key, token }) => `${key} ${token}`,
  )
  expect(said.toSorted()).toEqual(['a one', 'b sonde-test', 'four four', 'six six', 'three three', 'two two'])
  await close()
})

test('a token with labels writes nothing beyond them, whatever the code before lets pass', async () => {
  await using fresh = await freshDatabase()
  const { db, close } = openDatabase(fresh.url, { name: 'sonde-test', onError: () => undefined })
  const ops = aCheck({ key: 'ops', labels: { team: 'ops' } })
  const web = aCheck({ key: 'web', labels: { team: 'web', tier: '1' } })
  await putCheck(db, ops)
  const asWeb = <Value>(work: () => Promise<Value>) => actAs({ token: 't', name: 't', labels: { team: 'web' } }, work)
  await asWeb(() => putCheck(db, web))
  const refused: (() => Promise<unknown>)[] = [
    () => putCheck(db, aCheck({ key: 'new' })),
    () => putCheck(db, { ...ops, labels: { team: 'web' } }),
    () => putCheck(db, { ...web, labels: { team: 'ops' } }),
    () => deleteCheck(db, 'ops'),
    () => db.transaction((tx) => deleteCheck(tx, 'ops')),
  ]
  for (const write of refused) expect(sqlState(await asWeb(write).catch((error: unknown) => error))).toBe('SN403')
  await asWeb(() => deleteCheck(db, 'web'))
  await close()
  const client = new pg.Client({ connectionString: fresh.url })
  await client.connect()
  expect((await client.query('select key from checks')).rows).toEqual([{ key: 'ops' }])
  await client.end()
})
