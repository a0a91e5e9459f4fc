import { type Channel, mapChannelSecrets } from '@sonde/core'

// Shorter ones would blot out words.
const shortest = 6

/** What a receiver said, without the channel's credentials, should it have repeated them. */
export function withoutSecrets(text: string, channel: Channel): string {
  const secrets: string[] = []
  mapChannelSecrets(channel, (secret) => {
    secrets.push(secret, ...partsOf(secret))
    return secret
  })
  return secrets
    .filter((secret) => secret.length >= shortest)
    .sort((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, '…'), text)
}

/** Of an address its path, query and password: each alone lets one post. */
function partsOf(secret: string): string[] {
  if (!URL.canParse(secret)) return []
  const { pathname, search, password } = new URL(secret)
  return [`${pathname}${search}`, pathname, search, password, decoded(password)]
}

/** A part of a URL as it was meant; one that is not well encoded as it is. */
export function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
