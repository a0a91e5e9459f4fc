import type { LookupFunction } from 'node:net'
import { Agent, request } from 'undici'
import { type Address, allowedAddresses } from './address.ts'
import { type DeliveryContext, DeliveryError } from './delivery.ts'
import { basicLogin } from './redact.ts'

const maxAnswerBytes = 4096

export type Message = { method?: 'GET' | 'POST' | 'PUT'; headers?: Record<string, string>; body?: string }

/**
 * Sends JSON (or what `headers` say) by HTTP. The egress policy is asked about every address before it is dialled, on a connection
 * that is not used again; redirects are not followed. A 2xx is a yes: what follows it is not waited for. Of any other answer the
 * beginning is read, for the error and for how long to wait.
 */
export async function send(url: string, message: Message, context: DeliveryContext): Promise<void> {
  const addresses = await allowedAddresses(new URL(url).hostname, context)
  const agent = new Agent({ connect: { lookup: only(addresses), timeout: 5000 }, pipelining: 0, keepAliveTimeout: 1 })
  try {
    const { statusCode, headers, body } = await request(url, {
      method: message.method ?? 'POST',
      headers: {
        ...(message.body === undefined ? {} : { 'content-type': 'application/json' }),
        'user-agent': 'Sonde',
        ...loginOf(url, message.headers),
        ...message.headers,
      },
      body: message.body ?? null,
      dispatcher: agent,
      signal: context.signal,
    })
    if (statusCode >= 200 && statusCode < 300) {
      body.on('error', () => undefined).destroy()
      return
    }
    throw refusal(statusCode, headers['retry-after'], await beginningOf(body))
  } catch (error) {
    throw error instanceof DeliveryError ? error : unreachable(error)
  } finally {
    await agent.destroy()
  }
}

/** The login in an address, which the client leaves out, as Basic authentication (RFC 7617). */
function loginOf(url: string, headers: Record<string, string> = {}): Record<string, string> {
  const { username, password } = new URL(url)
  const isOwn = Object.keys(headers).some((name) => name.toLowerCase() === 'authorization')
  if (isOwn || (username === '' && password === '')) return {}
  return { authorization: `Basic ${basicLogin(username, password)}` }
}

/** Whatever is asked for, these: they are the addresses that were judged. A host that is an address is not asked for. */
function only(addresses: [Address, ...Address[]]): LookupFunction {
  const [{ address, family }] = addresses
  return (_, { all }, callback) => {
    if (all === true) callback(null, addresses)
    else callback(null, address, family)
  }
}

/** What was said until it ended, or broke off: the status is what counts. */
async function beginningOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of body) {
      chunks.push(chunk)
      size += chunk.length
      if (size >= maxAnswerBytes) break
    }
  } catch {
    // The rest does not come.
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, maxAnswerBytes)
}

function refusal(status: number, retryAfter: string | string[] | undefined, answer: string): DeliveryError {
  // What the other side says is shown to people and logged: on one line, and short.
  const said = answer
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 200)
  const message = `answered ${status}${said === '' ? '' : `: ${said}`}`
  const retryable = status >= 500 || status === 408 || status === 425 || status === 429
  return new DeliveryError(message, {
    retryable,
    retryAfterMs: retryable ? (headerWaitMs([retryAfter].flat()[0]) ?? bodyWaitMs(answer)) : undefined,
    gone: status === 410,
  })
}

/** RFC 9110, 10.2.3: seconds, or a date. Discord sends fractions. */
function headerWaitMs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const ms = /^\d{1,9}(\.\d{1,9})?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) && ms > 0 ? Math.ceil(ms) : undefined
}

/** Telegram says it in the body alone (`parameters.retry_after`), as Discord does too (`retry_after`): seconds. */
function bodyWaitMs(answer: string): number | undefined {
  const seconds = Number(/"retry_after"\s*:\s*(\d{1,9}(?:\.\d{1,9})?)/.exec(answer)?.[1])
  return Number.isFinite(seconds) && seconds > 0 ? Math.ceil(seconds * 1000) : undefined
}

function unreachable(error: unknown): DeliveryError {
  for (let one = error; one instanceof Error; one = one.cause) if (one instanceof DeliveryError) return one
  const reason = error instanceof AggregateError ? error.errors.map(String).join('; ') : messageOf(error)
  return new DeliveryError(reason.slice(0, 300), { retryable: true, cause: error })
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
