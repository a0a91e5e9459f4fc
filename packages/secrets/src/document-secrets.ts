import { type Channel, type Check, invalid, isSealed, mapChannelSecrets, mapSecrets, type Problem } from '@sonde/core'
import { open, type SecretKey, seal, sealedBy } from './seal.ts'

/**
 * The check with its secrets sealed, fit to be stored, shown and queued. One that is sealed already stays, if it opens here:
 * so what the API shows can be sent back. A secret that is the same in `current` keeps the sealed form it has there, so that
 * applying a file twice changes nothing. Throws a DomainError that names every field that is wrong.
 */
export function sealCheck(check: Check, key: SecretKey | undefined, current?: Check): Check {
  return sealed(check, mapSecrets, (field) => `check/${check.key}/${field}`, key, current)
}

/** The same for a channel. */
export function sealChannel(channel: Channel, key: SecretKey | undefined, current?: Channel): Channel {
  return sealed(channel, mapChannelSecrets, (field) => `channel/${channel.key}/${field}`, key, current)
}

/** The check with what other keys sealed sealed by the first; the same object when there is none of that. Throws when one does not open. */
export function resealCheck(check: Check, key: SecretKey): Check {
  return resealed(check, mapSecrets, (field) => `check/${check.key}/${field}`, key)
}

/** The same for a channel. */
export function resealChannel(channel: Channel, key: SecretKey): Channel {
  return resealed(channel, mapChannelSecrets, (field) => `channel/${channel.key}/${field}`, key)
}

function resealed<Document>(
  document: Document,
  map: MapSecrets<Document>,
  place: (field: string) => string,
  key: SecretKey,
): Document {
  let changed = false
  const next = map(document, (secret, field) => {
    if (isSealed(secret) && sealedBy(secret) === key.id) return secret
    changed = true
    // What was stored before its field was known to be a secret stands in clear.
    return seal(key, isSealed(secret) ? open(key, secret, place(field)) : secret, place(field))
  })
  return changed ? next : document
}

type MapSecrets<Document> = (document: Document, change: (secret: string, field: string) => string) => Document

function sealed<Document>(
  document: Document,
  map: MapSecrets<Document>,
  place: (field: string) => string,
  key: SecretKey | undefined,
  current: Document | undefined,
): Document {
  const sealedNow = new Map<string, string>()
  if (current !== undefined) map(current, (secret, field) => (sealedNow.set(field, secret), secret))
  const problems: Problem[] = []
  const result = map(document, (secret, field) => {
    const refuse = (message: string) => {
      problems.push({ path: field, message })
      return secret
    }
    if (key === undefined) return refuse('holds a secret, and SONDE_SECRET_KEY is not set to seal it with')
    const text = isSealed(secret) ? openOrNothing(key, secret, place(field)) : secret
    if (text === undefined) return refuse('expected the secret itself, or its sealed form as this server shows it here')
    const before = sealedNow.get(field)
    if (before !== undefined && isSealed(before) && openOrNothing(key, before, place(field)) === text) return before
    return isSealed(secret) ? secret : seal(key, secret, place(field))
  })
  if (problems.length > 0) throw invalid(problems)
  return result
}

/** The check with its secrets open, for the worker that probes it. Throws when they do not open. */
export function openCheck(check: Check, key: SecretKey | undefined): Check {
  return opened(check, mapSecrets, (field) => `check/${check.key}/${field}`, key)
}

/** The channel with its secrets open, for whoever delivers to it. Throws when they do not open. */
export function openChannel(channel: Channel, key: SecretKey | undefined): Channel {
  return opened(channel, mapChannelSecrets, (field) => `channel/${channel.key}/${field}`, key)
}

function opened<Document>(
  document: Document,
  map: MapSecrets<Document>,
  place: (field: string) => string,
  key: SecretKey | undefined,
): Document {
  return map(document, (secret, field) => {
    if (!isSealed(secret)) return secret
    if (key === undefined) throw new Error(`the secret in ${field} needs SONDE_SECRET_KEY, which is not set`)
    return open(key, secret, place(field))
  })
}

function openOrNothing(key: SecretKey, sealed: string, where: string): string | undefined {
  try {
    return open(key, sealed, where)
  } catch {
    return undefined
  }
}
