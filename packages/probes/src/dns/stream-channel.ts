import type { Socket } from 'node:net'
import { freshObservation, type ProbeContext } from '../kind.ts'
import { makeQuery, type Question, type Reply } from '../net/dns-message.ts'
import { askOnStream } from '../net/dns-stream.ts'
import type { Address } from '../net/resolve.ts'
import type { Channel } from './channel.ts'
import { connectTo, type Endpoint } from './connection.ts'

// RFC 7858 has no name of its own to negotiate; IANA gave "dot" to it.
const alpn = ['dot']

/** DNS over TCP (RFC 7766) and over TLS (RFC 7858): one connection for all questions of a probe, one after the other. */
export class StreamChannel implements Channel {
  readonly server: string
  readonly seen = freshObservation()
  readonly #endpoint: Endpoint
  #socket: Socket | undefined
  #turn: Promise<unknown> = Promise.resolve()

  /** With a name TLS is spoken, and the certificate must be for it. */
  constructor(server: string, port: number, name: string | undefined, addresses: readonly Address[]) {
    this.server = server
    const to = { server, addresses, port }
    this.#endpoint = name === undefined ? to : { ...to, tls: { name, alpn } }
  }

  ask(question: Question, context: ProbeContext): Promise<Reply> {
    const answer = this.#turn.then(() => this.#askNow(question, context))
    this.#turn = answer.catch(() => {})
    return answer
  }

  async #askNow(question: Question, context: ProbeContext): Promise<Reply> {
    // A server may close after an answer (RFC 7766 6.2.3).
    if (this.#socket?.readyState !== 'open') {
      this.#socket?.destroy()
      this.#socket = await connectTo(this.#endpoint, this.seen, context)
    }
    try {
      return await askOnStream(makeQuery(question), this.#socket, this.server, context)
    } catch (error) {
      this.#socket.destroy()
      throw error
    }
  }

  [Symbol.dispose](): void {
    this.#socket?.destroy()
  }
}
