import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Document, LineCounter, parseAllDocuments, type YAMLError } from 'yaml'
import { UsageError } from '../io.ts'
import { type Mistake, positionAt } from './mistake.ts'

/** One document of a file, with what finds a place in it again. */
export type Source = {
  /** As it was named: a path, or `-` for stdin. */
  file: string
  /** All of the file, also where it has several documents. */
  text: string
  document: Document
  lines: LineCounter
  /** What it says, aliases and merge keys resolved. */
  value: unknown
}

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
  const read = files.map((file) => parseSources(file, readText(file)))
  return { sources: read.flatMap(({ sources }) => sources), mistakes: read.flatMap(({ mistakes }) => mistakes) }
}

/** The documents of one text; `file` is what they are called by. A text without any is one empty document. */
export function parseSources(file: string, text: string): { sources: Source[]; mistakes: Mistake[] } {
  const lines = new LineCounter()
  // Merge keys (<<) belong to YAML 1.1; whoever keeps configuration in anchors expects them.
  const parsed = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, merge: true })
  const documents: Document[] = 'empty' in parsed ? [new Document(null)] : parsed
  const mistakes: Mistake[] = []
  const sources = documents.flatMap((document): Source[] => {
    if (document.errors.length > 0) {
      mistakes.push(...tellingErrors(document.errors).map((error) => syntaxMistake(file, text, lines, error)))
      return []
    }
    try {
      // A document of aliases within aliases may not grow without bound.
      return [{ file, text, document, lines, value: document.toJS({ maxAliasCount: 100 }) as unknown }]
    } catch (error) {
      mistakes.push({
        file,
        line: 1,
        column: 1,
        path: '',
        message: error instanceof Error ? error.message : String(error),
      })
      return []
    }
  })
  // What follows a last `---` is nothing that anybody wrote.
  const meant = sources.filter(({ value }) => value !== null)
  return { sources: meant.length > 0 || mistakes.length > 0 ? meant : sources.slice(0, 1), mistakes }
}

/** Up to the first after which the reader was lost: what it complains of from there on, it complains of for that alone. */
function tellingErrors(errors: readonly YAMLError[]): YAMLError[] {
  const inOrder = errors.toSorted((a, b) => a.pos[0] - b.pos[0])
  const lostAt = inOrder.findIndex(({ code }) => code !== 'DUPLICATE_KEY')
  return lostAt < 0 ? inOrder : inOrder.slice(0, lostAt + 1)
}

function syntaxMistake(file: string, text: string, lines: LineCounter, error: YAMLError): Mistake {
  const [at] = error.pos
  const [reference] = text[at - 1] === '$' ? (/^\{[^}\n]{0,200}\}/.exec(text.slice(at, at + 202)) ?? []) : []
  if (reference === undefined) return { file, ...positionAt(lines, at), path: '', message: error.message }
  const message = `within { } or [ ] a reference stands in quotes: "$${reference}"`
  return { file, ...positionAt(lines, at - 1), path: '', message }
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

function readText(file: string): string {
  if (file !== '-' && stat(file).size > longestBytes)
    throw new UsageError(`${file}: expected at most ${longestBytes} bytes, found ${stat(file).size}`)
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8').replace(/^\uFEFF/, '')
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
  return new UsageError(
    `${path}: ${missing ? 'there is no such file' : error instanceof Error ? error.message : String(error)}`,
  )
}
