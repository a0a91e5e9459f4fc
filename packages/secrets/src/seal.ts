import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'

/**
 * A key of 32 bytes and its short name, which stands in every secret that it sealed. `others` open what they sealed, and seal nothing:
 * those from before, or the one to come.
 */
export type SecretKey = { id: string; bytes: Buffer; others?: readonly SecretKey[] }

const ivLength = 12
const tagLength = 16

/** The keys in SONDE_SECRET_KEY, separated by commas: 32 bytes in base64 each, which the settings have checked. The first seals. */
export function secretKey(base64: string): SecretKey {
  const [first, ...others] = base64.split(',').map((part) => oneKey(part.trim()))
  if (first === undefined) throw new Error('expected a key, found none')
  return others.length === 0 ? first : { ...first, others }
}

function oneKey(base64: string): SecretKey {
  const bytes = Buffer.from(base64, 'base64')
  if (bytes.length !== 32) throw new Error(`expected a key of 32 bytes, found ${bytes.length}`)
  return { id: createHash('sha256').update(bytes).digest('hex').slice(0, 8), bytes }
}

/** The id of the key that sealed a text. */
export function sealedBy(sealed: string): string {
  return sealed.split(':')[2] ?? ''
}

/** A fresh key, in the form of SONDE_SECRET_KEY. */
export function newSecretKey(): string {
  return randomBytes(32).toString('base64')
}

/**
 * `sealed:v1:<key id>:<base64url of nonce, tag and ciphertext>` by AES-256-GCM (NIST SP 800-38D) under a random nonce.
 * `place` says what the secret is for; it opens for the same place alone, so a sealed text is worth nothing elsewhere.
 */
export function seal(key: SecretKey, secret: string, place: string): string {
  const iv = randomBytes(ivLength)
  const cipher = createCipheriv('aes-256-gcm', key.bytes, iv, { authTagLength: tagLength }).setAAD(Buffer.from(place))
  const body = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()])
  return `sealed:v1:${key.id}:${Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64url')}`
}

/** The secret again. Throws one line that names neither the secret nor the key when it was sealed by another key or for another place. */
export function open(key: SecretKey, sealed: string, place: string): string {
  const [, , id, encoded] = sealed.split(':')
  const known = [key, ...(key.others ?? [])]
  const right = known.find((one) => one.id === id)
  if (right === undefined) {
    const names = known.map((one) => one.id).join(', ')
    throw new Error(`the secret at ${place} was sealed with the key ${id}; SONDE_SECRET_KEY is the key ${names}`)
  }
  const bytes = Buffer.from(encoded ?? '', 'base64url')
  try {
    const iv = bytes.subarray(0, ivLength)
    const decipher = createDecipheriv('aes-256-gcm', right.bytes, iv, { authTagLength: tagLength })
      .setAAD(Buffer.from(place))
      .setAuthTag(bytes.subarray(ivLength, ivLength + tagLength))
    return Buffer.concat([decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()]).toString('utf8')
  } catch (error) {
    throw new Error(`the secret at ${place} does not open: it was changed, or sealed for another place`, {
      cause: error,
    })
  }
}
