import { isUtf8 } from 'node:buffer'
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { UsageError } from '../io.ts'
import { parseSources, type Source } from './documents.ts'
import type { Mistake } from './mistake.ts'

const extensions = /\.(ya?ml|json)$/i
// The schema that editors are told of lies beside what it is for.
const schemas = /\.schema\.json$/i

// 10,000 checks with assertions and a body each have some 10 MB.
const longestBytes = 32 * 1024 * 1024

/**
 * Every document of the files that are named, in the order of the names: a folder stands for all *.yaml, *.yml and *.json files in
 * it and below it, by name, without hidden ones and *.schema.json; `-` is stdin. What is no YAML is told by line and column.
 */
export function readSources(names: readonly string[]): { sources: Source[]; mistakes: Mistake[] } {
  const files = names.flatMap(filesOf)
  const twice = files.find((file, index) => files.indexOf(file) !== index)
  if (twice !== undefined) throw new UsageError(`-f: ${twice} is named twice`)
  const read = files.map(readFile)
  return { sources: read.flatMap(({ sources }) => sources), mistakes: read.flatMap(({ mistakes }) => mistakes) }
}

function filesOf(name: string): string[] {
  if (name === '-') return [name]
  if (!stat(name).isDirectory()) return [name]
  const found = filesIn(name)
  if (found.length === 0) throw new UsageError(`${name}: there is no *.yaml, *.yml or *.json file in this folder`)
  return found
}

/** Links are followed to files and not to folders: a circle of them would never end. */
function filesIn(folder: string): string[] {
  const names = readdirSync(folder).filter((name) => !name.startsWith('.'))
  return names.toSorted().flatMap((name) => {
    const path = join(folder, name)
    if (lstatSync(path).isDirectory()) return filesIn(path)
    return extensions.test(name) && !schemas.test(name) && stat(path).isFile() ? [path] : []
  })
}

function readFile(file: string): { sources: Source[]; mistakes: Mistake[] } {
  const bytes = readBytes(file)
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '')
  if (isUtf8(bytes)) return parseSources(file, text)
  // The first thing that is no UTF-8 was read as this sign.
  const before = text.slice(0, text.indexOf('\uFFFD')).split('\n')
  const place = { file, line: before.length, column: (before.at(-1) ?? '').length + 1, path: '' }
  return { sources: [], mistakes: [{ ...place, message: 'expected text in UTF-8, found a byte that is none' }] }
}

function readBytes(file: string): Buffer {
  if (file !== '-' && stat(file).size > longestBytes)
    throw new UsageError(`${file}: expected at most ${longestBytes} bytes, found ${stat(file).size}`)
  try {
    return readFileSync(file === '-' ? 0 : file)
  } catch (error) {
    throw unreadable(file, error)
  }
}

function stat(path: string) {
  try {
    return statSync(path)
  } catch (error) {
    throw unreadable(path, error)
  }
}

function unreadable(path: string, error: unknown): UsageError {
  const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT'
  if (!missing) return new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`)
  const isLink = lstatSync(path, { throwIfNoEntry: false }) !== undefined
  return new UsageError(`${path}: ${isLink ? 'is a link to a file that is not there' : 'there is no such file'}`)
}
