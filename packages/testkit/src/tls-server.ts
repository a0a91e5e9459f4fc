import { createServer, type TLSSocket, type TlsOptions } from 'node:tls'
import type { KeyPair } from './certificates.ts'
import { listen } from './listening.ts'

export type TlsServer = AsyncDisposable & { host: string; port: number; handshakes: () => number }

/** A TLS server that sends `cert` and after it `chain`, in that order and whatever they are. Ciphers and versions are lax. */
export async function startTlsServer(
  options: KeyPair & { chain?: string[]; host?: string; staple?: Buffer } & Omit<TlsOptions, 'cert' | 'key'>,
  onConnection: (socket: TLSSocket) => void = () => {},
): Promise<TlsServer> {
  let handshakes = 0
  const { staple } = options
  const server = createServer({ ...lax(options) }, (socket) => {
    handshakes += 1
    socket.on('error', () => {})
    onConnection(socket)
  })
  server.on('tlsClientError', () => {})
  if (staple !== undefined) server.on('OCSPRequest', (_, __, callback) => callback(null, staple))
  const { host, port, close } = await listen(server, { host: options.host })
  return { host, port, handshakes: () => handshakes, [Symbol.asyncDispose]: close }
}

/** What a server needs to send weak certificates and speak old versions. */
export function lax<Options extends { cert: string; chain?: string[] }>(options: Options): Options {
  const { chain = [], ...rest } = options
  return { ciphers: 'DEFAULT@SECLEVEL=0', ...rest, cert: [options.cert, ...chain].join('\n') } as unknown as Options
}
