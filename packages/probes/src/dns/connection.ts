import type { Socket } from 'node:net'
import { TlsSettings } from '@sonde/core'
import { TargetFailure } from '../failure.ts'
import { addPhase, type Observation, type ProbeContext } from '../kind.ts'
import { dial, type Opened, plainly } from '../net/connect.ts'
import type { Address } from '../net/resolve.ts'
import { startTls } from '../tls/handshake.ts'

export type Endpoint = {
  server: string
  addresses: readonly Address[]
  port: number
  /** For TLS: the name that the certificate must be for, and what to speak. */
  tls?: { name: string; alpn: string[] | undefined }
}

/**
 * Connects to a DNS server, and speaks TLS where it is to be spoken; the certificate is judged as by the tls kind.
 * Phases, address and certificate are noted. Throws `TargetFailure` with dns_unreachable, dns_timeout,
 * egress_denied or a code of tls.
 */
export async function connectTo(to: Endpoint, seen: Observation, context: ProbeContext): Promise<Socket> {
  const startMs = performance.now()
  const [first] = to.addresses
  note(seen, first)
  let raw: Socket
  try {
    const { socket, address } = await dialServer(to, context)
    note(seen, address)
    raw = socket
  } finally {
    addPhase(seen, 'connectMs', performance.now() - startMs)
  }
  if (to.tls === undefined) return raw
  const { name, alpn } = to.tls
  try {
    return await startTls(raw, { host: name, settings: TlsSettings.parse({ serverName: name }), alpn }, seen, context)
  } catch (error) {
    raw.destroy()
    throw error
  }
}

function note({ facts }: Observation, address: Address | undefined): void {
  facts.ip = address?.address ?? null
  facts.ipFamily = address?.family ?? null
}

/** As `dial`; that a server cannot be had is told as dns_unreachable or dns_timeout, as it is the resolution that fails. */
async function dialServer({ addresses, port, server }: Endpoint, context: ProbeContext): Promise<Opened<Socket>> {
  try {
    return await dial(addresses, port, plainly, context)
  } catch (error) {
    if (!(error instanceof TargetFailure) || error.code === 'egress_denied') throw error
    const code = error.code === 'tcp_timeout' ? 'dns_timeout' : 'dns_unreachable'
    const seen = { server, over: 'TCP', reason: error.message }
    throw new TargetFailure(code, `${server} cannot be asked over TCP: ${error.message}`, { cause: error, seen })
  }
}
