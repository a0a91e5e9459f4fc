import { constants, X509Certificate } from 'node:crypto'
import { createSecureContext, DEFAULT_CIPHERS, getCACertificates, type SecureContext } from 'node:tls'
import { certificateBlocks, type TlsSettings } from '@sonde/core'

/** What a context is made from: `caPem` is that of the check or of its `caFile`. */
export type ContextSettings = Pick<TlsSettings, 'caPem' | 'certPem' | 'keyPem' | 'maxVersion'> & {
  /** Trusts nobody, so that OpenSSL has no chain to verify: for servers whose chain is expected to be known. */
  trustsNobody?: boolean
}

// A context holds a few hundred parsed roots, which take tens of milliseconds; checks with the same settings share one.
const contexts = new Map<string, SecureContext>()
const maxContexts = 128

// X25519 first, and so the one that a share is sent for. The hybrid with ML-KEM that OpenSSL begins with is left out: it costs
// several times as much on both sides, a server that prefers it would ask for a second hello, and a probe has no secret that
// must outlast quantum computers.
const groups = 'X25519:P-256:P-384:P-521:X448'

/**
 * What a handshake is made with: the check's own authorities in place of the public ones when it has any, and its own
 * certificate. Whatever the check's `minVersion`, TLS 1.0 is offered, and OpenSSL's security level lowered to 0: a weak
 * certificate or an old version is to be seen and reported, not refused.
 */
export function secureContext(settings: ContextSettings): SecureContext {
  const { certPem, keyPem, maxVersion, trustsNobody = false } = settings
  const caPem = trustsNobody ? '' : settings.caPem
  // With the lengths no two settings make the same key; quoting a hundred kilobytes for every probe would be dear.
  const key = `${maxVersion} ${certPem?.length} ${keyPem?.length} ${certPem}${keyPem}${caPem}`
  const known = contexts.get(key)
  if (known !== undefined) {
    // The one that was used last is the last to go: the public roots are dear.
    contexts.delete(key)
    contexts.set(key, known)
    return known
  }
  const context = createSecureContext({
    ca: trustsNobody ? [] : (caPem ?? publicRoots()),
    ...(certPem === undefined ? {} : { cert: certPem }),
    ...(keyPem === undefined ? {} : { key: keyPem }),
    minVersion: 'TLSv1',
    ...(maxVersion === undefined ? {} : { maxVersion }),
    ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0`,
    ecdhCurve: groups,
    // Old servers know no secure renegotiation (RFC 5746); browsers speak with them, and we never renegotiate.
    secureOptions: constants.SSL_OP_LEGACY_SERVER_CONNECT,
    // An intermediate given as caPem is an anchor in its own right, as it is for Go and browsers.
    allowPartialTrustChain: caPem !== undefined,
  })
  if (contexts.size >= maxContexts) contexts.delete(contexts.keys().next().value ?? '')
  contexts.set(key, context)
  return context
}

/**
 * Reads the trusted roots now, afresh: it takes tenths of a second, in which a process that probes would measure nothing well.
 * Whoever changes what Node trusts (`setDefaultCACertificates`) is to call it, too.
 */
export function warmUp(): void {
  roots = undefined
  publicAnchors = undefined
  contexts.clear()
  secureContext({})
}

let roots: string[] | undefined

/** The authorities trusted by default, as PEM: those that Node brings, of NODE_EXTRA_CA_CERTS, and of the system. Read once. */
export function publicRoots(): string[] {
  roots ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
  return roots
}

/** The trusted certificates by subject, as Node writes it. */
type Anchors = ReadonlyMap<string, readonly X509Certificate[]>

let publicAnchors: Anchors | undefined
// Of the last checks with their own authorities; a worker has few of these, and only a chain that fails asks.
const ownAnchors = new Map<string, Anchors>()
const maxOwnAnchors = 16

/** The trusted certificates whose subject is the issuer that this one names; only looked for when a chain did not verify. */
export function trustedNamesakes(of: X509Certificate, caPem: string | undefined): readonly X509Certificate[] {
  return anchors(caPem).get(of.issuer) ?? []
}

function anchors(caPem: string | undefined): Anchors {
  if (caPem === undefined) return (publicAnchors ??= bySubject(publicRoots()))
  const known = ownAnchors.get(caPem)
  if (known !== undefined) return known
  const read = bySubject(certificateBlocks(caPem))
  if (ownAnchors.size >= maxOwnAnchors) ownAnchors.delete(ownAnchors.keys().next().value ?? '')
  ownAnchors.set(caPem, read)
  return read
}

function bySubject(pems: readonly string[]): Anchors {
  return Map.groupBy(
    pems.map((pem) => new X509Certificate(pem)),
    ({ subject }) => subject,
  )
}
