import { connect, isIPv6, type LookupFunction, type Socket, type TcpNetConnectOpts } from 'node:net'
import { abortError, codeOf, isOurFault, messageOf, onAbort, TargetFailure } from '../failure.ts'
import { addPhase, type Observation, type ProbeContext } from '../kind.ts'
import { loopTurn } from '../loop-turn.ts'
import { allowedOf } from './egress.ts'
import { withIntake } from './intake.ts'
import { type Address, type Family, literalAddress, ofFamily, resolveHost } from './resolve.ts'

export type Opener<Kind extends Socket> = {
  /** Begins to connect to an address. */
  open: (to: Address, port: number) => Kind
  /** Whether what comes first on the connection is timed, which may be in the next turn of the loop. */
  isTimed: boolean
}
/** A connection, the address it leads to, and when it was there, by `performance.now()`. */
export type Opened<Kind extends Socket> = { socket: Kind; address: Address; connectedMs: number }
export type Destination = {
  host: string
  port: number
  ipFamily: Family
  resolvers?: readonly string[] | undefined
}

/** A TCP connection and nothing more. */
export const plainly: Opener<Socket> = {
  open: (to, port) => withIntake((onread) => connect(Object.assign(atOnce(to, port), { onread, noDelay: true }))),
  isTimed: true,
}

/** What makes Node connect now: given an address it does so in a later tick, given a name as soon as that one's address is known. */
export function atOnce({ address, family }: Address, port: number): TcpNetConnectOpts {
  const lookup: LookupFunction = (_name, _options, known) => known(null, address, family)
  return { host: 'known', port, lookup, family, autoSelectFamily: false }
}

/** Resolves the host and opens a TCP connection, with both phases and the address noted as they come. */
export async function openSocket<Kind extends Socket>(
  to: Destination,
  opener: Opener<Kind>,
  seen: Observation,
  context: ProbeContext,
): Promise<Opened<Kind>> {
  let dialMs = performance.now()
  let addresses: Address[]
  const literal = literalAddress(to.host)
  if (literal === null) {
    const startMs = dialMs
    try {
      addresses = await resolveHost(to.host, to, context)
    } finally {
      dialMs = performance.now()
      addPhase(seen, 'dnsMs', dialMs - startMs)
    }
  } else {
    // Nothing is looked up.
    addPhase(seen, 'dnsMs', 0)
    addresses = ofFamily(literal, to.ipFamily)
  }
  note(seen, addresses[0])
  let opened: Opened<Kind> | undefined
  try {
    opened = await dial(addresses, to.port, opener, context)
    note(seen, opened.address)
    return opened
  } finally {
    addPhase(seen, 'connectMs', (opened?.connectedMs ?? performance.now()) - dialMs)
  }
}

function note({ facts }: Observation, address: Address | undefined): void {
  facts.ip = address?.address ?? null
  facts.ipFamily = address?.family ?? null
}

// RFC 8305 5, Connection Attempt Delay.
const attemptDelayMs = 250

/**
 * Connects to the first address that answers: the next one is tried when one fails, or has been silent for 250 ms (RFC 8305).
 * Addresses that the egress policy denies are left out before any packet is sent.
 *
 * Throws `TargetFailure` with a code of the connect phase; of several failures the one of a host that was reached.
 */
