import { type Alias, Document, LineCounter, type Node, parseAllDocuments, type YAMLError } from 'yaml'
import { type Mistake, positionAt } from './mistake.ts'
import { resolveDocument } from './resolve.ts'

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
  /** What each alias stands for. */
  targets: ReadonlyMap<Alias, Node>
}

/** The documents of one text; `file` is what they are called by. A text without any is one empty document. */
export function parseSources(file: string, text: string): { sources: Source[]; mistakes: Mistake[] } {
  const lines = new LineCounter()
  // Merge keys (<<) belong to YAML 1.1; whoever keeps configuration in anchors expects them.
  const options = { lineCounter: lines, prettyErrors: false, merge: true, logLevel: 'error' } as const
  const parsed = parseAllDocuments(text, options)
  const documents: Document[] = 'empty' in parsed ? [new Document(null)] : parsed
  const mistakes: Mistake[] = []
  const sources = documents.flatMap((document): Source[] => {
    const problems = syntaxProblems(document, text)
    const resolved = problems.length > 0 ? { problem: undefined } : resolveDocument(document)
    if (resolved.problem !== undefined) problems.push(resolved.problem)
    mistakes.push(...problems.map(({ offset, message }) => ({ file, ...positionAt(lines, offset), path: '', message })))
    return 'value' in resolved ? [{ file, text, document, lines, ...resolved }] : []
  })
  // What follows a last `---` is nothing that anybody wrote.
  const meant = sources.filter(({ value }) => value !== null)
  return { sources: meant.length > 0 || mistakes.length > 0 ? meant : sources.slice(0, 1), mistakes }
}

type Told = { offset: number; message: string }

function syntaxProblems(document: Document, text: string): Told[] {
  // A tag that leads nowhere is a warning to the reader, who takes the value as if the tag were not there.
  return tellingErrors([...document.errors, ...document.warnings]).map((error) => syntaxProblem(text, error))
}

const notLost = ['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED']

/** Up to the first after which the reader was lost: what it complains of from there on, it complains of for that alone. */
function tellingErrors(errors: readonly YAMLError[]): YAMLError[] {
  const inOrder = errors.toSorted((a, b) => a.pos[0] - b.pos[0])
  const lostAt = inOrder.findIndex(({ code }) => !notLost.includes(code))
  return lostAt < 0 ? inOrder : inOrder.slice(0, lostAt + 1)
}

function syntaxProblem(text: string, error: YAMLError): Told {
  const [at] = error.pos
  const [reference] = text[at - 1] === '$' ? (/^\{[^}\n]{0,200}\}/.exec(text.slice(at, at + 202)) ?? []) : []
  if (reference !== undefined)
    return { offset: at - 1, message: `within { } or [ ] a reference stands in quotes: "$${reference}"` }
  return { offset: at, message: plainly(error, text.slice(at, at + 64)) }
}

/** What the reader of YAML means by its complaint, to whoever wrote the file. */
function plainly({ code, message }: YAMLError, found: string): string {
  if (code === 'DUPLICATE_KEY') {
    const [, quoted, bare] = /^(?:"([^"\n]*)"|([^\s:,}]+))/.exec(found) ?? []
    return `"${quoted ?? bare ?? ''}" stands twice in one mapping`
  }
  if (code === 'BLOCK_AS_IMPLICIT_KEY')
    return 'expected one value, found "name: value" in it: the indentation is wrong, or a text with ": " wants quotes'
  if (code === 'BLOCK_IN_FLOW') return 'within { } or [ ] a comma is missing, or the end of it'
  if (code === 'TAB_AS_INDENT') return 'expected spaces before this line, found a tab'
  if (code === 'TAG_RESOLVE_FAILED')
    return `${message.replace('Unresolved tag:', 'there is no tag')}; a text with ! wants quotes`
  // Its own stack is what bounds the reader.
  return /stack/i.test(message) ? 'lists and mappings lie too deep within each other' : message
}
