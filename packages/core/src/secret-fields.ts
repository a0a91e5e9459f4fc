import type { Channel } from './channel.ts'
import type { Check } from './check.ts'

/** The fields of a check that hold secrets: what they hold is sealed wherever it is kept or sent. */
export const secretFields = [
  'http.auth.basic.password',
  'http.auth.bearer',
  'http.tls.keyPem',
  'tls.keyPem',
  'tcp.tls.keyPem',
] as const

/** Names of fields that are, or hold, secrets: of checks, and of channels, whose addresses are secrets too. */
const secretNames =
  /(^|\.)(auth|basic|bearer|password|keyPem|headers|secret|previousSecret|smtp|url|routingKey|apiKey|botToken|token)(\.|\[|$)/

/** Blocks that hold some: a text in place of one may be a secret put in the wrong place. */
const secretBlocks =
  /(^|\.)(http|tls|tcp|webhook|email|slack|teams|discord|googlechat|mattermost|pagerduty|opsgenie|telegram|ntfy)$/

/** Whether a path such as `checks[0].http.auth.bearer` leads to a secret, or to what holds some. */
export function isSecretPath(path: string): boolean {
  return secretNames.test(path) || secretBlocks.test(path)
}

const secretWords =
  /(^|[-_.])(authorization|auth|cookie|token|secret|key|apikey|jwt|password|passwd|pwd|credentials?|session|signature|sig)([-_.]|$)/i
const secretParts = /token|secret|passw|apikey|api-key/i

/** Whether the header of this name is taken to hold a secret: `Authorization`, `Cookie`, `X-Api-Key` and their like. */
export function isSecretHeader(name: string): boolean {
  return secretWords.test(name) || secretParts.test(name)
}

const sealedPrefix = 'sealed:v1:'

/** Whether a text is a sealed secret, as `@sonde/secrets` makes them, and not the secret itself. */
export function isSealed(text: string): boolean {
  return text.startsWith(sealedPrefix)
}

/** The fields of a channel that hold secrets; the address of an incoming webhook is one: whoever knows it may post. */
export const channelSecretFields = [
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

/** Addresses that are secrets where a login or a key stands in them. */
export const channelAddressFields = [
  'webhook.url',
  'alertmanager.url',
  'ntfy.url',
  'pagerduty.url',
  'opsgenie.url',
  'telegram.url',
] as const

/** Whether who knows an address may do what it is for: it has a login, or a parameter whose name says that it is a secret. */
function isSecretAddress(text: string): boolean {
  if (isSealed(text)) return true
  if (!URL.canParse(text)) return false
  const { username, password, searchParams } = new URL(text)
  return username !== '' || password !== '' || [...searchParams.keys()].some(isSecretHeader)
}

/** As `mapSecrets`, for a channel. */
export function mapChannelSecrets(channel: Channel, change: (secret: string, field: string) => string): Channel {
  const fields = mapped(channel, channelSecretFields, change)
  // Without a token the topic is all that one must know, to write and to read.
  const isTopicSecret = fields.kind === 'ntfy' && fields.ntfy.token === undefined
  const next = mapped(fields, channelAddressFields, (address, field) =>
    isSecretAddress(address) || (isTopicSecret && field === 'ntfy.url') ? change(address, field) : address,
  )
  if (next.kind !== 'webhook') return next
  const headers = mapHeaders(next.webhook.headers, [], (value, name) => change(value, `webhook.headers.${name}`))
  return headers === next.webhook.headers ? next : { ...next, webhook: { ...next.webhook, headers } }
}

/** The check with each secret that it holds replaced by what `change` makes of it; the same object when it holds none. */
export function mapSecrets(check: Check, change: (secret: string, field: string) => string): Check {
  const next = mapped(check, secretFields, change)
  if (next.kind !== 'http') return next
  const { headers, secretHeaders = [] } = next.http
  const mappedHeaders = mapHeaders(headers, secretHeaders, (value, name) => change(value, `http.headers.${name}`))
  return mappedHeaders === headers ? next : { ...next, http: { ...next.http, headers: mappedHeaders } }
}

/** A header that is sealed is a secret, whatever its name: it was one when it was sealed. */
function mapHeaders(
  headers: Record<string, string>,
  marked: readonly string[],
  change: (value: string, name: string) => string,
): Record<string, string> {
  const secret = new Set(marked.map((name) => name.toLowerCase()))
  const isSecret = (name: string, value: string) =>
    isSecretHeader(name) || secret.has(name.toLowerCase()) || isSealed(value)
  if (!Object.entries(headers).some(([name, value]) => isSecret(name, value))) return headers
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, isSecret(name, value) ? change(value, name) : value]),
  )
}

function mapped<Document>(
  document: Document,
  fields: readonly string[],
  change: (secret: string, field: string) => string,
): Document {
  return fields.reduce<Document>((next, field) => {
    const found = at(next, field.split('.'))
    if (typeof found !== 'string') return next
    const secret = change(found, field)
    return secret === found ? next : (replaced(next, field.split('.'), secret) as Document)
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
