import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createSecureContext, type Server } from 'node:tls'
import type { Logger } from '@sonde/config'

/** `lookEveryMs`: how often they are looked at, 5 s unless told otherwise. */
export type CertificateFiles = { certFile: string; keyFile: string; lookEveryMs?: number }
export type Pair = { cert: Buffer; key: Buffer }

/** What HTTPS is served with, of whatever key: TLS 1.2 and 1.3. */
export const httpsOptions = { minVersion: 'TLSv1.2' } as const

/** The certificate, with its chain, and the key, in PEM. Throws one line that names the variable, or both when they do not fit. */
export function readPair({ certFile, keyFile }: CertificateFiles): Pair {
  const cert = read('SONDE_TLS_CERT_FILE', certFile)
  const key = read('SONDE_TLS_KEY_FILE', keyFile)
  try {
    createSecureContext({ cert, key })
  } catch (error) {
    throw new Error(`SONDE_TLS_CERT_FILE, SONDE_TLS_KEY_FILE: not a certificate and its key in PEM: ${reason(error)}`, {
      cause: error,
    })
  }
  return { cert, key }
}

const usualLookMs = 5000

/**
 * Serves new connections with what the files hold by then, looking every 5 s; those that are open stay. What does
 * not fit (a certificate that was written before its key) is told once and not taken. Answers what ends it.
 */
export function followFiles(server: Server, files: CertificateFiles, first: Pair, log: Logger): () => void {
  let served = first
  let told = ''
  const look = () => {
    try {
      const pair = readPair(files)
      told = ''
      if (pair.cert.equals(served.cert) && pair.key.equals(served.key)) return
      server.setSecureContext({ ...httpsOptions, ...pair })
      served = pair
      log.info({ notAfter: new X509Certificate(pair.cert).validTo }, 'serving with the new certificate')
    } catch (error) {
      const line = `${reason(error)}; serving with the certificate from before`
      if (line !== told) log.error(line)
      told = line
    }
  }
  const timer = setInterval(look, files.lookEveryMs ?? usualLookMs).unref()
  return () => clearInterval(timer)
}

function read(variable: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new Error(`${variable}: cannot read ${path}: ${reason(error)}`, { cause: error })
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
