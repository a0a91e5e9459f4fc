import type { LineCounter } from 'yaml'
import { printable, UsageError } from '../io.ts'

/** Something wrong at a place in a file; lines and columns count from 1. */
export type Mistake = {
  file: string
  line: number
  column: number
  path: string
  message: string
  /** What has it from there, where that is something else. */
  within?: string
}

/** Documents with mistakes: one line each, as compilers write them. */
export class MistakesError extends UsageError {
  readonly mistakes: readonly Mistake[]

  constructor(mistakes: readonly Mistake[]) {
    const lines = mistakes.map(mistakeLine)
    super(lines.length === 1 ? (lines[0] ?? '') : `${lines.length} mistakes\n${lines.join('\n')}`)
    this.name = 'MistakesError'
    this.mistakes = mistakes
  }
}

/** `checks.yaml:3:15: checks[0].interval: expected …` */
export function mistakeLine({ file, line, column, path, message, within }: Mistake): string {
  const place = `${file === '-' ? 'stdin' : file}:${line}:${column}`
  const inherited = within === undefined ? '' : ` (in ${within})`
  return printable(`${place}: ${path === '' ? '' : `${path}: `}${message}${inherited}`)
}

export function positionAt(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset)
  // An empty file has no line yet.
  return { line: Math.max(line, 1), column: Math.max(col, 1) }
}

/** Each mistake once, whoever has it from there too, in the order of the files and of the places in them. */
export function inOrder(mistakes: readonly Mistake[], files: readonly string[]): Mistake[] {
  const seen = new Map(
    mistakes.toReversed().map((one) => [`${one.file}:${one.line}:${one.column}:${one.path}:${one.message}`, one]),
  )
  return [...seen.values()].toSorted(
    (a, b) => files.indexOf(a.file) - files.indexOf(b.file) || a.line - b.line || a.column - b.column,
  )
}
