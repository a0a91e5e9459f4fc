import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createSecureServer, type Http2ServerRequest } from 'node:http2'
import { createServer as createHttpsServer } from 'node:https'
import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { type Answer, type DecodedPacket, decode, encode, type Question } from 'dns-packet'
import type { KeyPair } from './certificates.ts'
import { listen } from './listening.ts'

export type DnsQuestion = {
  name: string
  type: string
  recursionDesired: boolean
  over: 'udp' | 'tcp' | 'tls' | 'https'
}
/** An answer; `truncated` sends none of the records over UDP and says to come by TCP. */
export type DnsReply = {
  rcode?: number
  answers?: Answer[]
  authorities?: Answer[]
  /** In place of the question that was asked. */
  questions?: Question[]
  truncated?: boolean
  delayMs?: number
}
/** What to do with a question: answer it, send these very bytes, or stay silent. */
export type Answerer = (question: DnsQuestion, query: DecodedPacket) => DnsReply | Buffer[] | undefined
export type DnsServer = AsyncDisposable & { host: string; port: number; questions: DnsQuestion[] }

const recursionAvailable = 0x80
const truncation = 0x200

/** A DNS server on loopback, on UDP and TCP under the same port. */
export async function startDnsServer(answerer: Answerer, options: { host?: string } = {}): Promise<DnsServer> {
  const host = options.host ?? '127.0.0.1'
  const questions: DnsQuestion[] = []
  const tcp = createServer((socket) => serveStream(socket, answerer, questions, 'tcp'))
  const { port, close } = await listen(tcp, { host })
  const udp = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  let open = true
  udp.on('message', (bytes: Buffer, from: RemoteInfo) =>
    answerMessage(bytes, answerer, questions, 'udp', (packet) => {
      if (open) udp.send(packet, from.port, from.address)
    }),
  )
  udp.bind(port, host)
  await once(udp, 'listening')
  const dispose = async (): Promise<void> => {
    open = false
    udp.close()
    await close()
  }
  return { host, port, questions, [Symbol.asyncDispose]: dispose }
}

/** DNS over TLS (RFC 7858) on loopback. */
export async function startDotServer(answerer: Answerer, options: TlsOptions): Promise<DnsServer> {
  const questions: DnsQuestion[] = []
  const server = createTlsServer({ ALPNProtocols: ['dot'], ...options }, (socket) => {
    socket.on('error', () => {})
    serveStream(socket, answerer, questions, 'tls')
  })
  server.on('tlsClientError', () => {})
  const { host, port, close } = await listen(server)
  return { host, port, questions, [Symbol.asyncDispose]: close }
}

/** DNS over HTTPS (RFC 8484) on loopback, at any path, over HTTP/2 or only HTTP/1.1; notes how it was asked. */
export async function startDohServer(
  answerer: Answerer,
  options: KeyPair,
  { http2 = true }: { http2?: boolean } = {},
): Promise<DnsServer & { requests: { method: string; path: string; version: string }[] }> {
  const questions: DnsQuestion[] = []
  const requests: { method: string; path: string; version: string }[] = []
  const listener = (request: IncomingMessage | Http2ServerRequest, response: ServerResponse): void => {
    const { method = '', url: path = '', httpVersion: version } = request
    requests.push({ method, path, version })
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      const inPath = new URL(path, 'https://localhost').searchParams.get('dns')
      const bytes = inPath === null ? Buffer.concat(parts) : Buffer.from(inPath, 'base64url')
      answerMessage(bytes, answerer, questions, 'https', (packet) => {
        response.writeHead(200, { 'content-type': 'application/dns-message' })
        response.end(packet)
      })
    })
  }
  const server = http2
    ? createSecureServer(options, (request, response) => listener(request, response as unknown as ServerResponse))
    : createHttpsServer(options, listener)
  server.on('sessionError', () => {})
  const { host, port, close } = await listen(server)
  return { host, port, questions, requests, [Symbol.asyncDispose]: close }
}

function answerMessage(
  bytes: Buffer,
  answerer: Answerer,
  questions: DnsQuestion[],
  over: DnsQuestion['over'],
  send: (packet: Buffer) => void,
): void {
  const query = decode(bytes)
  const [asked] = query.questions ?? []
  // Resolvers mix the case of names (0x20), which the answer repeats and nobody means.
  const name = (asked?.name ?? '').toLowerCase()
  const question = { name, type: asked?.type ?? '', recursionDesired: query.flag_rd, over }
  questions.push(question)
  const reply = answerer(question, query)
  if (reply === undefined) return
  if (Array.isArray(reply)) return reply.forEach(send)
  setTimeout(() => send(encodeReply(query, reply, over)), reply.delayMs ?? 0)
}

function serveStream(socket: Socket, answerer: Answerer, questions: DnsQuestion[], over: DnsQuestion['over']): void {
  let received = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk])
    while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0)
      answerMessage(received.subarray(2, end), answerer, questions, over, (packet) => {
        if (!socket.destroyed) socket.write(withLength(packet))
      })
      received = received.subarray(end)
    }
  })
}

function encodeReply(query: DecodedPacket, reply: DnsReply, over: DnsQuestion['over']): Buffer {
  const cut = reply.truncated === true && over === 'udp'
  const packet = encode({
    type: 'response',
    id: query.id ?? 0,
    flags: recursionAvailable | (query.flag_rd ? 0x100 : 0) | (cut ? truncation : 0) | (reply.rcode ?? 0),
    questions: reply.questions ?? query.questions ?? [],
    answers: cut ? [] : (reply.answers ?? []),
    authorities: reply.authorities ?? [],
  })
  return packet
}

function withLength(packet: Buffer): Buffer {
  const length = Buffer.alloc(2)
  length.writeUInt16BE(packet.length)
  return Buffer.concat([length, packet])
}
