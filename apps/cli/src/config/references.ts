import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Reference } from '@sonde/core'

// A certificate chain has some 10 KB; whoever names more has named another file than was meant.
const longestBytes = 1024 * 1024

/** What `${NAME}` and `${file:path}` stand for: the path is seen from the file that has it, and one newline at the end is cut. */
export function referenceReader(
  env: NodeJS.ProcessEnv,
  file: string,
): (reference: Reference) => string | { problem: string } {
  const folder = file === '-' ? '.' : dirname(file)
  return ({ kind, name }) => {
    if (kind === 'file') return readReferred(resolve(folder, name), name)
    return env[name] ?? { problem: `the environment has no ${name}` }
  }
}

function readReferred(path: string, name: string): string | { problem: string } {
  if (name === '') return { problem: 'expected ${file:path}, found no path' }
  try {
    // Opened first, so that what is looked at is what is read; without O_NONBLOCK a pipe would be waited for.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const found = fstatSync(descriptor)
      if (!found.isFile()) return { problem: `${name} is no file` }
      const { size } = found
      if (size > longestBytes)
        return { problem: `expected a file of at most ${longestBytes} bytes, ${name} has ${size}` }
      return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(descriptor)).replace(/\r?\n$/, '')
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT') return { problem: `there is no file ${name}` }
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') return { problem: `${name} is no text in UTF-8` }
    return { problem: `${name} cannot be read: ${error instanceof Error ? error.message : String(error)}` }
  }
}
