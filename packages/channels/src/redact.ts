import { type Channel, mapChannelSecrets } from '@sonde/core'

// Shorter ones would blot out words.
const shortest = 6

/** What a receiver said, without the channel's credentials, should it have repeated them. */
export function withoutSecrets(text: string, channel: Channel): string {
  const secrets: string[] = []
  mapChannelSecrets(channel, (secret) => {
    secrets.push(secret)
    return secret
  })
  return without(text, secrets)
}

/** The same for an address alone, which is a secret as a whole. */
export function withoutAddress(text: string, address: string): string {
  return without(text, [address])
}

function without(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, ...partsOf(secret)])
    .filter(({ length }) => length >= shortest)
    .sort((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, '…'), text)
}

/** Of an address its path, query and login: each alone lets one post. */
function partsOf(secret: string): string[] {
  if (!URL.canParse(secret)) return []
  const { pathname, search, searchParams, username, password } = new URL(secret)
  const login = basicLogin(username, password)
  return [`${pathname}${search}`, pathname, search, ...searchParams.values(), password, decoded(password), login]
}

/** What Basic authentication (RFC 7617) sends of the login in an address. */
export function basicLogin(username: string, password: string): string {
  return Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')
}

/** A part of a URL as it was meant; one that is not well encoded as it is. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
