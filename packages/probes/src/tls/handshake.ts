import { isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import type { TlsSettings } from '@sonde/core'
import { abortError, codeOf, isOurFault, onAbort } from '../failure.ts'
import { addPhase, type Observation, type ProbeContext } from '../kind.ts'
import { earliestExpiry, readChain } from './chain.ts'
import { handshakeFailure } from './handshake-failure.ts'
import { judgeChain } from './judge.ts'
import { secureContext } from './trust.ts'

/**
 * Speaks TLS on a connected socket, notes what was agreed on and the chain that was sent, and judges the chain. The handshake
 * is carried through whatever the certificates say, so that a bad chain can be reported.
 *
 * Throws `TargetFailure` with a code of the tls phase, for the chain only without `insecureSkipVerify`.
 */
export async function startTls(
  raw: Socket,
  to: { host: string; settings: TlsSettings; alpn: readonly string[] | undefined },
  seen: Observation,
  context: ProbeContext,
): Promise<TLSSocket> {
  const { settings } = to
  const name = (settings.serverName ?? to.host).replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  // Built before the clock starts: reading the roots is not the target's time.
  const secured = secureContext(settings)
  const startMs = performance.now()
  let socket: TLSSocket
  try {
    socket = await handshake(
      raw,
      {
        socket: raw,
        secureContext: secured,
        // An address is not sent as a name (RFC 6066 3).
        servername: isIP(name) === 0 ? name : '',
        rejectUnauthorized: false,
        ...(to.alpn === undefined || to.alpn.length === 0 ? {} : { ALPNProtocols: [...to.alpn] }),
        // Names are judged by ourselves, with the rest of the chain.
        checkServerIdentity: () => undefined,
      },
      context,
    )
  } finally {
    addPhase(seen, 'tlsMs', performance.now() - startMs)
  }
  const nowMs = Date.now()
  const chain = readChain(socket.getPeerX509Certificate())
  const failure = judgeChain({ chain, name, verifyError: verifyErrorOf(socket), caPem: settings.caPem, nowMs })
  seen.facts.tls = {
    version: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName,
    alpn: typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null,
    authorized: failure === undefined,
    serverName: name,
    chain: chain.map(({ facts }) => facts),
    ...earliestExpiry(chain, nowMs),
  }
  if (failure !== undefined && !settings.insecureSkipVerify) {
    socket.destroy()
    throw failure
  }
  return socket
}

function handshake(raw: Socket, options: ConnectionOptions, context: ProbeContext): Promise<TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = connect(options)
    // Node collects the whole peer chain as plain objects only to hand it to checkServerIdentity, which we do not use.
    socket.getPeerCertificate = (() => ({})) as unknown as TLSSocket['getPeerCertificate']
    const settle = (done: () => void): void => {
      listening[Symbol.dispose]()
      done()
    }
    const fail = (error: unknown): void =>
      settle(() => {
        reject(error)
        socket.destroy()
        raw.destroy()
      })
    const listening = onAbort(context.signal, () =>
      fail(
        abortError(context.signal, 'tls_timeout', (timeout) =>
          raw.bytesRead === 0
            ? `no answer to our ClientHello within ${timeout}`
            : `the handshake did not end within ${timeout}; ${raw.bytesRead} bytes had come`,
        ),
      ),
    )
    const onError = (error: Error): void => fail(isOurFault(error) ? error : handshakeFailure(error, raw.bytesRead))
    socket.once('error', onError)
    // Whoever takes the socket over listens too; this one is for errors that come when nobody does any more.
    socket.on('error', () => {})
    socket.once('secureConnect', () => {
      socket.off('error', onError)
      settle(() => resolve(socket))
    })
  })
}

/** OpenSSL's name for what is wrong with the chain; empty when it verified. */
function verifyErrorOf(socket: TLSSocket): string {
  // The types say Error; what is there when the chain did not verify is the code as text.
  const error: unknown = socket.authorizationError
  if (socket.authorized) return ''
  return typeof error === 'string' ? error : codeOf(error) || 'UNSPECIFIED'
}
