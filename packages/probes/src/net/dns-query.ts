import { createSocket, type Socket } from 'node:dgram'
import { isIPv6 } from 'node:net'
import { type Deadline, deadlines } from '../deadlines.ts'
import { abortError, codeOf, isOurFault, onAbort, TargetFailure } from '../failure.ts'
import type { ProbeContext } from '../kind.ts'
import { loopTurn } from '../loop-turn.ts'
import { isTruncated, makeQuery, type Query, type Question, type Reply, readReply } from './dns-message.ts'
import { type DnsServer, serverText } from './dns-server.ts'
import { askOverTcp } from './dns-tcp.ts'

export type ServedReply = Reply & { server: DnsServer }

/**
 * Asks over UDP, each time from a fresh port, and over TCP when the answer was cut (RFC 7766) or does not repeat the case of
 * the name, as one that was forged would not. A lost packet is sent again while there is time, to the next server in turn; all
 * servers stay open, so a slow answer still counts. An error from one server hands over to the next.
 *
 * With `edns` larger answers may come at once; a server that does not know of it is asked again without (RFC 6891 7).
 * Answers with whatever a server says, SERVFAIL and NXDOMAIN included. Throws `TargetFailure` with dns_timeout, dns_malformed
 * or dns_unreachable when none says anything.
 */
export function ask(
  question: Question,
  servers: readonly DnsServer[],
  context: ProbeContext,
  { edns = false }: { edns?: boolean } = {},
): Promise<ServedReply> {
  return new Promise((resolve, reject) => {
    const asking = new Asking(makeQuery(question, { edns }), servers, context, resolve, reject)
    asking.start()
  })
}

// A server that fails for itself, where another may know the answer.
const handsOver = new Set(['SERVFAIL', 'REFUSED', 'FORMERR', 'NOTIMP', 'BADVERS'])
// What a server says that does not know of EDNS.
const ednsUnknown = new Set(['FORMERR', 'NOTIMP', 'BADVERS'])

class Asking {
  #query: Query
  readonly #servers: readonly DnsServer[]
  readonly #context: ProbeContext
  readonly #resolve: (reply: ServedReply) => void
  readonly #reject: (error: unknown) => void
  readonly #sockets = new Map<DnsServer, Socket>()
  readonly #failures = new Map<DnsServer, ServedReply | TargetFailure>()
  readonly #waitMs: number
  readonly #stopListening: Disposable
  #next: Deadline | undefined
  #turn = 0
  #ignored = 0
  #settled = false

  constructor(
    query: Query,
    servers: readonly DnsServer[],
    context: ProbeContext,
    resolve: (reply: ServedReply) => void,
    reject: (error: unknown) => void,
  ) {
    this.#query = query
    this.#servers = servers
    this.#context = context
    this.#resolve = resolve
    this.#reject = reject
    // Four packets in the time there is, and no more than one a second.
    this.#waitMs = Math.min(1000, Math.max(50, (context.deadlineMs - performance.now()) / 4))
    this.#stopListening = onAbort(context.signal, () => this.#fail(this.#timeout()))
  }

