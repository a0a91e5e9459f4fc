import { createSocket, type RemoteInfo } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { type Answer, type DecodedPacket, decode, encode } from 'dns-packet'
import { listen } from './listening.ts'

export type DnsQuestion = { name: string; type: string; recursionDesired: boolean; over: 'udp' | 'tcp' }
/** An answer; `truncated` sends none of the records over UDP and says to come by TCP. */
export type DnsReply = {
  rcode?: number
  answers?: Answer[]
  authorities?: Answer[]
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
  const packets = (bytes: Buffer, over: 'udp' | 'tcp', send: (packet: Buffer) => void): void => {
    const query = decode(bytes)
    const [asked] = query.questions ?? []
    const question = { name: asked?.name ?? '', type: asked?.type ?? '', recursionDesired: query.flag_rd, over }
    questions.push(question)
    const reply = answerer(question, query)
    if (reply === undefined) return
    if (Array.isArray(reply)) return reply.forEach(send)
    setTimeout(() => send(encodeReply(query, reply, over)), reply.delayMs ?? 0)
  }

  const tcp = createServer((socket) => {
    socket.on('data', (chunk) => packets(chunk.subarray(2), 'tcp', (packet) => socket.write(withLength(packet))))
  })
  const { port, close } = await listen(tcp, { host })
  const udp = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  let open = true
  udp.on('message', (bytes: Buffer, from: RemoteInfo) =>
    packets(bytes, 'udp', (packet) => {
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

function encodeReply(query: DecodedPacket, reply: DnsReply, over: 'udp' | 'tcp'): Buffer {
  const cut = reply.truncated === true && over === 'udp'
  const packet = encode({
    type: 'response',
    id: query.id ?? 0,
    flags: recursionAvailable | (query.flag_rd ? 0x100 : 0) | (cut ? truncation : 0) | (reply.rcode ?? 0),
    questions: query.questions ?? [],
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
