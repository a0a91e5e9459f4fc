// @peculiar/x509 finds its parts through decorators, and wants this loaded before it.
// oxlint-disable-next-line import/no-unassigned-import -- it has nothing to assign.
import 'reflect-metadata'
import { webcrypto } from 'node:crypto'
import { isIP } from 'node:net'
import {
  AuthorityInfoAccessExtension,
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509'

const day = 86_400_000

export type CertificateOptions = {
  /** The subject, as `CN=x, O=y`; default made of the names, or of what it is. */
  subject?: string
  notBefore?: Date
  notAfter?: Date
  /** Default ECDSA on P-256; a number makes an RSA key of so many bits. */
  rsaBits?: number
  /** Of the signature, default SHA-256. An RSA authority signs with the one that it was itself made with. */
  hash?: 'SHA-1' | 'SHA-256'
}
export type AuthorityOptions = CertificateOptions & {
  /** How many authorities may follow below it; default any number. */
  pathLength?: number
  /** False makes a certificate that issues although it says that it may not. */
  isAuthority?: boolean
  /** False leaves keyCertSign out of the key usage. */
  maySign?: boolean
  /** What it may issue for; default anything. */
  usage?: Usage
  /** Name constraints: DNS domains that it may or may not issue for, and addresses with their masks in hex. */
  permitted?: string[]
  excluded?: string[]
}
type Usage = 'serverAuth' | 'clientAuth' | 'ocspSigning'
export type LeafOptions = CertificateOptions & {
  /** DNS names and IP addresses; default localhost and both loopback addresses. */
  names?: string[]
  /** Where its issuer's certificate can be had, as public authorities say (AIA). */
  issuerUrl?: string
  /** Default serverAuth. */
  usage?: Usage
  /** The TLS feature that makes clients demand a stapled OCSP answer (RFC 7633). */
  mustStaple?: boolean
  /** Further extensions, each an OID and its value in DER as hex. */
  extensions?: { oid: string; value: string; critical?: boolean }[]
}

/** A certificate with its key, in PEM. */
export type KeyPair = { cert: string; key: string }

type Keys = webcrypto.CryptoKeyPair
type Algorithm = webcrypto.RsaHashedKeyGenParams | webcrypto.EcKeyGenParams

/** An authority made in this process: its certificate, and what it issues. */
export class Authority implements KeyPair {
  readonly #certificate: X509Certificate
  readonly #keys: Keys
  readonly cert: string
  readonly key: string

  private constructor(certificate: X509Certificate, keys: Keys, key: string) {
    this.#certificate = certificate
    this.#keys = keys
    this.cert = certificate.toString('pem')
    this.key = key
  }

  /** A root: an authority that signs itself. */
  static async create(options: AuthorityOptions = {}): Promise<Authority> {
    const keys = await makeKeys(options)
    const subject = options.subject ?? 'CN=Test Root'
    const certificate = await sign(
      { ...options, subject },
      keys,
      { subject, keys },
      await authorityExtensions(keys, options),
    )
    return new Authority(certificate, keys, await keyPem(keys))
  }

  /** An intermediate below this authority. */
  async intermediate(options: AuthorityOptions = {}): Promise<Authority> {
    const keys = await makeKeys(options)
    const extensions = [...(await authorityExtensions(keys, options)), await this.#keyIdentifier()]
    const certificate = await sign({ subject: 'CN=Test Intermediate', ...options }, keys, this.#issuer(), extensions)
    return new Authority(certificate, keys, await keyPem(keys))
  }

  /** Another certificate of `other`, issued by this authority: the same subject and key, a cross-sign. */
  async crossSign(other: Authority, options: AuthorityOptions = {}): Promise<Authority> {
    const extensions = [...(await authorityExtensions(other.#keys, options)), await this.#keyIdentifier()]
    const subject = other.#certificate.subject
    const certificate = await sign({ ...options, subject }, other.#keys, this.#issuer(), extensions)
    return new Authority(certificate, other.#keys, other.key)
  }

  /** A certificate for a server, or for a client. */
  async issue(options: LeafOptions = {}): Promise<KeyPair> {
    const keys = await makeKeys(options)
    const extensions = [...leafExtensions(options), await this.#keyIdentifier()]
    const certificate = await sign({ subject: subjectOf(options), ...options }, keys, this.#issuer(), extensions)
    return { cert: certificate.toString('pem'), key: await keyPem(keys) }
  }

  #issuer(): Issuer {
    return { subject: this.#certificate.subject, keys: this.#keys }
  }

  async #keyIdentifier(): Promise<Extension> {
    return AuthorityKeyIdentifierExtension.create(this.#keys.publicKey)
  }
}

/** A leaf that signs itself, with no authority behind it. */
export async function selfSigned(options: LeafOptions = {}): Promise<KeyPair> {
  const keys = await makeKeys(options)
  const subject = options.subject ?? subjectOf(options)
  const certificate = await sign({ ...options, subject }, keys, { subject, keys }, leafExtensions(options))
  return { cert: certificate.toString('pem'), key: await keyPem(keys) }
}

type Issuer = { subject: string; keys: Keys }

async function sign(
  options: CertificateOptions & { subject?: string },
  { publicKey }: Keys,
  issuer: Issuer,
  extensions: Extension[],
): Promise<X509Certificate> {
  return X509CertificateGenerator.create({
    subject: options.subject ?? 'CN=Test',
    issuer: issuer.subject,
    notBefore: options.notBefore ?? new Date(Date.now() - day),
    notAfter: options.notAfter ?? new Date(Date.now() + 90 * day),
    publicKey,
    signingKey: issuer.keys.privateKey,
    signingAlgorithm: signingAlgorithm(issuer.keys, options.hash ?? 'SHA-256'),
    extensions,
  })
}

async function makeKeys({ rsaBits, hash = 'SHA-256' }: CertificateOptions): Promise<Keys> {
  const algorithm: Algorithm =
    rsaBits === undefined
      ? { name: 'ECDSA', namedCurve: 'P-256' }
      : {
          name: 'RSASSA-PKCS1-v1_5',
          modulusLength: rsaBits,
          publicExponent: new Uint8Array([1, 0, 1]),
          hash,
        }
  return await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
}

function signingAlgorithm({ privateKey }: Keys, hash: string): webcrypto.EcdsaParams {
  return { name: privateKey.algorithm.name, hash }
}

async function keyPem({ privateKey }: Keys): Promise<string> {
  return PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY')
}

async function authorityExtensions({ publicKey }: Keys, options: AuthorityOptions): Promise<Extension[]> {
  const { pathLength, isAuthority = true, maySign = true, usage, permitted = [], excluded = [] } = options
  const signing = maySign ? KeyUsageFlags.keyCertSign : KeyUsageFlags.digitalSignature
  return [
    new BasicConstraintsExtension(isAuthority, pathLength, true),
    new KeyUsagesExtension(signing | KeyUsageFlags.cRLSign, true),
    await SubjectKeyIdentifierExtension.create(publicKey),
    ...(usage === undefined ? [] : [new ExtendedKeyUsageExtension([ExtendedKeyUsage[usage]])]),
    ...(permitted.length + excluded.length === 0 ? [] : [nameConstraints(permitted, excluded)]),
  ]
}

function nameConstraints(permitted: readonly string[], excluded: readonly string[]): Extension {
  const subtrees = (tag: number, names: readonly string[]): Buffer =>
    names.length === 0 ? Buffer.alloc(0) : der(tag, ...names.map((name) => der(0x30, generalName(name))))
  return new Extension('2.5.29.30', true, der(0x30, subtrees(0xa0, permitted), subtrees(0xa1, excluded)))
}

/** A domain, or an address and its mask: 16 or 64 digits of hex. */
function generalName(name: string): Buffer {
  const isRange = /^(?:[0-9a-f]{16}|[0-9a-f]{64})$/.test(name)
  return isRange ? der(0x87, Buffer.from(name, 'hex')) : der(0x82, Buffer.from(name))
}

function der(tag: number, ...parts: Buffer[]): Buffer {
  const content = Buffer.concat(parts)
  const length = content.length < 0x80 ? [content.length] : [0x82, content.length >> 8, content.length & 0xff]
  return Buffer.concat([Buffer.from([tag, ...length]), content])
}

const loopbackNames = ['localhost', '127.0.0.1', '::1']

function leafExtensions(options: LeafOptions): Extension[] {
  const { names = loopbackNames, issuerUrl, usage = 'serverAuth', mustStaple = false, extensions = [] } = options
  const alternatives = names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value }))
  return [
    new BasicConstraintsExtension(false),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage[usage]]),
    ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(alternatives)]),
    ...(issuerUrl === undefined ? [] : [new AuthorityInfoAccessExtension({ caIssuers: issuerUrl })]),
    ...(mustStaple ? [new Extension('1.3.6.1.5.5.7.1.24', false, Buffer.from('3003020105', 'hex'))] : []),
    ...extensions.map(({ oid, value, critical = false }) => new Extension(oid, critical, Buffer.from(value, 'hex'))),
  ]
}

function subjectOf({ names = loopbackNames }: LeafOptions): string {
  return `CN=${names[0] ?? 'Test Leaf'}`
}
