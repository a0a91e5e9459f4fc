import { setTimeout as sleep } from 'node:timers/promises'
import { MaintenanceWindow } from '@sonde/core'
import { freshDatabase } from '@sonde/testkit'
import { sql } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openDatabase } from './database.ts'
import { followMaintenance } from './live-maintenance.ts'
import { createMaintenance, deleteMaintenance, replaceMaintenance } from './queries/maintenance.ts'

const at = Date.parse('2026-01-04T03:00:00Z')
const check = { key: 'shop', labels: {} }
const aWindow = (own: object = {}) =>
  MaintenanceWindow.parse({ key: 'w', start: '2026-01-04T02:00:00', end: '2026-01-04T04:00:00', ...own })

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; !condition(); tries++) {
    if (tries > 400) throw new Error('not within 20 s')
    await sleep(50)
  }
}

test('windows that are made, changed and deleted are followed at once, also after the connection was lost', async () => {
  await using fresh = await freshDatabase()
  const { db, close } = openDatabase(fresh.url, { name: 'test', onError: () => undefined })
  const stop = new AbortController()
  const troubles: string[] = []
  const live = await followMaintenance(db, {
    url: fresh.url,
    name: 'test-listen',
    onTrouble: ({ message }) => troubles.push(message),
    signal: stop.signal,
  })
  const mode = () => live.plan().modeOf(check, at)
  expect(mode()).toBeNull()
  const made = await createMaintenance(db, aWindow())
  await until(() => mode() === 'silence')
  const changed = (await replaceMaintenance(db, aWindow({ mode: 'pause' }), made)) ?? 0
  await until(() => mode() === 'pause')

  await db.execute(sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'test-listen'`)
  await until(() => troubles.length > 0)
  await deleteMaintenance(db, 'w', changed)
  await until(() => mode() === null)
  await createMaintenance(db, aWindow({ checks: ['shop'] }))
  await until(() => mode() === 'silence')
  stop.abort()
  await live.ended
  await close()
})
