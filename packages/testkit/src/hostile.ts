import { connect, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import type { KeyPair } from './certificates.ts'
import { startTcpServer } from './tcp-server.ts'
import { startTlsServer } from './tls-server.ts'

/** What a server does to whoever has connected to it. */
export type Misdeed = (socket: Socket) => void

/** Sends the same again and again, as fast as it is taken. */
export function endless(socket: Socket, start: string | Buffer, again: Buffer): void {
  socket.write(toBytes(start))
  const more = (): void => {
    while (!socket.destroyed && socket.write(again));
  }
  socket.on('drain', more)
  more()
}

/** Sends a little every few milliseconds: the next of the pieces, or the only one without end. */
export function drip(socket: Socket, start: string | Buffer, pieces: string | Buffer[]): void {
  socket.write(toBytes(start))
  let next = 0
  const timer = setInterval(() => {
    const piece = typeof pieces === 'string' ? toBytes(pieces) : pieces[next++]
    if (piece === undefined) clearInterval(timer)
    else socket.write(piece)
  }, 5)
  socket.once('close', () => clearInterval(timer))
}

function toBytes(text: string | Buffer): Buffer {
  return typeof text === 'string' ? Buffer.from(text, 'latin1') : text
}

function octets(bytes: Buffer): Buffer[] {
  return Array.from(bytes, (byte) => Buffer.from([byte]))
}

const ok = 'HTTP/1.1 200 OK\r\n'
const block = Buffer.alloc(64 * 1024, 'x')
const garbage = Buffer.alloc(64 * 1024, 0xff)

/** What an HTTP server may do once it has read the request. */
export function httpMisdeeds(): Record<string, Misdeed> {
  const zeros = Buffer.alloc(64 * 1024 * 1024)
  const gzipBomb = gzipSync(zeros)
  const bomb =
    (coding: string, body: Buffer): Misdeed =>
    (socket) => {
      socket.write(`${ok}content-encoding: ${coding}\r\ncontent-length: ${body.length}\r\n\r\n`)
      socket.write(body)
    }
  return {
    'says nothing': () => {},
    'drips a header': (socket) => drip(socket, ok, 'a'),
    'drips headers': (socket) => drip(socket, ok, 'x-a: b\r\n'),
    'drips a body': (socket) => drip(socket, `${ok}\r\n`, 'x'),
    'drips a chunk extension': (socket) => drip(socket, `${ok}transfer-encoding: chunked\r\n\r\n4`, ';a=b'),
    'sends a header without end': (socket) => endless(socket, `${ok}x-a: `, block),
    'sends a chunk extension without end': (socket) => {
      endless(socket, `${ok}transfer-encoding: chunked\r\n\r\n4;`, block)
    },
    'sends hints without end': (socket) => {
      endless(socket, '', Buffer.from('HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(1000)))
    },
    'sends a body without end': (socket) => endless(socket, `${ok}\r\n`, block),
    'sends a gzip bomb': bomb('gzip', gzipBomb),
    'sends a brotli bomb': bomb('br', brotliCompressSync(zeros)),
    'sends a bomb in a bomb': bomb('gzip, gzip', gzipSync(gzipBomb)),
    'sends garbage without end': (socket) => endless(socket, '', garbage),
  }
}

const certificateMessage = 11

/** What a TLS server may do once a ClientHello has come; `pair` is the certificate of a true server that is copied. */
export async function tlsMisdeeds(pair: KeyPair): Promise<Record<string, Misdeed>> {
  const flight = await serverFlight(pair)
  const [hello = Buffer.alloc(0), certificates = Buffer.alloc(0)] = messagesOf(flight)
  const one = certificates.subarray(7)
  const copies = Buffer.concat(Array.from({ length: Math.floor((90 * 1024) / one.length) }, () => one))
  const list = Buffer.concat([uint24(copies.length), copies])
  const whole = Buffer.concat([Buffer.from([certificateMessage]), uint24(list.length), list])
  // OpenSSL takes 100 KiB of certificates.
  const long = Buffer.from([certificateMessage, 0x01, 0x80, 0x00])
  const start = (...messages: Buffer[]): Buffer => Buffer.concat([hello, ...messages].flatMap(recordsOf))
  return {
    'says nothing': () => {},
    'drips its handshake': (socket) => drip(socket, '', octets(flight)),
    'drips a record that it never ends': (socket) => drip(socket, Buffer.from('16030340000b018000', 'hex'), '\0'),
    'sends empty records without end': (socket) => endless(socket, '', Buffer.from('1603030000'.repeat(1000), 'hex')),
    'sends warnings without end': (socket) => endless(socket, '', Buffer.from('1503030002015a'.repeat(1000), 'hex')),
    'asks for another hello without end': (socket) => {
      endless(socket, start(), Buffer.from('160303000400000000'.repeat(1000), 'hex'))
    },
    'announces certificates of 16 MiB and sends them': (socket) => {
      endless(socket, start(Buffer.from([certificateMessage, 0xff, 0xff, 0xff])), recordsOf(block)[0] ?? block)
    },
    'sends 90 KiB of certificates and no more': (socket) => socket.write(start(whole)),
    'sends most of 96 KiB of certificates, an octet a record': (socket) => {
      socket.write(start(long))
      endless(socket, '', Buffer.from('160303000100'.repeat(1000), 'hex'))
    },
    'sends garbage without end': (socket) => endless(socket, '', garbage),
    'speaks HTTP without end': (socket) => endless(socket, `${ok}\r\n`, block),
  }
}

/** All that a server of TLS 1.2 sends before it wants to hear more: hello, certificates, key exchange, done. */
async function serverFlight(pair: KeyPair): Promise<Buffer> {
  await using server = await startTlsServer({ ...pair, maxVersion: 'TLSv1.2' })
  const parts: Buffer[] = []
  await using between = await startTcpServer((socket) => {
    const onward = connect({ host: server.host, port: server.port })
    onward.on('data', (part: Buffer) => parts.push(part))
    for (const one of [socket, onward]) one.on('error', () => {})
    socket.on('close', () => onward.destroy())
    socket.pipe(onward)
    onward.pipe(socket)
  })
  const client = connectTls({
    host: between.host,
    port: between.port,
    rejectUnauthorized: false,
    maxVersion: 'TLSv1.2',
  })
  await new Promise<void>((resolve, reject) => {
    client.once('secureConnect', resolve)
    client.once('error', reject)
  })
  const sent = Buffer.concat(parts)
  client.destroy()
  return sent
}

/** The handshake messages in the records of a flight, up to its last record of that kind. */
function messagesOf(flight: Buffer): Buffer[] {
  const parts: Buffer[] = []
  for (let at = 0; flight[at] === 0x16; at += 5 + flight.readUInt16BE(at + 3)) {
    parts.push(flight.subarray(at + 5, at + 5 + flight.readUInt16BE(at + 3)))
  }
  const handshake = Buffer.concat(parts)
  const messages: Buffer[] = []
  for (let at = 0; at + 4 <= handshake.length; ) {
    const end = at + 4 + handshake.readUIntBE(at + 1, 3)
    messages.push(handshake.subarray(at, end))
    at = end
  }
  return messages
}

function recordsOf(message: Buffer): Buffer[] {
  const most = 16 * 1024
  return Array.from({ length: Math.ceil(message.length / most) }, (_, index) => {
    const part = message.subarray(index * most, (index + 1) * most)
    return Buffer.concat([Buffer.from([0x16, 3, 3, part.length >> 8, part.length & 0xff]), part])
  })
}

function uint24(value: number): Buffer {
  return Buffer.from([value >> 16, (value >> 8) & 0xff, value & 0xff])
}

/** What a DNS server may send back to a query, over UDP as one packet and over TCP behind its length. */
export const dnsForgeries: Record<string, (query: Buffer) => Buffer> = {
  'an answer of 64 KiB of garbage': (query) => Buffer.concat([header(query, 1), Buffer.alloc(60_000, 0xff)]),
  'a name that points to itself': (query) => {
    const start = header(query, 1)
    return Buffer.concat([start, pointerTo(start.length), Buffer.alloc(10)])
  },
  'names that point to one another': (query) => {
    const start = header(query, 1)
    return Buffer.concat([start, pointerTo(start.length + 2), pointerTo(start.length), Buffer.alloc(10)])
  },
  'sixty thousand records that are not there': (query) => header(query, 60_000),
  'the id of another query': (query) => {
    const answer = header(query, 0)
    answer.writeUInt16BE((query.readUInt16BE(0) + 1) & 0xffff)
    return answer
  },
  'nothing but a header': (query) => header(query, 0).subarray(0, 12),
}

function pointerTo(at: number): Buffer {
  return Buffer.from([0xc0 | (at >> 8), at & 0xff])
}

/** The query as an answer with so many records, none of which follows. EDNS is cut off. */
function header(query: Buffer, records: number): Buffer {
  let end = 12
  while ((query[end] ?? 0) !== 0) end += 1 + (query[end] ?? 0)
  const answer = Buffer.from(query.subarray(0, end + 5))
  answer.writeUInt16BE(0x8180, 2)
  answer.writeUInt16BE(records, 6)
  answer.writeUInt32BE(0, 8)
  return answer
}

/** What a DNS server may do to a connection. */
export const dnsMisdeeds: Record<string, Misdeed> = {
  'says nothing': () => {},
  'drips the longest of messages': (socket) => drip(socket, Buffer.from('ffff', 'hex'), '\0'),
  'drips its length': (socket) => drip(socket, '', [Buffer.from([0xff])]),
  'sends messages without content, and without end': (socket) => endless(socket, '', Buffer.alloc(64 * 1024)),
  'sends garbage without end': (socket) => endless(socket, '', garbage),
  'sends 64 KiB but for one octet': (socket) =>
    socket.write(Buffer.concat([Buffer.from('ffff', 'hex'), garbage.subarray(2)])),
  'closes in the midst of a message': (socket) => socket.end(Buffer.from('0040ff', 'hex')),
}