  start(): void {
    if (!this.#settled) this.#sendNext()
  }

  #sendNext(): void {
    this.#waitNoLonger()
    const waiting = this.#servers.filter((server) => !this.#failures.has(server))
    const server = waiting[this.#turn++ % Math.max(1, waiting.length)]
    if (server === undefined) return this.#giveUp()
    this.#next = deadlines.add(performance.now() + this.#waitMs, () => this.#sendNext())
    const socket = this.#sockets.get(server)
    if (socket === undefined) this.#open(server)
    // Sending throws while the socket is still being connected; it sends by itself once it is.
    else if (isConnected(socket)) socket.send(this.#query.packet)
  }

  #waitNoLonger(): void {
    if (this.#next !== undefined) deadlines.remove(this.#next)
    this.#next = undefined
  }

  #open(server: DnsServer): void {
    const family = isIPv6(server.address) ? 6 : 4
    let socket: Socket
    try {
      socket = createSocket({
        type: family === 6 ? 'udp6' : 'udp4',
        lookup: (host, _, done) => done(null, host, family),
      })
    } catch (error) {
      return this.#fail(error)
    }
    this.#sockets.set(server, socket)
    socket.on('error', (error) => this.#onError(server, error))
    socket.on('message', (bytes) => {
      this.#onMessage(server, bytes)
      loopTurn.markAtEndForOthers()
    })
    // Connected, the kernel drops packets from elsewhere and tells of ICMP errors.
    socket.connect(server.port, server.address, (error?: Error) => {
      if (error) this.#onError(server, error)
      else if (!this.#settled) socket.send(this.#query.packet)
    })
  }

  #onMessage(server: DnsServer, bytes: Buffer): void {
    if (this.#settled || this.#failures.has(server)) return
    const reply = readReply(this.#query, bytes)
    if (reply === undefined) {
      this.#ignored += 1
    } else if (typeof reply === 'string') {
      const seen = { server: `udp://${serverText(server)}`, reason: reply }
      this.#setAside(server, new TargetFailure('dns_malformed', `${serverText(server)} sent ${reply}`, { seen }))
    } else if (this.#query.edns && ednsUnknown.has(reply.rcode)) {
      this.#query = makeQuery(this.#query.question, { edns: false })
      this.#sockets.get(server)?.send(this.#query.packet)
    } else if (isTruncated(reply) || reply.otherCase) {
      askOverTcp(this.#query, server, this.#context).then(
        (whole) => this.#accept(server, whole),
        (error: unknown) => (error instanceof TargetFailure ? this.#setAside(server, error) : this.#fail(error)),
      )
    } else {
      this.#accept(server, reply)
    }
  }

  #accept(server: DnsServer, reply: Reply): void {
    const served = { ...reply, server }
    if (handsOver.has(reply.rcode)) this.#setAside(server, served)
    else this.#finish(() => this.#resolve(served))
  }

  #onError(server: DnsServer, error: Error): void {
    if (isOurFault(error)) return this.#fail(error)
    const text = codeOf(error) === 'ECONNREFUSED' ? 'ICMP port unreachable' : codeOf(error)
    this.#setAside(
      server,
      new TargetFailure('dns_unreachable', `${serverText(server)} cannot be asked over UDP: ${text}`, {
        cause: error,
        seen: { server: `udp://${serverText(server)}`, reason: text },
      }),
    )
  }

  /** This server has said its last word; ask the next one now, or settle when there is none. */
  #setAside(server: DnsServer, failure: ServedReply | TargetFailure): void {
    if (this.#settled || this.#failures.has(server)) return
    this.#failures.set(server, failure)
    this.#sendNext()
  }

  #giveUp(): void {
    const failures = [...this.#failures.values()]
    const reply = failures.find((failure) => !(failure instanceof TargetFailure))
    if (reply !== undefined && !(reply instanceof TargetFailure)) return this.#finish(() => this.#resolve(reply))
    this.#fail(failures[0] ?? new Error('no DNS server to ask'))
  }

  #timeout(): unknown {
    const { name, type } = this.#query.question
    const asked = [...this.#sockets.keys()].map(serverText).join(', ')
    const ignored = this.#ignored === 0 ? '' : `; ${this.#ignored} packets with another id or question were ignored`
    return abortError(
      this.#context.signal,
      'dns_timeout',
      (timeout) => `no answer for ${name} ${type} from ${asked} within ${timeout}${ignored}`,
      { name, type, server: asked, over: 'UDP' },
    )
  }

  #fail(error: unknown): void {
    this.#finish(() => this.#reject(error))
  }

  #finish(settle: () => void): void {
    if (this.#settled) return
    this.#settled = true
    this.#waitNoLonger()
    this.#stopListening[Symbol.dispose]()
    for (const socket of this.#sockets.values()) socket.close()
    settle()
  }
}

function isConnected(socket: Socket): boolean {
  try {
    socket.remoteAddress()
    return true
  } catch {
    return false
  }
}
