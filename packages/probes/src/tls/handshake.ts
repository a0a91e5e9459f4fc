import { isIP, type Socket } from 'node:net'
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls'
import { domainToASCII } from 'node:url'
import { type TlsSettings, tlsVersions } from '@sonde/core'
import { type Deadline, deadlines } from '../deadlines.ts'
import { abortError, codeOf, isOurFault, onAbort, TargetFailure } from '../failure.ts'
import { addPhase, type Observation, type ProbeContext } from '../kind.ts'
import { atOnce, type Destination, type Opener, openSocket } from '../net/connect.ts'
import { withIntake } from '../net/intake.ts'
import { letGo } from '../net/let-go.ts'
import { onceForText } from '../once-for.ts'
import { readCaFile } from './ca-file.ts'
import { earliestExpiry, readChain } from './chain.ts'
import { handshakeFailure, type Offer } from './handshake-failure.ts'
import { judgeChain } from './judge.ts'
import { type KnownServer, knownServer } from './known-chains.ts'
import { stapleFacts } from './staple.ts'
import { secureContext } from './trust.ts'

type TlsOptions = { settings: TlsSettings; alpn: readonly string[] | undefined }

/**
 * Connects to a server that speaks TLS from the first byte, notes what was agreed on and the chain that was sent, and judges
 * both: the version first, then the chain in the order of `judgeChain`. The handshake is carried through whatever the
 * certificates say and in every version from TLS 1.0 on, so that a bad chain or an old server can be reported.
 *
 * Throws `TargetFailure` with a code of the dns, connect or tls phase, for the chain only without `insecureSkipVerify`;
 * `CaFileError` when the check's `caFile` cannot be used.
 */
export async function openTls(
  to: Destination,
  { settings, alpn }: TlsOptions,
  seen: Observation,
  context: ProbeContext,
): Promise<TLSSocket> {
  const offer = prepare(to.host, to.port, { settings, alpn, caPem: await caPemOf(settings) })
  const before = { ...seen.phases }
  const socket = await connectTls(to, offer, seen, context)
  if (socket !== undefined) return socket
  // The server sends another chain than it used to. What the first connection took is not told of this one.
  Object.assign(seen.phases, before)
  return (await connectTls(to, verifying(offer), seen, context)) as TLSSocket
}

/** Undefined when the chain is none that is known, and OpenSSL was not asked to verify it. */
async function connectTls(
  to: Destination,
  offer: Prepared,
  seen: Observation,
  context: ProbeContext,
): Promise<TLSSocket | undefined> {
  // One socket in place of two, one around the other, which would cost a tenth of the probe.
  const opener: Opener<TLSSocket> = {
    open: (address, port) =>
      withIntake((onread) => {
        const ownOptions = Object.assign(atOnce(address, port), { onread, noDelay: true })
        return connect(Object.assign(ownOptions, offer.options) as ConnectionOptions)
      }),
    isTimed: false,
  }
  const { socket, connectedMs } = await openSocket(to, opener, seen, context)
  if (offer.spared) ignoreVerification(socket)
  return agree({ socket, wire: wireOf(socket), startMs: connectedMs }, offer, seen, context)
}

/** The same on a socket that is connected already; it is destroyed with the one that is returned. */
export async function startTls(
  raw: Socket,
  { host, settings, alpn }: { host: string } & TlsOptions,
  seen: Observation,
  context: ProbeContext,
): Promise<TLSSocket> {
  const offer = verifying(prepare(host, undefined, { settings, alpn, caPem: await caPemOf(settings) }))
  const startMs = performance.now()
  const socket = letGo(connect({ ...offer.options, socket: raw }))
  return (await agree({ socket, wire: raw, startMs }, offer, seen, context)) as TLSSocket
}

type Prepared = {
  name: string
  settings: TlsSettings
  caPem: string | undefined
  server: KnownServer
  /** Whether OpenSSL is spared the chain, which is expected to be known. */
  spared: boolean
  options: ConnectionOptions
}

/** At once where no file is to be read. */
function caPemOf({ caFile, caPem }: TlsSettings): string | undefined | Promise<string> {
  return caFile === undefined ? caPem : readCaFile(caFile)
}

/** What a handshake is made with. Done before any clock starts: reading the roots is not the target's time. */
function prepare(
  host: string,
  port: number | undefined,
  { settings, alpn, caPem }: TlsOptions & { caPem: string | undefined },
): Prepared {
  const name = nameOf({ host, settings })
  const server = knownServer(caPem, `${name} ${host} ${port}`)
  const spared = server.isExpected()
  const options = {
    secureContext: secureContext({ ...settings, caPem, trustsNobody: spared }),
    // An address is not sent as a name (RFC 6066 3).
    servername: isIP(name) === 0 ? name : '',
    rejectUnauthorized: false,
    requestOCSP: true,
    ALPNProtocols: alpn?.length === 0 ? undefined : alpn,
    // Names are judged by ourselves, with the rest of the chain.
    checkServerIdentity: anyIdentity,
  }
  return { name, settings, caPem, server, spared, options }
}

const anyIdentity = (): undefined => undefined

/** The same with OpenSSL's own word on the chain. */
function verifying(offer: Prepared): Prepared {
  if (!offer.spared) return offer
  const { settings, caPem, options } = offer
  return { ...offer, spared: false, options: { ...options, secureContext: secureContext({ ...settings, caPem }) } }
}

/**
 * Waits for the handshake's end, notes what it brought and judges it. Undefined when OpenSSL was spared the chain, and it is not
 * the one that was expected.
 */
