import { createHash } from 'node:crypto'

/** An entry of the audit log as it is exported: with all that its hash is over. Hashes and the salt are in hex. */
export type AuditEntry = {
  /** 1, 2, 3 …, without a gap. */
  id: number
  /** RFC 3339 in UTC, with milliseconds. */
  at: string
  action: string
  resource: string
  key: string
  token: string
  detailHash: string
  hash: string
  /** What was erased is null; its hash stays. */
  salt: string | null
  /** JSON, as the text that was hashed. */
  detail: string | null
}

export type ChainLink = { id: number; hash: string }

/**
 * Follows the chain of an audit log, oldest entry first: each `hash` is SHA-256 over the hash before it and the entry's fields, each
 * as `length:text,` (a netstring of UTF-8); each `detailHash` is SHA-256 over the salt and the detail.
 */
export class ChainWalk {
  #last: ChainLink = { id: 0, hash: '' }
  #erased = 0

  /** The last entry that was followed. */
  get last(): ChainLink {
    return this.#last
  }

  /** How many entries had their details erased. */
  get erased(): number {
    return this.#erased
  }

  /** Answers what is wrong with the next entry, or undefined when it follows from the last. */
  follow(entry: AuditEntry): string | undefined {
    const { id, hash, salt, detail } = entry
    const expected = this.#last.id + 1
    if (id !== expected) return `entry ${expected} is missing: entry ${id} comes after ${this.#last.id}`
    if (hash !== entryHash(this.#last.hash, entry)) return `entry ${id} is not as it was written: its hash is another`
    if (salt === null || detail === null) this.#erased += 1
    else if (detailHash(salt, detail) !== entry.detailHash) {
      return `entry ${id} is not as it was written: its details are others`
    }
    this.#last = { id, hash }
    return undefined
  }
}

function entryHash(before: string, { id, at, action, resource, key, token, detailHash }: AuditEntry): string {
  const content = [String(id), at, action, resource, key, token, detailHash].map(netstring).join('')
  return createHash('sha256').update(Buffer.from(before, 'hex')).update(content).digest('hex')
}

function detailHash(salt: string, detail: string): string {
  return createHash('sha256').update(Buffer.from(salt, 'hex')).update(detail).digest('hex')
}

function netstring(text: string): string {
  return `${Buffer.byteLength(text)}:${text},`
}
