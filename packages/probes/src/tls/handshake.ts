import { isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { domainToASCII } from 'node:url'
import { type TlsSettings, tlsVersions } from '@sonde/core'
import { abortError, codeOf, isOurFault, onAbort, TargetFailure } from '../failure.ts'
import { addPhase, type Observation, type ProbeContext } from '../kind.ts'
import { readCaFile } from './ca-file.ts'
import { earliestExpiry, readChain } from './chain.ts'
import { handshakeFailure, type Offer } from './handshake-failure.ts'
import { judgeChain } from './judge.ts'
import { secureContext } from './trust.ts'

/**
 * Speaks TLS on a connected socket, notes what was agreed on and the chain that was sent, and judges both: the version first,
 * then the chain in the order of `judgeChain`. The handshake is carried through whatever the certificates say and in every
 * version from TLS 1.0 on, so that a bad chain or an old server can be reported.
 *
 * Throws `TargetFailure` with a code of the tls phase, for the chain only without `insecureSkipVerify`; `CaFileError` when the
 * check's `caFile` cannot be used.
 */
export async function startTls(
  raw: Socket,
  to: { host: string; settings: TlsSettings; alpn: readonly string[] | undefined },
  seen: Observation,
  context: ProbeContext,
): Promise<TLSSocket> {
  const { settings } = to
  const name = nameOf(to)
  const caPem = settings.caFile === undefined ? settings.caPem : await readCaFile(settings.caFile)
  // Built before the clock starts: reading the roots is not the target's time.
  const secured = secureContext({ ...settings, caPem })
  const startMs = performance.now()
  let shaken: Shaken
  try {
    shaken = await handshake(
      raw,
      {
        socket: raw,
        secureContext: secured,
        // An address is not sent as a name (RFC 6066 3).
        servername: isIP(name) === 0 ? name : '',
        rejectUnauthorized: false,
        requestOCSP: true,
        ...(to.alpn === undefined || to.alpn.length === 0 ? {} : { ALPNProtocols: [...to.alpn] }),
        // Names are judged by ourselves, with the rest of the chain.
        checkServerIdentity: () => undefined,
      },
      { maxVersion: settings.maxVersion, clientCertificate: settings.certPem !== undefined },
      context,
    )
  } finally {
    addPhase(seen, 'tlsMs', performance.now() - startMs)
  }
  const { socket, staple } = shaken
  const { now = Date.now } = context
  const nowMs = now()
  const chain = readChain(socket.getPeerX509Certificate())
  const failure = judgeChain({ chain, name, verifyError: verifyErrorOf(socket), caPem, staple, nowMs })
  const version = socket.getProtocol() ?? 'unknown'
  seen.facts.tls = {
    version,
    cipher: socket.getCipher().standardName,
    alpn: typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null,
    authorized: failure === undefined,
    serverName: name,
    chain: chain.map(({ facts }) => facts),
    ...earliestExpiry(chain, nowMs),
  }
  const told = tooOld(version, settings) ?? (settings.insecureSkipVerify ? undefined : failure)
  if (told === undefined) return socket
  socket.destroy()
  throw told
}

/** The name that is asked for and judged by: no brackets, no trailing dot, in ASCII. */
export function nameOf({ host, settings }: { host: string; settings: Pick<TlsSettings, 'serverName'> }): string {
  const name = (settings.serverName ?? host).replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  return /^[\x20-\x7e]*$/.test(name) ? name : domainToASCII(name) || name
}

function tooOld(version: string, { minVersion }: TlsSettings): TargetFailure | undefined {
  const index = (tlsVersions as readonly string[]).indexOf(version)
  if (index === -1 || index >= tlsVersions.indexOf(minVersion)) return undefined
  const wanted = minVersion === 'TLSv1.3' ? minVersion : `${minVersion} or later`
  return new TargetFailure('tls_protocol_version', `the server speaks ${version} at best, the check wants ${wanted}`, {
    seen: { versions: version, wanted },
  })
}

type Shaken = { socket: TLSSocket; staple: Buffer | null }

function handshake(raw: Socket, options: ConnectionOptions, offer: Offer, context: ProbeContext): Promise<Shaken> {
  return new Promise((resolve, reject) => {
    const socket = connect(options)
    let staple: Buffer | null = null
    socket.once('OCSPResponse', (response: Buffer | null) => (staple = response))
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
    const before = raw.bytesRead
    const come = (): number => raw.bytesRead - before
    const listening = onAbort(context.signal, () =>
      fail(
        abortError(context.signal, 'tls_timeout', (timeout) =>
          come() === 0
            ? `no answer to our ClientHello within ${timeout}`
            : `the handshake did not end within ${timeout}; ${come()} bytes had come`,
        ),
      ),
    )
    const onError = (error: Error): void => fail(isOurFault(error) ? error : handshakeFailure(error, come(), offer))
    socket.once('error', onError)
    // Whoever takes the socket over listens too; this one is for errors that come when nobody does any more.
    socket.on('error', () => {})
    socket.once('secureConnect', () => {
      socket.off('error', onError)
      settle(() => resolve({ socket, staple }))
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
