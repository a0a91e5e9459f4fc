import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll } from 'vitest'
import { warmUp } from './trust.ts'

/** Has this process trust an authority, as its machine would, until the file's tests are over. */
export function trustAuthority(pem: string): void {
  const before = getCACertificates('default')
  trust([...before, pem])
  afterAll(() => trust(before))
}

function trust(pems: string[]): void {
  setDefaultCACertificates(pems)
  warmUp()
}
