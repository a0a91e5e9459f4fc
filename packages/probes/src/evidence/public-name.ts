import { isIP } from 'node:net'

// Names that are nobody's outside (RFC 6761, RFC 6762, RFC 8375, RFC 9476, ICANN's .internal), and those that are in use like them.
const ownTlds = [
  'localhost',
  'local',
  'internal',
  'test',
  'example',
  'invalid',
  'onion',
  'alt',
  'lan',
  'home',
  'corp',
  'intranet',
  'private',
  'arpa',
]

/** Whether a name is one that the public DNS may know: what is asked for elsewhere tells others that it is there. */
export function isPublicName(name: string): boolean {
  const plain = name
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '')
    .toLowerCase()
  if (isIP(plain) !== 0 || !plain.includes('.')) return false
  return !ownTlds.includes(plain.slice(plain.lastIndexOf('.') + 1))
}
