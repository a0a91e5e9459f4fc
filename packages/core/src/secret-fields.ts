import type { Channel } from './channel.ts'
import type { Check } from './check.ts'

/** The fields of a check that hold secrets: what they hold is sealed wherever it is kept or sent. */
const secretFields = [
  'http.auth.basic.password',
  'http.auth.bearer',
  'http.tls.keyPem',
  'tls.keyPem',
  'tcp.tls.keyPem',
] as const

/** Whether a path such as `checks[0].http.auth.bearer` leads to a secret, or to what holds some. */
export function isSecretPath(path: string): boolean {
  return /(^|\.)(auth|keyPem)(\.|$)/.test(path)
}

const sealedPrefix = 'sealed:v1:'

/** Whether a text is a sealed secret, as `@sonde/secrets` makes them, and not the secret itself. */
export function isSealed(text: string): boolean {
  return text.startsWith(sealedPrefix)
}

/** The fields of a channel that hold secrets; the address of an incoming webhook is one: whoever knows it may post. */
const channelSecretFields = [
  'webhook.secret',
  'webhook.previousSecret',
  'email.smtp',
  'slack.url',
  'teams.url',
  'discord.url',
  'googlechat.url',
  'mattermost.url',
  'pagerduty.routingKey',
  'opsgenie.apiKey',
  'telegram.botToken',
  'ntfy.token',
] as const

/** As `mapSecrets`, for a channel. */
export function mapChannelSecrets(channel: Channel, change: (secret: string, field: string) => string): Channel {
  return mapped(channel, channelSecretFields, change)
}

/** The check with each secret that it holds replaced by what `change` makes of it; the same object when it holds none. */
export function mapSecrets(check: Check, change: (secret: string, field: string) => string): Check {
  return mapped(check, secretFields, change)
}

function mapped<Document>(
  document: Document,
  fields: readonly string[],
  change: (secret: string, field: string) => string,
): Document {
  return fields.reduce<Document>((next, field) => {
    const found = at(next, field.split('.'))
    return typeof found === 'string' ? (replaced(next, field.split('.'), change(found, field)) as Document) : next
  }, document)
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, name) => (isMapping(inner) ? inner[name] : undefined), value)
}

function replaced(value: unknown, [name, ...rest]: readonly string[], secret: string): unknown {
  if (name === undefined || !isMapping(value)) return secret
  return { ...value, [name]: replaced(value[name], rest, secret) }
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
