import { z } from 'zod'
import { isSealed } from '../secret-fields.ts'
import { HostPort, TlsSettings } from './tls.ts'

// Headers of the connection, not of the request (RFC 9110 7.6.1): a probe sets them itself, once a request.
const ofTheConnection = new Set(
  'connection content-length keep-alive proxy-connection te trailer transfer-encoding upgrade'.split(' '),
)
const HeaderName = z
  .string()
  .regex(/^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,128}$/, 'expected a header name (RFC 9110 token)')
  .refine((name) => !ofTheConnection.has(name.toLowerCase()), {
    error: (issue) => `${String(issue.input)} belongs to the connection and is set by the probe itself`,
  })
// Control characters in a value would let a check smuggle a second header or request.
const HeaderValue = z
  .string()
  .max(16_384)
  .refine((text) => text.length <= 8192 || isSealed(text), 'expected at most 8192 characters')
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'expected a header value without control characters')

// Whatever is put into a header must not end it. A bearer token is visible ASCII (RFC 6750 2.1 is stricter than servers are).
const Bearer = z
  .string()
  .max(8192)
  .regex(/^[\x21-\x7e]+$/, 'expected a token of visible ASCII characters')
const Basic = z.strictObject({
  /** RFC 7617 2: everything before the first colon is the name. */
  username: z
    .string()
    .max(1024)
    .regex(/^[^:\p{Cc}]*$/u, 'expected a name without colons and control characters'),
  password: z
    .string()
    .max(8192)
    .regex(/^\P{Cc}*$/u, 'expected a password without control characters'),
})
const Auth = z
  .strictObject({ basic: Basic.optional(), bearer: Bearer.optional() })
  .refine(({ basic, bearer }) => (basic === undefined) !== (bearer === undefined), {
    error: 'expected either basic or bearer',
  })

/** The parsed URL when it is one that an http check can fetch, else the reason it is not. */
export function parseHttpUrl(text: string): URL | string {
  if (!URL.canParse(text)) return `expected a URL such as https://example.org/health, found "${text}"`
  const url = new URL(text)
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    return `expected an http or https URL, found ${url.protocol}`
  if (url.username !== '' || url.password !== '') return 'expected no credentials in the URL'
  if (url.port === '0') return 'expected a port between 1 and 65535, found 0'
  return url
}

export const http = {
  target: z
    .string()
    .max(4096)
    .superRefine((text, ctx) => {
      const url = parseHttpUrl(text)
      if (typeof url === 'string') ctx.addIssue({ code: 'custom', message: url })
    }),
  settings: z
    .strictObject({
      method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']).default('GET'),
      headers: z.record(HeaderName, HeaderValue).default({}),
      /** Names of headers whose values are secrets, beside those whose names say so (`Authorization`, `Cookie`, `X-Api-Key` …). */
      secretHeaders: z.array(HeaderName).max(32).optional(),
      body: z
        .string()
        .max(256 * 1024)
        .optional(),
      followRedirects: z.boolean().default(true),
      maxRedirects: z.int().min(0).max(20).default(10),
      httpVersion: z.enum(['auto', '1.1', '2']).default('auto'),
      ipFamily: z.enum(['any', '4', '6']).default('any'),
      resolvers: z.array(HostPort).max(8).optional(),
      /** Sent to the target's host alone: a redirect to another one leaves it behind. */
      auth: Auth.optional(),
      maxBodyBytes: z
        .int()
        .min(0)
        .max(16 * 1024 * 1024)
        .default(1024 * 1024),
      tls: TlsSettings.prefault({}),
    })
    .superRefine(({ auth, headers, body }, ctx) => {
      const refuse = (name: string, message: string) =>
        ctx.addIssue({ code: 'custom', path: ['headers', name], message })
      for (const [name, value] of Object.entries(headers)) {
        const lower = name.toLowerCase()
        if (lower === 'authorization' && auth !== undefined) refuse(name, 'is what auth sets; expected one of the two')
        if (lower === 'expect') {
          const problem = expectationProblem(value, body)
          if (problem !== undefined) refuse(name, problem)
        }
      }
    }),
}

/** RFC 9110 10.1.1: there is one expectation, and it is about a body. */
function expectationProblem(value: string, body: string | undefined): string | undefined {
  if (value.toLowerCase() !== '100-continue') return `expected 100-continue, found "${value}"`
  return body === undefined ? '100-continue is about a body, and the check has none' : undefined
}
