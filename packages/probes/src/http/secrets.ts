import type { Check, HttpCheck } from '@sonde/core'

type Auth = HttpCheck['http']['auth']

const blot = '[secret]'

/** The value of the Authorization header (RFC 7617, RFC 6750). Names and passwords are sent as UTF-8. */
export function authorization(auth: NonNullable<Auth>): string {
  return auth.basic === undefined ? `Bearer ${auth.bearer ?? ''}` : `Basic ${basicCredentials(auth.basic)}`
}

function basicCredentials({ username, password }: { username: string; password: string }): string {
  return Buffer.from(`${username}:${password}`).toString('base64')
}

/**
 * What must never appear in a result, the longest first: servers echo what they are sent, in headers, in Locations and in the
 * bodies that assertions quote. The name is left alone where the target itself spells it.
 */
export function secretsOf(check: Check): string[] {
  const auth = check.kind === 'http' ? check.http.auth : undefined
  if (auth === undefined) return []
  const { basic, bearer } = auth
  const plain =
    basic === undefined
      ? [bearer ?? '']
      : [basicCredentials(basic), basic.password, ...(check.target.includes(basic.username) ? [] : [basic.username])]
  const spelled = plain.flatMap((text) => [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)])
  return [...new Set(spelled)].filter((text) => text !== '').toSorted((a, b) => b.length - a.length)
}

/** A copy of what a target said, a JSON value, with every secret in it blotted out. */
export function withoutSecrets<Value>(value: Value, secrets: readonly string[]): Value {
  if (secrets.length === 0) return value
  const clean = (text: string): string => secrets.reduce(withoutSecret, text)
  const walk = (one: unknown): unknown => {
    if (typeof one === 'string') return clean(one)
    if (Array.isArray(one)) return one.map(walk)
    if (typeof one !== 'object' || one === null) return one
    return Object.fromEntries(Object.entries(one).map(([name, inner]) => [clean(name), walk(inner)]))
  }
  return walk(value) as Value
}

const shortestPart = 4

/** The secret, and the beginning of it where a text was cut in its midst. */
function withoutSecret(text: string, secret: string): string {
  const whole = text.replaceAll(secret, blot)
  if (!whole.includes('…')) return whole
  for (let length = secret.length - 1; length >= shortestPart; length--) {
    const part = `${secret.slice(0, length)}…`
    if (whole.includes(part)) return whole.replaceAll(part, `${blot}…`)
  }
  return whole
}
