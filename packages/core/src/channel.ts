import { ChannelKey } from './alert-policy.ts'
import { z } from './messages.ts'
import { isSealed } from './secret-fields.ts'
import { renderTemplate, templateProblem } from './template.ts'

const HttpUrl = z
  .url({ protocol: /^https?$/, error: (issue) => `expected an http or https URL, found "${String(issue.input)}"` })
  .max(2048)
const Text = z.string().min(1).max(512)
const Mailbox = z.email({ error: (issue) => `expected an e-mail address, found "${String(issue.input)}"` })
const HeaderValue = z
  .string()
  .max(4096)
  .refine((text) => text.length <= 2048 || isSealed(text), 'expected at most 2048 characters')
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'expected a value without line ends')
const SigningSecret = z
  .string()
  .regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/, 'expected whsec_ and at least 24 bytes in base64')
// A sealed one is a URI as well.
const isUrl = { format: 'uri' }
/** Sealed where a login or a key stands in it; what it holds goes as Basic authentication (RFC 7617). */
const Address = () => secret(HttpUrl).meta(isUrl)
const NtfyTopic = HttpUrl.refine(
  (text) => !URL.canParse(text) || /\/[-_A-Za-z0-9]{1,64}\/?$/.test(new URL(text).pathname),
  {
    error: 'expected an address that ends in a topic, such as https://ntfy.sh/my-topic',
  },
)
const HeaderName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,128}$/, 'expected the name of a header')

/** A field that may hold its sealed form, as the API shows it, in place of what it is. */
function secret(schema: z.ZodType<string, string>) {
  return z.string().superRefine((text, ctx) => {
    if (isSealed(text)) return
    for (const { message } of schema.safeParse(text).error?.issues ?? []) ctx.addIssue({ code: 'custom', message })
  })
}

/** A logic-free template of one's own for the text, mustache(5). */
const Template = z.string().superRefine((text, ctx) => {
  const message = templateProblem(text)
  if (message !== undefined) ctx.addIssue({ code: 'custom', message })
})
const template = { template: Template.optional() }

/** A webhook's template makes the whole body: JSON, unless a header of one's own says that it is something else. */
function isJson(template: string, headers: Record<string, string>): boolean {
  const [, type = 'application/json'] = Object.entries(headers).find(([name]) => /^content-type$/i.test(name)) ?? []
  if (!type.includes('json') || templateProblem(template) !== undefined) return true
  try {
    JSON.parse(renderTemplate(template, {}, String))
    return true
  } catch {
    return false
  }
}

/** The settings of each kind of channel; the kinds are the keys. */
export const channelKinds = {
  webhook: z
    .strictObject({
      url: Address(),
      /** Signs each message after Standard Webhooks; `whsec_` and base64. */
      secret: secret(SigningSecret).optional(),
      /** Signs beside `secret` while that is being replaced. */
      previousSecret: secret(SigningSecret).optional(),
      headers: z.record(HeaderName, HeaderValue).default({}),
      template: Template.optional(),
    })
    .refine(({ template: text, headers }) => text === undefined || isJson(text, headers), {
      path: ['template'],
      error: 'expected JSON once its values are put in: text goes between quotes, as in {"text": "{{summary}}"}',
    }),
  email: z.strictObject({
    smtp: secret(
      z.url({ protocol: /^smtps?$/, error: 'expected smtp://user:password@host:587 or smtps://…' }).max(2048),
    ),
    from: Mailbox,
    to: z.array(Mailbox).min(1).max(50),
    ...template,
  }),
  slack: z.strictObject({ url: Address(), ...template }),
  teams: z.strictObject({ url: Address(), ...template }),
  discord: z.strictObject({ url: Address(), ...template }),
  googlechat: z.strictObject({ url: Address(), ...template }),
  mattermost: z.strictObject({ url: Address(), ...template }),
  pagerduty: z.strictObject({ routingKey: Text, url: Address().default('https://events.pagerduty.com/v2/enqueue') }),
  opsgenie: z.strictObject({ apiKey: Text, url: Address().default('https://api.opsgenie.com') }),
  telegram: z.strictObject({
    botToken: Text,
    chatId: Text,
    url: Address().default('https://api.telegram.org'),
    ...template,
  }),
  ntfy: z.strictObject({ url: secret(NtfyTopic).meta(isUrl), token: Text.optional(), ...template }),
  alertmanager: z.strictObject({ url: Address() }),
} as const
export type ChannelKind = keyof typeof channelKinds

/** Kinds that keep an alert for each incident and group by themselves: they are told of each, also when others get several together. */
export const ownGrouping: readonly ChannelKind[] = ['pagerduty', 'opsgenie', 'alertmanager']

const common = { key: ChannelKey, enabled: z.boolean().default(true) }

/** A channel of the contract: where notifications go. Unknown fields are refused. */
export const Channel = z.discriminatedUnion('kind', [
  z.strictObject({ ...common, kind: z.literal('webhook'), webhook: channelKinds.webhook }),
  z.strictObject({ ...common, kind: z.literal('email'), email: channelKinds.email }),
  z.strictObject({ ...common, kind: z.literal('slack'), slack: channelKinds.slack }),
  z.strictObject({ ...common, kind: z.literal('teams'), teams: channelKinds.teams }),
  z.strictObject({ ...common, kind: z.literal('discord'), discord: channelKinds.discord }),
  z.strictObject({ ...common, kind: z.literal('googlechat'), googlechat: channelKinds.googlechat }),
  z.strictObject({ ...common, kind: z.literal('mattermost'), mattermost: channelKinds.mattermost }),
  z.strictObject({ ...common, kind: z.literal('pagerduty'), pagerduty: channelKinds.pagerduty }),
  z.strictObject({ ...common, kind: z.literal('opsgenie'), opsgenie: channelKinds.opsgenie }),
  z.strictObject({ ...common, kind: z.literal('telegram'), telegram: channelKinds.telegram }),
  z.strictObject({ ...common, kind: z.literal('ntfy'), ntfy: channelKinds.ntfy }),
  z.strictObject({ ...common, kind: z.literal('alertmanager'), alertmanager: channelKinds.alertmanager }),
])
export type Channel = z.output<typeof Channel>
export type ChannelInput = z.input<typeof Channel>
