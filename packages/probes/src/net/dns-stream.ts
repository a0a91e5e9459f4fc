import type { Socket } from 'node:net'
import { abortError, codeOf, isOurFault, messageOf, onAbort, TargetFailure } from '../failure.ts'
import type { ProbeContext } from '../kind.ts'
import { type Query, type Reply, readReply } from './dns-message.ts'

/**
 * Asks one question on a connected TCP or TLS socket and waits for its answer, each message behind its length in two octets
 * (RFC 1035 4.2.2, RFC 7858 3.3). The socket may then be asked again; after a failure it must not.
 *
 * `server` is told in messages: `tcp://192.0.2.1:53`. Throws `TargetFailure` with dns_malformed, dns_unreachable or dns_timeout.
 */
export function askOnStream(query: Query, socket: Socket, server: string, context: ProbeContext): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { name, type } = query.question
    const incoming = new Incoming()
    const settle = (done: () => void): void => {
      listening[Symbol.dispose]()
      socket.off('data', onData).off('end', onEnd).off('error', onError).off('close', onEnd)
      done()
    }
    const fail = (code: 'dns_unreachable' | 'dns_malformed', reason: string, cause?: Error): void =>
      settle(() =>
        reject(new TargetFailure(code, `${server} ${reason}`, { cause, seen: { name, type, server, reason } })),
      )
    const onData = (chunk: Buffer): void => {
      const message = incoming.push(chunk)
      if (message === undefined) return
      const reply = readReply(query, message)
      if (reply === undefined || typeof reply === 'string') {
        fail('dns_malformed', `sent ${reply ?? 'the answer to another question'}`)
      } else {
        settle(() => resolve(reply))
      }
    }
    const onEnd = (): void => fail('dns_malformed', `closed the connection after ${incoming.received} bytes`)
    const onError = (error: Error): void => {
      if (isOurFault(error)) settle(() => reject(error))
      else fail('dns_unreachable', `cannot be asked over a connection: ${codeOf(error) || messageOf(error)}`, error)
    }
    const listening = onAbort(context.signal, () =>
      settle(() =>
        reject(
          abortError(
            context.signal,
            'dns_timeout',
            (timeout) => `no answer for ${name} ${type} from ${server} within ${timeout}`,
            { name, type, server, over: 'TCP' },
          ),
        ),
      ),
    )
    socket.on('data', onData).once('end', onEnd).once('error', onError).once('close', onEnd)
    socket.write(withLength(query.packet))
  })
}

function withLength(packet: Buffer): Buffer {
  const framed = Buffer.alloc(packet.length + 2)
  framed.writeUInt16BE(packet.length)
  packet.copy(framed, 2)
  return framed
}

/** Puts one message together from what arrives, however small the pieces; no more is kept than its length says. */
class Incoming {
  received = 0
  #length = 0
  #message: Buffer | undefined

  push(chunk: Buffer): Buffer | undefined {
    let at = 0
    while (this.received < 2 && at < chunk.length) {
      this.#length = (this.#length << 8) | (chunk[at++] as number)
      this.received += 1
    }
    if (this.received < 2) return undefined
    this.#message ??= Buffer.alloc(this.#length)
    this.received += chunk.copy(this.#message, this.received - 2, at)
    return this.received - 2 === this.#length ? this.#message : undefined
  }
}
