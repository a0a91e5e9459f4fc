import type { ChainLink } from './chain.ts'
import { pathFrom } from './path.ts'

// What OpenSSL says of a chain follows from the certificates, the authorities and the time alone, and a monitor sees the same
// chains over and over: verifying one again costs a tenth of a probe. So a server whose chain verified is expected to send it
// again, and OpenSSL is spared it; a server that then sends anything else is connected to once more, and OpenSSL asked.

/** A server, by its address, its name and the authorities that it is judged by. */
export type KnownServer = {
  /** Whether its chain verified when it was last seen. */
  isExpected(): boolean
  /** Whether OpenSSL has verified this very chain; if not, nothing is expected of the server any more. */
  isKnown(chain: readonly ChainLink[], nowMs: number): boolean
  /** Keeps a chain that OpenSSL has verified. */
  remember(chain: readonly ChainLink[], nowMs: number): void
}

/** By the number of the authorities and the certificates as they were sent: until when the chain is good, in ms. */
const verified = new Map<string, number>()
const expected = new Set<string>()
/** A number for each of the checks' authorities, as a hundred kilobytes are no key. */
const numbers = new Map<string | undefined, number>()
let lastNumber = 0

const maxVerified = 4096
const maxExpected = 16_384
const maxNumbers = 256
// Asked again now and then, should a chain ever be more than its parts.
const goodForMs = 3_600_000

export function knownServer(caPem: string | undefined, address: string): KnownServer {
  const number = numberOf(caPem)
  const server = `${number} ${address}`
  const isGood = (key: string, nowMs: number): boolean => (verified.get(key) ?? Number.NEGATIVE_INFINITY) > nowMs
  return {
    isExpected: () => expected.has(server),
    isKnown(chain, nowMs) {
      const known = isGood(keyOf(chain, number), nowMs)
      if (!known) expected.delete(server)
      return known
    },
    remember(chain, nowMs) {
      const key = keyOf(chain, number)
      if (!isGood(key, nowMs)) keep(verified, maxVerified, key, goodUntil(chain, caPem, nowMs))
      if (!isGood(key, nowMs)) return
      if (expected.size >= maxExpected) expected.delete(expected.values().next().value ?? '')
      expected.add(server)
    },
  }
}

/** The certificates that are sent have their dates judged with every probe; the root, which need not be sent, has it here. */
function goodUntil(chain: readonly ChainLink[], caPem: string | undefined, nowMs: number): number {
  const [leaf, ...rest] = chain
  const anchor = leaf === undefined ? undefined : pathFrom([leaf, ...rest], caPem, nowMs).anchor
  return anchor === undefined ? Number.NEGATIVE_INFINITY : Math.min(nowMs + goodForMs, anchor.validToDate.getTime())
}

function numberOf(caPem: string | undefined): number {
  const known = numbers.get(caPem)
  if (known !== undefined) return known
  lastNumber += 1
  keep(numbers, maxNumbers, caPem, lastNumber)
  return lastNumber
}

function keyOf(chain: readonly ChainLink[], number: number): string {
  let key = `${number} `
  for (const { facts } of chain) key += facts.sha256
  return key
}

/** The oldest one goes when there are too many. */
function keep<Key, Value>(map: Map<Key, Value>, max: number, key: Key, value: Value): void {
  if (map.size >= max) map.delete(map.keys().next().value as Key)
  map.set(key, value)
}
