import { X509Certificate } from 'node:crypto'
import { createSecureContext, DEFAULT_CIPHERS, getCACertificates, type SecureContext } from 'node:tls'
import type { TlsSettings } from '@sonde/core'

type ContextSettings = Pick<TlsSettings, 'caPem' | 'minVersion' | 'maxVersion'>

// A context holds a few hundred parsed roots, which take tens of milliseconds; checks with the same settings share one.
const contexts = new Map<string, SecureContext>()
const maxContexts = 256

/**
 * What a handshake is made with: the check's own authorities in place of the public ones when it has any, and its versions.
 * OpenSSL's security level is lowered to 0, as a weak certificate or an old version is to be seen and reported, not refused.
 */
export function secureContext({ caPem, minVersion, maxVersion }: ContextSettings): SecureContext {
  const key = JSON.stringify([minVersion, maxVersion, caPem])
  const known = contexts.get(key)
  if (known !== undefined) return known
  const context = createSecureContext({
    ca: caPem ?? publicRoots(),
    minVersion,
    ...(maxVersion === undefined ? {} : { maxVersion }),
    ciphers: `${DEFAULT_CIPHERS}:@SECLEVEL=0`,
    // An intermediate given as caPem is an anchor in its own right, as it is for Go and browsers.
    allowPartialTrustChain: caPem !== undefined,
  })
  if (contexts.size >= maxContexts) contexts.delete(contexts.keys().next().value ?? '')
  contexts.set(key, context)
  return context
}

/** Reads the trusted roots now: it takes tenths of a second, in which a process that probes would measure nothing well. */
export function warmUp(): void {
  secureContext({ minVersion: 'TLSv1.2' })
}

let roots: string[] | undefined

/** The authorities trusted by default, as PEM: those that Node brings, of NODE_EXTRA_CA_CERTS, and of the system. Read once. */
export function publicRoots(): string[] {
  roots ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])]
  return roots
}

const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/** The trusted certificate that could have issued this one; only looked for when a chain did not verify. */
export function trustedIssuer(of: X509Certificate, caPem: string | undefined): X509Certificate | undefined {
  const pems = caPem === undefined ? publicRoots() : (caPem.match(pemBlock) ?? [])
  return pems.map((pem) => new X509Certificate(pem)).find((root) => of.checkIssued(root))
}