async function agree(
  begun: Begun,
  { name, settings, caPem, server, spared }: Prepared,
  seen: Observation,
  context: ProbeContext,
): Promise<TLSSocket | undefined> {
  const { socket } = begun
  let shaken: Shaken | undefined
  try {
    shaken = await handshake(
      begun,
      { maxVersion: settings.maxVersion, clientCertificate: settings.certPem !== undefined },
      context,
    )
  } finally {
    addPhase(seen, 'tlsMs', (shaken?.doneMs ?? performance.now()) - begun.startMs)
  }
  const { now = Date.now } = context
  const nowMs = now()
  const { staple } = shaken
  const chain = readChain(socket.getPeerX509Certificate())
  if (spared && !server.isKnown(chain, nowMs)) {
    socket.destroy()
    return undefined
  }
  const verifyError = spared ? '' : verifyErrorOf(socket)
  if (!spared && verifyError === '') server.remember(chain, nowMs)
  const failure = judgeChain({ chain, name, verifyError, caPem, staple, nowMs })
  const version = socket.getProtocol() ?? 'unknown'
  const expiry = earliestExpiry(chain, nowMs)
  seen.facts.tls = {
    version,
    cipher: socket.getCipher().standardName,
    alpn: typeof socket.alpnProtocol === 'string' ? socket.alpnProtocol : null,
    authorized: failure === undefined,
    serverName: name,
    chain: chain.map(({ facts }) => facts),
    earliestExpiry: expiry.earliestExpiry,
    daysLeft: expiry.daysLeft,
    ocsp: stapleFacts(chain, { staple, caPem, nowMs }),
  }
  const told = tooOld(version, settings) ?? (settings.insecureSkipVerify ? undefined : failure)
  if (told === undefined) return socket
  socket.destroy()
  throw told
}

/** The name that is asked for and judged by: no brackets, no trailing dot, in ASCII. */
export function nameOf({ host, settings }: { host: string; settings: Pick<TlsSettings, 'serverName'> }): string {
  return asciiName(settings.serverName ?? host)
}

const asciiName = onceForText((written: string): string => {
  const name = written.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '')
  return /^[\x20-\x7e]*$/.test(name) ? name : domainToASCII(name) || name
})

function tooOld(version: string, { minVersion }: TlsSettings): TargetFailure | undefined {
  const index = (tlsVersions as readonly string[]).indexOf(version)
  if (index === -1 || index >= tlsVersions.indexOf(minVersion)) return undefined
  const wanted = minVersion === 'TLSv1.3' ? minVersion : `${minVersion} or later`
  return new TargetFailure('tls_protocol_version', `the server speaks ${version} at best, the check wants ${wanted}`, {
    seen: { versions: version, wanted },
  })
}

/** A handshake under way: `wire` counts the bytes that came, `startMs` is when it began. */
type Begun = { socket: TLSSocket; wire: { readonly bytesRead: number }; startMs: number }
type Shaken = { staple: Buffer | null; doneMs: number }

type Handle = { _parent?: { readonly bytesRead: number }; verifyError?: () => null }

/** Node's own side of a TLS socket, for which it has no public name. */
function handleOf(socket: TLSSocket): Handle | undefined {
  const { _handle: handle } = socket as unknown as { _handle?: Handle | null }
  return handle ?? undefined
}

/**
 * What counts the bytes under a TLS socket, which itself tells only those that it decrypted. It serves the wording of failures,
 * and telling an alert from a handshake.
 */
function wireOf(socket: TLSSocket): { readonly bytesRead: number } {
  const { _parent: wire } = handleOf(socket) ?? {}
  return wire ?? socket
}

/** Keeps Node from making an error with a stack trace of a chain that OpenSSL was spared; nobody would read it. */
function ignoreVerification(socket: TLSSocket): void {
  const handle = handleOf(socket)
  if (handle !== undefined) handle.verifyError = noError
}

const noError = (): null => null

// Certificates are 100 KiB at most; no handshake is a quarter of this. OpenSSL itself puts no end to some messages (requests for
// another hello), and reading them without end would keep this process from all its other probes.
const maxHandshakeBytes = 512 * 1024
const lookMs = 50

function handshake({ socket, wire }: Begun, offer: Offer, context: ProbeContext): Promise<Shaken> {
  return new Promise((resolve, reject) => {
    let staple: Buffer | null = null
    socket.once('OCSPResponse', (response: Buffer | null) => (staple = response))
    // Node collects the whole peer chain as plain objects only to hand it to checkServerIdentity, which we do not use.
    socket.getPeerCertificate = noPeerCertificate
    const settle = (done: () => void): void => {
      deadlines.remove(look)
      listening[Symbol.dispose]()
      done()
    }
    const fail = (error: unknown): void =>
      settle(() => {
        reject(error)
        socket.destroy()
      })
    const before = wire.bytesRead
    const come = (): number => wire.bytesRead - before
    const lookLater = (): Deadline =>
      deadlines.add(performance.now() + lookMs, () => {
        look = lookLater()
        if (come() <= maxHandshakeBytes) return
        const said = `${come()} bytes and no end of the handshake`
        fail(new TargetFailure('tls_handshake_failed', `the server sent ${said}`, { seen: { said } }))
      })
    let look = lookLater()
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
      const doneMs = performance.now()
      socket.off('error', onError)
      settle(() => resolve({ staple, doneMs }))
    })
  })
}

const noPeerCertificate = (() => ({})) as unknown as TLSSocket['getPeerCertificate']

/** OpenSSL's name for what is wrong with the chain; empty when it verified. */
function verifyErrorOf(socket: TLSSocket): string {
  // The types say Error; what is there when the chain did not verify is the code as text.
  const error: unknown = socket.authorizationError
  if (socket.authorized) return ''
  return typeof error === 'string' ? error : codeOf(error) || 'UNSPECIFIED'
}
