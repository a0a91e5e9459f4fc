import { type Check, type HttpCheck, mapSecrets } from '@sonde/core'
import { onceFor } from '../once-for.ts'

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
export function secretsOf(check: Check): readonly string[] {
  return check.kind === 'http' ? ofHttp(check) : none
}

const none: readonly string[] = []

const ofHttp = onceFor((check: HttpCheck): readonly string[] => {
  const plain = [...ofAuth(check), ...ofHeaders(check)]
  const spelled = plain.flatMap((text) => [text, encodeURIComponent(text), JSON.stringify(text).slice(1, -1)])
  return [...new Set(spelled)].filter((text) => text !== '').toSorted((a, b) => b.length - a.length)
})

function ofAuth({ http: { auth }, target }: HttpCheck): string[] {
  if (auth === undefined) return []
  const { basic, bearer } = auth
  if (basic === undefined) return [bearer ?? '']
  return [basicCredentials(basic), basic.password, ...(target.includes(basic.username) ? [] : [basic.username])]
}

// A value as short as `1` or `no` is no secret, and blotting it out would spoil all else.
const shortestHeader = 6
const shortestWord = 8

/** The values of the headers that are secret, and of `Bearer x` or `a=x; b=y` each x and y by itself. */
function ofHeaders(check: HttpCheck): string[] {
  const values: string[] = []
  mapSecrets({ ...check, http: { ...check.http, auth: undefined } }, (value, field) => {
    if (field.startsWith('http.headers.'))
      values.push(value, ...value.split(/[\s;=,]+/).filter((word) => word.length >= shortestWord))
    return value
  })
  return values.filter((value) => value.length >= shortestHeader)
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
