import { randomFillSync } from 'node:crypto'

const pool = Buffer.alloc(1024)
let used = pool.length

/** One octet that nobody can guess, of many drawn at once. */
export function randomOctet(): number {
  if (used === pool.length) {
    randomFillSync(pool)
    used = 0
  }
  return pool[used++] as number
}