export async function dial<Kind extends Socket>(
  addresses: readonly Address[],
  port: number,
  { open, isTimed }: Opener<Kind>,
  context: ProbeContext,
): Promise<Opened<Kind>> {
  const allowed = allowedOf(addresses, context.egress)

  return new Promise((resolve, reject) => {
    // Those that have not failed.
    let attempts: Kind[] = []
    let isSettled = false
    const failures: TargetFailure[] = []
    let next = 0
    let timer: NodeJS.Timeout | undefined

    const settle = (winner: Socket | undefined, done: () => void): void => {
      clearTimeout(timer)
      listening[Symbol.dispose]()
      isSettled = true
      for (const socket of attempts) if (socket !== winner) socket.destroy()
      done()
    }
    const attempt = (): void => {
      clearTimeout(timer)
      const address = allowed[next++]
      if (address === undefined) return
      if (next < allowed.length) timer = setTimeout(attempt, attemptDelayMs)
      const socket = open(address, port)
      attempts.push(socket)
      // Probes begin when a timer wakes them, and this is the last thing that is done then, now that the system has been asked.
      loopTurn.mark()
      // Whoever takes the socket over listens too; to errors that come when nobody does any more this listens in vain.
      socket.on('error', (error) => {
        if (isSettled) return
        attempts = attempts.filter((one) => one !== socket)
        const failure = connectFailure(error, address, port)
        if (!(failure instanceof TargetFailure)) return settle(undefined, () => reject(failure))
        failures.push(failure)
        if (next < allowed.length) attempt()
        else if (attempts.length === 0) settle(undefined, () => reject(mostTelling(failures)))
      })
      // Before all others: a TLS socket begins its handshake when it hears of this, which is none of the connection's time.
      socket.prependListener('connect', () => {
        const connectedMs = loopTurn.arrivedMs(performance.now())
        if (isTimed) loopTurn.markAtEnd()
        else loopTurn.markAtEndForOthers()
        settle(socket, () => resolve({ socket, address, connectedMs }))
      })
    }
    const listening = onAbort(context.signal, () =>
      settle(undefined, () => {
        const tried = allowed.slice(0, next).map((address) => endpoint(address, port))
        const already = failures.map((failure) => `; ${failure.message}`).join('')
        reject(
          abortError(
            context.signal,
            'tcp_timeout',
            (timeout) => `no answer to the connection attempt to ${tried.join(' and ')} within ${timeout}${already}`,
            { address: tried.join(' and ') },
          ),
        )
      }),
    )
    if (!context.signal.aborted) attempt()
  })
}

export function endpoint({ address }: Pick<Address, 'address'>, port: number): string {
  return isIPv6(address) ? `[${address}]:${port}` : `${address}:${port}`
}

function connectFailure(error: Error, address: Address, port: number): Error {
  const where = endpoint(address, port)
  const options = { cause: error, seen: { address: where } }
  switch (codeOf(error)) {
    case 'ECONNREFUSED':
      return new TargetFailure('tcp_refused', `${where} refused the connection`, options)
    case 'ECONNRESET':
    case 'EPIPE':
    case 'ECONNABORTED':
      return new TargetFailure('tcp_reset', `${where} reset the connection while it was being opened`, options)
    case 'ETIMEDOUT':
      return new TargetFailure('tcp_timeout', `${where} did not answer (the system gave up)`, options)
    case 'EADDRNOTAVAIL':
      // On IPv4 we ran out of local ports; on IPv6 this machine has no address to come from.
      if (address.family === 4) return error
      return new TargetFailure('net_unreachable', `no IPv6 here to reach ${where} from`, options)
    case 'ENETUNREACH':
    case 'EHOSTUNREACH':
    case 'EAFNOSUPPORT':
    case 'EHOSTDOWN':
    case 'ENETDOWN':
    case 'EACCES':
    case 'EPERM':
    case 'EINVAL':
      return new TargetFailure('net_unreachable', `no way to ${where}: ${codeOf(error)}`, options)
    default:
      if (isOurFault(error)) return error
      return new Error(`connect to ${where}: ${messageOf(error)}`, { cause: error })
  }
}

const byWeight = ['tcp_refused', 'tcp_reset', 'tcp_timeout', 'net_unreachable']

function mostTelling(failures: readonly TargetFailure[]): TargetFailure {
  const [first, ...rest] = failures.toSorted((a, b) => byWeight.indexOf(a.code) - byWeight.indexOf(b.code))
  if (first === undefined) throw new Error('no address to connect to')
  return rest.length === 0
    ? first
    : new TargetFailure(first.code, [first, ...rest].map(({ message }) => message).join('; '), {
        cause: first,
        seen: first.seen,
      })
}
