import { lookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { Agent, request } from 'undici'
import { type DeliveryContext, DeliveryError, type Egress } from './delivery.ts'

const maxAnswerBytes = 4096

export type Message = { method?: 'POST' | 'PUT'; headers?: Record<string, string>; body: string }

/**
 * Sends JSON (or what `headers` say) by HTTP. The egress policy is asked about every address before it is dialled, on a connection
 * that is not used again; redirects are not followed. Of the answer only its beginning is read, for the error.
 */
export async function send(url: string, message: Message, { egress, signal }: DeliveryContext): Promise<void> {
  const { hostname } = new URL(url)
  const literal = hostname.replace(/^\[|\]$/g, '')
  const denied = isIP(literal) === 0 ? undefined : egress.denies(literal)
  if (denied !== undefined) throw new DeliveryError(denied, { retryable: false })
  const agent = new Agent({ connect: { lookup: guarded(egress), timeout: 5000 }, pipelining: 0, keepAliveTimeout: 1 })
  try {
    const { statusCode, headers, body } = await request(url, {
      method: message.method ?? 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'Sonde', ...message.headers },
      body: message.body,
      dispatcher: agent,
      signal,
    })
    const answer = await beginningOf(body)
    if (statusCode >= 200 && statusCode < 300) return
    throw refusal(statusCode, headers['retry-after'], answer)
  } catch (error) {
    throw error instanceof DeliveryError ? error : unreachable(error)
  } finally {
    await agent.destroy()
  }
}

/** Resolves a name as the system does, and leaves out the addresses that may not be connected to. */
function guarded(egress: Egress): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, [])
      const allowed = addresses.filter(({ address }) => egress.denies(address) === undefined)
      const [first] = allowed
      if (first === undefined) {
        const reason = egress.denies(addresses[0]?.address ?? '') ?? 'it has no address'
        return callback(new DeliveryError(`${hostname}: ${reason}`, { retryable: false }), [])
      }
      if (options.all === true) return callback(null, allowed)
      callback(null, first.address, first.family)
    })
  }
}

async function beginningOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= maxAnswerBytes) break
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, 200)
}

function refusal(status: number, retryAfter: string | string[] | undefined, answer: string): DeliveryError {
  // What the other side says is shown to people and logged: on one line, and short.
  const said = answer.replaceAll(/\p{C}+/gu, ' ').trim()
  const message = `answered ${status}${said === '' ? '' : `: ${said}`}`
  const retryable = status >= 500 || status === 408 || status === 425 || status === 429
  return new DeliveryError(message, {
    retryable,
    retryAfterMs: retryable ? retryAfterMs([retryAfter].flat()[0]) : undefined,
    gone: status === 410,
  })
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function retryAfterMs(value: string | undefined): number | undefined {
  if (value === undefined) return undefined
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now()
  return Number.isFinite(ms) && ms > 0 ? ms : undefined
}

function unreachable(error: unknown): DeliveryError {
  for (let one = error; one instanceof Error; one = one.cause) if (one instanceof DeliveryError) return one
  const reason = error instanceof Error ? error.message : String(error)
  return new DeliveryError(reason, { retryable: true, cause: error })
}
