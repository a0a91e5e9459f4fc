import type { Socket } from 'node:net'
import type { DnsServerUrl } from '@sonde/core'
import { Client } from 'undici'
import { abortError, codeOf, isOurFault, messageOf, TargetFailure } from '../failure.ts'
import { freshObservation, type ProbeContext } from '../kind.ts'
import { makeQuery, type Question, type Reply, readReply } from '../net/dns-message.ts'
import type { Address } from '../net/resolve.ts'
import { follow, type StopSignal } from '../stop.ts'
import { version } from '../version.ts'
import type { Channel } from './channel.ts'
import { connectTo, type Endpoint } from './connection.ts'

type HttpsUrl = DnsServerUrl & { transport: 'https' }

const mediaType = 'application/dns-message'
// RFC 8484 6: what a message may hold at most.
const maxMessage = 65_535
const alpn = ['h2', 'http/1.1']

/** DNS over HTTPS (RFC 8484), by POST or GET, over HTTP/2 or HTTP/1.1: one connection for all questions of a probe. */
export class HttpsChannel implements Channel {
  readonly server: string
  readonly seen = freshObservation()
  readonly #url: HttpsUrl
  readonly #endpoint: Endpoint
  #client: Client | undefined

  constructor(server: string, url: HttpsUrl, addresses: readonly Address[]) {
    this.server = server
    this.#url = url
    this.#endpoint = { server, addresses, port: url.port, tls: { name: url.host, alpn } }
  }

  async ask(question: Question, context: ProbeContext): Promise<Reply> {
    const reused = this.#client !== undefined
    // RFC 8484 4.1: id 0, so that caches see the same question as the same.
    const query = makeQuery(question, { id: 0 })
    const { name, type } = question
    const seen = { name, type, server: this.server }
    const client = await this.#connected(context)
    let status: number
    let contentType: string
    let message: Buffer
    try {
      ;({ status, contentType, message } = await exchange(client, this.#url, query.packet, context.signal))
    } catch (error) {
      client.destroy().catch(() => {})
      this.#client = undefined
      // A server may close after any answer.
      if (reused && !context.signal.aborted && !(error instanceof TargetFailure)) return this.ask(question, context)
      throw this.#failure(error, seen, context)
    }
    const malformed = (reason: string): TargetFailure =>
      new TargetFailure('dns_malformed', `${this.server} ${reason}`, { seen: { ...seen, reason } })
    if (status < 200 || status > 299) throw malformed(`answered HTTP ${status}`)
    if (contentType !== mediaType)
      throw malformed(`answered with ${contentType || 'no content type'}, not ${mediaType}`)
    const reply = readReply(query, message)
    if (typeof reply === 'string') throw malformed(`sent ${reply}`)
    if (reply === undefined) throw malformed('sent the answer to another question')
    return reply
  }

  async #connected(context: ProbeContext): Promise<Client> {
    if (this.#client !== undefined && !this.#client.destroyed) return this.#client
    const socket = await connectTo(this.#endpoint, this.seen, context)
    this.#client = clientOn(socket, new URL(`https://${authority(this.#url)}`))
    return this.#client
  }

  #failure(error: unknown, seen: { name: string; type: string; server: string }, context: ProbeContext): unknown {
    if (context.signal.aborted) {
      const what = `${seen.name} ${seen.type} from ${this.server}`
      return abortError(context.signal, 'dns_timeout', (timeout) => `no answer for ${what} within ${timeout}`, {
        ...seen,
        over: 'HTTPS',
      })
    }
    if (error instanceof TargetFailure || isOurFault(error)) return error
    const reason =
      codeOf(error) === 'UND_ERR_RES_EXCEEDED_MAX_SIZE' ? 'an answer of more than 64 KiB' : messageOf(error)
    return new TargetFailure('dns_malformed', `${this.server}: ${reason}`, { cause: error, seen: { ...seen, reason } })
  }

  [Symbol.dispose](): void {
    this.#client?.destroy().catch(() => {})
  }
}

function authority({ host, port }: HttpsUrl): string {
  const written = host.includes(':') ? `[${host}]` : host
  return port === 443 ? written : `${written}:${port}`
}

async function exchange(
  client: Client,
  { method, path }: HttpsUrl,
  packet: Buffer,
  stop: StopSignal,
): Promise<{ status: number; contentType: string; message: Buffer }> {
  const controller = new AbortController()
  using _ = follow(stop, controller)
  const { signal } = controller
  const headers = { accept: mediaType, 'user-agent': `Sonde/${version}` }
  const {
    statusCode,
    headers: answered,
    body,
  } = await client.request(
    method === 'GET'
      ? { method, path: `${path}?dns=${packet.toString('base64url')}`, headers, signal }
      : { method, path, headers: { ...headers, 'content-type': mediaType }, body: packet, signal },
  )
  const contentType = String(answered['content-type'] ?? '').split(';')[0] ?? ''
  const parts: Buffer[] = []
  let length = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length > maxMessage) throw new TargetFailure('dns_malformed', 'a DNS message over HTTPS of more than 64 KiB')
    parts.push(chunk)
  }
  return { status: statusCode, contentType: contentType.trim().toLowerCase(), message: Buffer.concat(parts) }
}

/** An undici client that has this one connection and gets no other. */
function clientOn(socket: Socket, origin: URL): Client {
  let handedOver = false
  return new Client(origin, {
    connect: (_, callback) => {
      if (handedOver) return callback(new Error('the server closed the connection'), null)
      handedOver = true
      // Not at once: undici does not look at its queue again while it is still asking for a connection.
      queueMicrotask(() => callback(null, socket))
    },
    maxHeaderSize: 32 * 1024,
    headersTimeout: 0,
    bodyTimeout: 0,
    h2Options: { pingInterval: 0 },
  })
}
