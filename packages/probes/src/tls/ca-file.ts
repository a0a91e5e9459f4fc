import { readFile, stat } from 'node:fs/promises'
import { certificatesProblem } from '@sonde/core'

/** A check names a file of authorities that cannot be used here: whoever wrote the check or runs the worker is at fault. */
export class CaFileError extends Error {
  /** What is wrong, with the path. */
  readonly problem: string

  constructor(path: string, problem: string, options?: ErrorOptions) {
    super(`caFile: ${path} ${problem}`, options)
    this.name = 'CaFileError'
    this.problem = `${path} ${problem}`
  }
}

type Known = { mtimeMs: number; size: number; text: string }

// Read again when they change, so that a new authority needs no new worker.
const files = new Map<string, Known>()
const maxFiles = 64
const maxSize = 1024 * 1024

/** The certificates of a file, in PEM. Throws `CaFileError` when it is missing, unreadable, too large or holds none. */
export async function readCaFile(path: string): Promise<string> {
  try {
    const { mtimeMs, size } = await stat(path)
    const known = files.get(path)
    if (known?.mtimeMs === mtimeMs && known.size === size) return known.text
    if (size > maxSize) throw new CaFileError(path, `is larger than ${maxSize} bytes`)
    const text = await readFile(path, 'utf8')
    const problem = certificatesProblem(text)
    if (problem !== undefined) throw new CaFileError(path, `is of no use: ${problem}`)
    if (files.size >= maxFiles) files.delete(files.keys().next().value ?? '')
    files.set(path, { mtimeMs, size, text })
    return text
  } catch (error) {
    if (error instanceof CaFileError) throw error
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new CaFileError(path, `cannot be read (${reason})`, { cause: error })
  }
}
