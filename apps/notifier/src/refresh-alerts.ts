import { type DeliveryContext, sendAlerts } from '@sonde/channels'
import type { Logger } from '@sonde/config'
import { type Database, toldAlerts } from '@sonde/db'
import { openChannel, type SecretKey } from '@sonde/secrets'
import { notificationOf } from './notification-of.ts'

const patienceMs = 10_000
const inARequest = 200

export type RefreshContext = {
  db: Database
  log: Logger
  key: SecretKey | undefined
  egress: DeliveryContext['egress']
  lookup: DeliveryContext['lookup']
  publicUrl: string
  grafanaUrl: string | undefined
}

/**
 * Sends every open alert to its Alertmanager again, as Prometheus does: one that was restarted knows them no more. Those that were
 * resolved not long ago go along, so that one that crossed its own end on the way does not come to life again.
 */
export async function refreshAlerts(context: RefreshContext, signal: AbortSignal): Promise<void> {
  const { db, log, key, egress, lookup } = context
  const refreshed = (await toldAlerts(db)).map(async ({ channel, alerts }) => {
    const open = openChannel(channel, key)
    if (open.kind !== 'alertmanager') return
    const notifications = alerts.map((alert) => notificationOf(alert, context))
    for (let at = 0; at < notifications.length; at += inARequest) {
      const part = notifications.slice(at, at + inARequest)
      const patience = AbortSignal.any([signal, AbortSignal.timeout(patienceMs)])
      await sendAlerts(part, open.alertmanager, { egress, lookup, signal: patience })
    }
  })
  for (const outcome of await Promise.allSettled(refreshed)) {
    if (outcome.status === 'rejected') log.debug({ err: outcome.reason as unknown }, 'alerts were not sent again')
  }
}
