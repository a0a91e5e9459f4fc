import type { Result } from '@sonde/core'
// oxlint-disable-next-line no-restricted-imports -- tests alone import this file.
import { type KeyPair, startTlsServer } from '@sonde/testkit/targets'
import { probeDocument } from '../probe.fixture.ts'

const day = 86_400_000
export const ago = (days: number) => new Date(Date.now() - days * day)
export const ahead = (days: number) => new Date(Date.now() + days * day)

export type ServerOptions = {
  /** What the server sends after its own certificate. */
  chain?: string[]
  /** The authorities that the check trusts; null or none for the public ones. */
  caPem?: string | null
  /** Further settings of the check's block and of the server. */
  tls?: object
  server?: object
  /** The host of the target. Default localhost. */
  host?: string
}

/** Probes a TLS server that sends this certificate and chain: for tests. */
export async function probeTlsServer(pair: KeyPair, options: ServerOptions = {}): Promise<Result> {
  const { chain = [], caPem = null, host = 'localhost' } = options
  await using server = await startTlsServer({ ...pair, chain, ...options.server })
  const tls = { ...(caPem === null ? {} : { caPem }), ...options.tls }
  return await probeDocument({ kind: 'tls', target: `${host}:${server.port}`, timeout: '2s', tls })
}
