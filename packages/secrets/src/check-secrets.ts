import { type Check, DomainError, isSealed, mapSecrets } from '@sonde/core'
import { open, type SecretKey, seal } from './seal.ts'

/**
 * The check with its secrets sealed, fit to be stored, shown and queued. One that is sealed already stays, if it opens here:
 * so what the API shows can be sent back. A secret that is the same in `current` keeps the sealed form it has there, so that
 * applying a file twice changes nothing. Throws a DomainError that names the field.
 */
export function sealCheck(check: Check, key: SecretKey | undefined, current?: Check): Check {
  const sealedNow = new Map<string, string>()
  if (current !== undefined) mapSecrets(current, (sealed, field) => (sealedNow.set(field, sealed), sealed))
  return mapSecrets(check, (secret, field) => {
    if (key === undefined) throw invalid(field, 'holds a secret, and SONDE_SECRET_KEY is not set to seal it with')
    if (!isSealed(secret)) {
      const before = sealedNow.get(field)
      return before !== undefined && opensTo(secret, before, key, place(check, field))
        ? before
        : seal(key, secret, place(check, field))
    }
    try {
      open(key, secret, place(check, field))
    } catch {
      throw invalid(field, 'expected the secret itself, or its sealed form as this server shows it for this check')
    }
    return secret
  })
}

/** The check with its secrets open, for the worker that probes it. Throws when they do not open. */
export function openCheck(check: Check, key: SecretKey | undefined): Check {
  return mapSecrets(check, (secret, field) => {
    if (!isSealed(secret)) return secret
    if (key === undefined) throw new Error(`the secret in ${field} needs SONDE_SECRET_KEY, which is not set`)
    return open(key, secret, place(check, field))
  })
}

function opensTo(secret: string, sealed: string, key: SecretKey, where: string): boolean {
  try {
    return open(key, sealed, where) === secret
  } catch {
    return false
  }
}

function place(check: Check, field: string): string {
  return `check/${check.key}/${field}`
}

function invalid(field: string, message: string): DomainError {
  return new DomainError('invalid', `${field}: ${message}`, [{ path: field, message }])
}
