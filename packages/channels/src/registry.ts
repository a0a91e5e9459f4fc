import type { Channel, ChannelKind, Notification } from '@sonde/core'
import { deliverAlertmanager } from './alertmanager/alertmanager.ts'
import type { Deliver, DeliveryContext } from './delivery.ts'
import { deliverDiscord } from './discord/discord.ts'
import { deliverEmail } from './email/email.ts'
import { deliverGoogleChat } from './googlechat/googlechat.ts'
import { deliverMattermost } from './mattermost/mattermost.ts'
import { deliverNtfy } from './ntfy/ntfy.ts'
import { deliverOpsgenie } from './opsgenie/opsgenie.ts'
import { deliverPagerDuty } from './pagerduty/pagerduty.ts'
import { withoutSecrets } from './redact.ts'
import { deliverSlack } from './slack/slack.ts'
import { deliverTeams } from './teams/teams.ts'
import { deliverTelegram } from './telegram/telegram.ts'
import { deliverWebhook } from './webhook/webhook.ts'

type SettingsOf<Kind extends ChannelKind> =
  Extract<Channel, { kind: Kind }> extends infer One
    ? One extends Record<Kind, infer Settings>
      ? Settings
      : never
    : never

/** Every kind of channel, and how it delivers. */
const deliverers: { [Kind in ChannelKind]: Deliver<SettingsOf<Kind>> } = {
  webhook: deliverWebhook,
  email: deliverEmail,
  slack: deliverSlack,
  teams: deliverTeams,
  discord: deliverDiscord,
  googlechat: deliverGoogleChat,
  mattermost: deliverMattermost,
  pagerduty: deliverPagerDuty,
  opsgenie: deliverOpsgenie,
  telegram: deliverTelegram,
  ntfy: deliverNtfy,
  alertmanager: deliverAlertmanager,
}

/** Sends one message to one channel, whose secrets are open; rejects with a DeliveryError that holds none of them. */
export async function deliver(notification: Notification, channel: Channel, context: DeliveryContext): Promise<void> {
  const settings = (channel as unknown as Record<string, unknown>)[channel.kind]
  try {
    await (deliverers[channel.kind] as Deliver<unknown>)(notification, settings, context)
  } catch (error) {
    if (error instanceof Error) error.message = withoutSecrets(error.message, channel)
    throw error
  }
}
