import { availableParallelism } from 'node:os'
import type { Check, DnsCheck, HttpCheck, Result } from '@sonde/core'
import { delayMonitor } from './delay-monitor.ts'
import { egressPolicy } from './net/egress.ts'
import { onceFor } from './once-for.ts'
import { probe } from './probe.ts'
import { HandshakeThread, type ThreadState } from './thread/handshake-thread.ts'

export type ProberOptions = {
  /** What `egressPolicy` is made of. */
  egress: { deny: readonly string[]; allow: readonly string[] }
  /** The time in ms since the epoch, as `probe` takes it. */
  now: () => number
  /** Whether handshakes may have a thread; by default where the machine has a core for it. */
  threaded?: boolean
  /** Hears once why no thread could be had, where one was wanted. */
  onNoThread?: (error: unknown) => void
}

/**
 * Probes for a process that runs many: each as by `probe`, but one with TLS that begins while plain ones run goes to a thread of
 * its own, so that its handshake does not hold up what they time. With no plain probe about there is nothing to protect, and
 * waking a second thread would cost a third of the probe more. The thread is started when it is first wanted; until it is ready, where
 * it cannot be had, and where there is one core alone, all run beside each other.
 */
export class Prober {
  readonly #options: ProberOptions
  readonly #egress
  readonly #threaded: boolean
  #plain = 0
  #thread: HandshakeThread | undefined

  /** Throws `EgressNetworkError` for a network that cannot be read. */
  constructor(options: ProberOptions) {
    this.#options = options
    this.#egress = egressPolicy(options.egress)
    this.#threaded = options.threaded ?? availableParallelism() > 1
  }

  /** Resolves with the result document, and rejects when the fault is ours, as `probe` does. */
  async probe(check: Check, { region, slot }: { region: string; slot: Date }): Promise<Result> {
    const { now } = this.#options
    const options = { region, slot, now, egress: this.#egress }
    if (shakesHands(check)) {
      const thread = this.#plain > 0 ? this.#started() : undefined
      return await (thread?.state === 'ready' ? thread.probe(check, { region, slot, now }) : probe(check, options))
    }
    this.#plain += 1
    try {
      return await probe(check, options)
    } finally {
      this.#plain -= 1
    }
  }

  /** `none` as long as there was nothing to protect. */
  get threadState(): 'none' | ThreadState {
    return this.#thread?.state ?? 'none'
  }

  /** The longest that an event loop was held up while probes ran on it, since this was last asked. */
  takeLongestDelayMs(): number {
    return Math.max(delayMonitor.takeLongestMs(), this.#thread?.takeLongestDelayMs() ?? 0)
  }

  /** Probes that run in the thread are rejected: wait for them before. */
  async close(): Promise<void> {
    await this.#thread?.close()
  }

  #started(): HandshakeThread | undefined {
    if (!this.#threaded || this.threadState === 'failed') return undefined
    if (this.#thread === undefined || this.threadState === 'ended')
      this.#thread = new HandshakeThread(this.#options.egress, this.#options.onNoThread)
    return this.#thread
  }
}

/** Whether a probe of this check is sure to have a handshake; a redirect to https, which nobody knows beforehand, does not count. */
function shakesHands(check: Check): boolean {
  if (check.kind === 'tls') return true
  if (check.kind === 'tcp') return check.tcp.tls !== undefined
  return (check.kind === 'http' || check.kind === 'dns') && namesTls(check)
}

const namesTls = onceFor((check: HttpCheck | DnsCheck): boolean =>
  check.kind === 'http'
    ? /^https:/i.test(check.target)
    : (check.dns.servers ?? []).some((server) => /^(?:tls|https):/i.test(server)),
)
