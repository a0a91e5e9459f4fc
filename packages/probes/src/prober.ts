import { availableParallelism } from 'node:os'
import type { Check, Result } from '@sonde/core'
import { delayMonitor } from './delay-monitor.ts'
import { egressPolicy } from './net/egress.ts'
import { onceFor } from './once-for.ts'
import { probe } from './probe.ts'
import { HandshakeThread } from './thread/handshake-thread.ts'

export type ProberOptions = {
  /** What `egressPolicy` is made of. */
  egress: { deny: readonly string[]; allow: readonly string[] }
  /** The time in ms since the epoch, as `probe` takes it. */
  now: () => number
  /** Whether handshakes get a thread; by default where the machine has a core for it. */
  threaded?: boolean
}

/**
 * Probes for a process that runs many: each as by `probe`, those with TLS in a thread of their own, where their handshakes hold
 * up nobody's timings but each other's. The thread is started by the first of them; until it is ready, and where there is one
 * core alone, they run beside the others.
 */
export class Prober {
  readonly #options: ProberOptions
  readonly #egress
  readonly #threaded: boolean
  #thread: HandshakeThread | undefined

  /** Throws `EgressNetworkError` for a network that cannot be read. */
  constructor(options: ProberOptions) {
    this.#options = options
    this.#egress = egressPolicy(options.egress)
    this.#threaded = options.threaded ?? availableParallelism() > 1
  }

  /** Resolves with the result document, and rejects when the fault is ours, as `probe` does. */
  probe(check: Check, { region, slot }: { region: string; slot: Date }): Promise<Result> {
    const { now } = this.#options
    const thread = this.#threaded && shakesHands(check) ? this.#started() : undefined
    return thread?.ready === true
      ? thread.probe(check, { region, slot, now })
      : probe(check, { region, slot, now, egress: this.#egress })
  }

  /** Whether probes with TLS run in the thread by now. */
  get threadReady(): boolean {
    return this.#thread?.ready === true
  }

  /** The longest that an event loop was held up while probes ran on it, since this was last asked. */
  takeLongestDelayMs(): number {
    return Math.max(delayMonitor.takeLongestMs(), this.#thread?.takeLongestDelayMs() ?? 0)
  }

  /** Probes that run in the thread are rejected: wait for them before. */
  async close(): Promise<void> {
    await this.#thread?.close()
  }

  #started(): HandshakeThread {
    if (this.#thread === undefined || this.#thread.ended) this.#thread = new HandshakeThread(this.#options.egress)
    return this.#thread
  }
}

const shakesHands = onceFor((check: Check): boolean => {
  if (check.kind === 'tls') return true
  if (check.kind === 'http') return /^https:/i.test(check.target)
  if (check.kind === 'tcp') return check.tcp.tls !== undefined
  return check.kind === 'dns' && (check.dns.servers ?? []).some((server) => /^(?:tls|https):/i.test(server))
})
