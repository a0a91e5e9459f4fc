import { appendFileSync, renameSync, statSync } from 'node:fs'
import { errnoOf } from './error.ts'

const maxBytes = 5 * 1024 * 1024

/** Appends to a file; when it is full it becomes `<path>.1`, so that two files of 5 MiB are the most there is. */
export function openLogFile(path: string): (chunk: Buffer) => void {
  let size = sizeOf(path)
  return (chunk) => {
    try {
      if (size > 0 && size + chunk.length > maxBytes) {
        renameSync(path, `${path}.1`)
        size = 0
      }
      appendFileSync(path, chunk, { mode: 0o600 })
      size += chunk.length
    } catch {
      // A full disk must not take the database's supervisor down: PostgreSQL itself will say so.
    }
  }
}

function sizeOf(path: string): number {
  try {
    return statSync(path).size
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return 0
    throw error
  }
}
