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
  type Extension,
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
export type LeafOptions = CertificateOptions & {
  /** DNS names and IP addresses; default localhost and both loopback addresses. */
  names?: string[]
  /** Where its issuer's certificate can be had, as public authorities say (AIA). */
  issuerUrl?: string
  /** Default serverAuth. */
  usage?: 'serverAuth' | 'clientAuth'
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
  static async create(options: CertificateOptions = {}): Promise<Authority> {
    const keys = await makeKeys(options)
    const subject = options.subject ?? 'CN=Test Root'
    const certificate = await sign({ ...options, subject }, keys, { subject, keys }, await authorityExtensions(keys))
    return new Authority(certificate, keys, await keyPem(keys))
  }

  /** An intermediate below this authority. */
  async intermediate(options: CertificateOptions = {}): Promise<Authority> {
    const keys = await makeKeys(options)
    const extensions = [...(await authorityExtensions(keys)), await this.#keyIdentifier()]
    const certificate = await sign({ subject: 'CN=Test Intermediate', ...options }, keys, this.#issuer(), extensions)
    return new Authority(certificate, keys, await keyPem(keys))
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

async function authorityExtensions({ publicKey }: Keys): Promise<Extension[]> {
  return [
    new BasicConstraintsExtension(true, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    await SubjectKeyIdentifierExtension.create(publicKey),
  ]
}

const loopbackNames = ['localhost', '127.0.0.1', '::1']

function leafExtensions({ names = loopbackNames, issuerUrl, usage = 'serverAuth' }: LeafOptions): Extension[] {
  const alternatives = names.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value }))
  return [
    new BasicConstraintsExtension(false),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage[usage]]),
    ...(names.length === 0 ? [] : [new SubjectAlternativeNameExtension(alternatives)]),
    ...(issuerUrl === undefined ? [] : [new AuthorityInfoAccessExtension({ caIssuers: issuerUrl })]),
  ]
}

function subjectOf({ names = loopbackNames }: LeafOptions): string {
  return `CN=${names[0] ?? 'Test Leaf'}`
}
