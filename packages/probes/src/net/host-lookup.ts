import { DeadlineExceeded } from '../failure.ts'
import type { EgressPolicy } from './egress.ts'
import { type Address, resolveHost } from './resolve.ts'

const patienceMs = 5000

/** Looks up the addresses of a host, in the order in which to try them; rejects with what was wrong, or the signal's reason. */
export type HostLookup = (host: string, signal: AbortSignal) => Promise<Address[]>

/**
 * A look-up as probes do it, for whoever else dials names: hosts file, search list and our own DNS client, for 5 s at most. It
 * never waits for the threads of getaddrinfo, so that a resolver that is dead holds up nobody but those who ask it. `resolvers`, as
 * `host:port`, are asked in place of the machine's own, and the hosts file then does not count.
 */
export function hostLookup(egress: EgressPolicy, resolvers?: readonly string[]): HostLookup {
  return async (host, signal) => {
    const controller = new AbortController()
    const timer = setTimeout(() => controller.abort(new DeadlineExceeded(`${patienceMs / 1000}s`)), patienceMs)
    try {
      return await resolveHost(
        host,
        { ipFamily: 'any', resolvers },
        { signal: AbortSignal.any([controller.signal, signal]), deadlineMs: performance.now() + patienceMs, egress },
      )
    } finally {
      clearTimeout(timer)
    }
  }
}
