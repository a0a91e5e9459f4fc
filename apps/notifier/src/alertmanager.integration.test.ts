import { setTimeout as sleep } from 'node:timers/promises'
import { createLogger } from '@sonde/config'
import { egressPolicy, hostLookup } from '@sonde/probes'
import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { hasAlertmanager, startAlertmanager } from '../../../test/alertmanager-server.ts'
import { ok, receiver, setUp, until } from './notifier.fixture.ts'
import { refreshAlerts } from './refresh-alerts.ts'

const reason = hasAlertmanager ? '' : ' (not installed: apt-get install prometheus-alertmanager)'
const egress = egressPolicy({ deny: [], allow: [] })

describe.skipIf(!hasAlertmanager)(`a real Alertmanager${reason}`, () => {
  test('has one alert an incident, tells it on, keeps it past its resolve_timeout, and ends it with the incident', async () => {
    await using hook = await receiver(ok)
    await using server = await startAlertmanager({ webhook: hook.url })
    await using run = await setUp({ key: 'am', kind: 'alertmanager', alertmanager: { url: server.url } })
    await run.store(true)
    await until(async () => (await server.alerts()).length === 1)
    const [alert] = await server.alerts()
    expect(alert).toMatchObject({
      labels: { alertname: 'SondeIncident', severity: 'critical', job: 'shop', team: 'web', rule: 'down' },
      annotations: { title: 'DOWN: shop' },
    })
    await until(() => hook.received.length === 1)
    // Its resolve_timeout is a second; ours has an end far away.
    await sleep(2500)
    expect(await server.alerts()).toHaveLength(1)
    await run.store(false)
    await until(async () => (await server.alerts()).length === 0)
    await until(() => hook.received.length === 2)
    expect(JSON.parse(hook.received[1]?.body ?? '')).toMatchObject({
      status: 'resolved',
      alerts: [{ labels: { job: 'shop' } }],
    })
  })

  test('one that was restarted is told again of what is open, and of nothing that is over', async () => {
    const first = await startAlertmanager()
    await using run = await setUp({ key: 'am', kind: 'alertmanager', alertmanager: { url: first.url } })
    await run.store(true)
    await until(async () => (await first.alerts()).length === 1)
    await first[Symbol.asyncDispose]()
    await using second = await startAlertmanager({ port: first.port })
    expect(await second.alerts()).toEqual([])
    const context = {
      db: run.db,
      log: createLogger('test', 'silent'),
      key: undefined,
      egress,
      lookup: hostLookup(egress),
      publicUrl: 'http://sonde.example',
      grafanaUrl: 'http://grafana.example',
    }
    const seen = {
      region: 'local',
      takenAt: '2026-01-01T00:00:00Z',
      partial: false,
      resolvers: [],
      chain: null,
      trace: null,
    }
    const family = { family: 4, address: '192.0.2.1', outcome: 'up', code: null, message: null, durationMs: 1 }
    const opening = JSON.stringify({ opening: { local: { ...seen, families: [family] } } })
    await run.db.execute(sql`update incidents set evidence = evidence || ${opening}::jsonb`)
    await refreshAlerts(context, AbortSignal.timeout(10_000))
    await until(async () => (await second.alerts()).length === 1)
    // As much as the first time.
    const annotations = (await second.alerts())[0]?.annotations
    expect(annotations).toMatchObject({
      evidence: 'connecting to 192.0.2.1 works',
      dashboard: expect.stringMatching(/^http:\/\/grafana.example/) as string,
    })
    await run.store(false)
    await until(async () => (await second.alerts()).length === 0)
    await refreshAlerts(context, AbortSignal.timeout(10_000))
    await sleep(300)
    expect(await second.alerts()).toEqual([])
  })
})
