import { execFile, spawn, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { KeyPair } from './certificates.ts'

const run = promisify(execFile)

/** Whether Debian's openssl is here, for the tests that run it. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0

export type Folder = AsyncDisposable & {
  path: string
  /** Writes a file into it and says its path. */
  write(name: string, content: string | Uint8Array): Promise<string>
}

/** A folder of its own, gone when it is disposed of. */
export async function temporaryFolder(): Promise<Folder> {
  const path = await mkdtemp(join(tmpdir(), 'sonde-tls-'))
  return {
    path,
    async write(name, content) {
      await writeFile(join(path, name), content)
      return join(path, name)
    },
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  }
}

export type OcspOptions = {
  issuer: KeyPair
  /** The certificate that is answered for, in PEM. */
  cert: string
  status: 'good' | 'revoked' | 'unknown'
  /** Who signs; default the issuer itself. */
  signer?: KeyPair
  /** The hash by which the certificate is named. */
  hash?: 'sha1' | 'sha256'
}

/** An OCSP answer in DER, made by Debian's `openssl ocsp`, of today and good for a week. */
export async function ocspAnswer({
  issuer,
  cert,
  status,
  signer = issuer,
  hash = 'sha1',
}: OcspOptions): Promise<Buffer> {
  await using folder = await temporaryFolder()
  const { serialNumber } = new X509Certificate(cert)
  const serial = serialNumber.length % 2 === 0 ? serialNumber : `0${serialNumber}`
  const line = status === 'revoked' ? `R\t491231235959Z\t250101000000Z,keyCompromise` : 'V\t491231235959Z\t'
  const issuerFile = await folder.write('issuer.pem', issuer.cert)
  const out = join(folder.path, 'answer.der')
  const index = await folder.write('index.txt', status === 'unknown' ? '' : `${line}\t${serial}\tunknown\t/CN=x\n`)
  const signerFile = await folder.write('signer.pem', signer.cert)
  const keyFile = await folder.write('key.pem', signer.key)
  const certFile = await folder.write('cert.pem', cert)
  const responder = ['-index', index, '-CA', issuerFile, '-rsigner', signerFile, '-rkey', keyFile, '-ndays', '7']
  // The hash holds for what is named after it.
  const question = [`-${hash}`, '-issuer', issuerFile, '-cert', certFile]
  await run('openssl', ['ocsp', ...responder, ...question, '-noverify', '-respout', out])
  return await readFile(out)
}

export type OpensslServer = AsyncDisposable & { port: number }

/** Debian's `openssl s_server` on a free port, with these arguments beside the certificate, its chain and its key. */
export async function startOpensslServer(
  { cert, key, chain = [] }: KeyPair & { chain?: string[] },
  args: readonly string[] = [],
): Promise<OpensslServer> {
  const folder = await temporaryFolder()
  const files = ['-cert', await folder.write('cert.pem', cert), '-key', await folder.write('key.pem', key)]
  if (chain.length > 0) files.push('-cert_chain', await folder.write('chain.pem', chain.join('\n')))
  const child = spawn('openssl', ['s_server', '-accept', '127.0.0.1:0', '-naccept', '1000', ...files, ...args], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const ended = once(child, 'exit')
  const dispose = async (): Promise<void> => {
    child.kill('SIGKILL')
    await ended
    await folder[Symbol.asyncDispose]()
  }
  let text = ''
  for await (const chunk of child.stdout) {
    text += String(chunk)
    const [, port] = /ACCEPT \S+:(\d+)/.exec(text) ?? []
    if (port === undefined) continue
    child.stdout.resume()
    return { port: Number(port), [Symbol.asyncDispose]: dispose }
  }
  await dispose()
  throw new Error(`openssl s_server ended: ${text}`)
}
