import { printable } from '../../io.ts'

/** How to write to this terminal, file or pipe. */
export type Ink = {
  columns: number
  good(text: string): string
  bad(text: string): string
  faint(text: string): string
  strong(text: string): string
}

const maxColumns = 80
const minColumns = 40

/** Colour on a terminal alone, and there not where NO_COLOR is set; never wider than 80 columns. */
export function inkFor(stdout: { isTTY?: boolean; columns?: number }, env: NodeJS.ProcessEnv): Ink {
  const coloured = stdout.isTTY === true && (env.NO_COLOR ?? '') === ''
  const colour =
    (open: number, close: number) =>
    (text: string): string =>
      coloured ? `\u001b[${open}m${text}\u001b[${close}m` : text
  return {
    columns: Math.max(minColumns, Math.min(stdout.columns || maxColumns, maxColumns)),
    good: colour(32, 39),
    bad: colour(31, 39),
    faint: colour(2, 22),
    strong: colour(1, 22),
  }
}

// East Asian letters and pictures; signs, arrows and lines between U+2010 and U+27FF are narrow.
const wide = /[\u1100-\u200f\u2800-\u{10ffff}]/u

/** How many columns a text takes on a terminal. */
export function widthOf(text: string): number {
  return Array.from(text).reduce((width, character) => width + (wide.test(character) ? 2 : 1), 0)
}

/** The text made harmless and cut to so many columns, an ellipsis in place of what is missing. */
export function fitted(text: string, columns: number): string {
  const safe = printable(text)
  return widthOf(safe) <= columns ? safe : `${headOf(safe, columns - 1)}…`
}

/** As much of the beginning of a text as fits into so many columns. */
function headOf(text: string, columns: number): string {
  let head = ''
  for (const character of text) {
    if (widthOf(head + character) > columns) break
    head += character
  }
  return head
}

export function padded(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - widthOf(text)))
}

/** The text made harmless and broken into lines of so many columns, between words where there is room. */
export function wrapped(text: string, columns: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of printable(text).split(' ')) {
    let rest = word
    if (line !== '' && widthOf(`${line} ${rest}`) <= columns) {
      line += ` ${rest}`
      continue
    }
    if (line !== '') lines.push(line)
    while (widthOf(rest) > columns) {
      const head = headOf(rest, columns)
      lines.push(head)
      rest = rest.slice(head.length)
    }
    line = rest
  }
  return [...lines, line]
}
