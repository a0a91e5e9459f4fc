import { isIP } from 'node:net'
import { type DnsServerUrl, parseDnsServer } from '@sonde/core'
import { freshObservation, type Observation, type ProbeContext } from '../kind.ts'
import type { Question, Reply } from '../net/dns-message.ts'
import { ask } from '../net/dns-query.ts'
import { serverText } from '../net/dns-server.ts'
import { allowedOf } from '../net/egress.ts'
import { type Address, literalAddress, resolveHost } from '../net/resolve.ts'
import { systemServers } from '../net/system-resolver.ts'
import { onceForText } from '../once-for.ts'
import { HttpsChannel } from './https-channel.ts'
import { StreamChannel } from './stream-channel.ts'

/** A way to ask one DNS server, as often as a probe needs to; connections are opened by the first question and kept. */
export type Channel = Disposable & {
  /** As the check writes it. */
  readonly server: string
  /** The address, the phases of connecting, and the certificate, as they become known. */
  readonly seen: Observation
  /** Throws `TargetFailure` with a code of dns or tls, or egress_denied. */
  ask(question: Question, context: ProbeContext): Promise<Reply>
}

/**
 * The channel to a server of a check. Its name is looked up with the hosts file and the system's resolvers, never with the
 * servers of the check, and may only lead to addresses that the egress policy allows.
 */
export async function openChannel(server: string, context: ProbeContext): Promise<Channel> {
  const url = serverUrl(server)
  const literal = literalAddress(url.host)
  const addresses = literal === null ? await resolveHost(url.host, { ipFamily: 'any' }, context) : [literal]
  return channelTo(server, url, allowedOf(addresses, context.egress))
}

const serverUrl = onceForText((server: string): DnsServerUrl => {
  const url = parseDnsServer(server)
  if (url === undefined) throw new Error(`"${server}" is no DNS server, which the schema should have refused`)
  return url
})

function channelTo(server: string, url: DnsServerUrl, addresses: readonly Address[]): Channel {
  switch (url.transport) {
    case 'udp':
      return new UdpChannel(
        server,
        addresses.map(({ address }) => ({ address, port: url.port })),
      )
    case 'tcp':
    case 'tls':
      return new StreamChannel(server, url.port, url.transport === 'tls' ? url.name : undefined, addresses)
    case 'https':
      return new HttpsChannel(server, url, addresses)
  }
}

/** The machine's own resolvers, the next one where one fails; asked whatever the egress policy says, as for every name. */
export function systemChannel(): Channel {
  return new UdpChannel(undefined, systemServers())
}

class UdpChannel implements Channel {
  readonly seen = freshObservation()
  readonly #servers: { address: string; port: number }[]
  readonly #name: string | undefined

  constructor(name: string | undefined, servers: { address: string; port: number }[]) {
    this.#name = name
    this.#servers = servers
    this.#note(servers[0]?.address)
  }

  get server(): string {
    return this.#name ?? this.#servers.map((server) => `udp://${serverText(server)}`)[0] ?? 'udp://'
  }

  async ask(question: Question, context: ProbeContext): Promise<Reply> {
    const reply = await ask(question, this.#servers, context, { edns: true })
    this.#note(reply.server.address)
    // Whoever answered is asked first from now on.
    if (reply.server !== this.#servers[0]) {
      this.#servers.sort((a, b) => Number(b === reply.server) - Number(a === reply.server))
    }
    return reply
  }

  #note(address: string | undefined): void {
    this.seen.facts.ip = address ?? null
    this.seen.facts.ipFamily = address === undefined ? null : isIP(address) === 6 ? 6 : 4
  }

  [Symbol.dispose](): void {}
}
