import { readFileSync, writeFileSync } from 'node:fs'

const begin = '<!-- figures -->'
const end = '<!-- end of figures -->'

/** Puts a run's figures in the place of those in a page, between its two marks. Throws when the page lacks them. */
export function replaceFigures(path: string, figures: string): void {
  const page = readFileSync(path, 'utf8')
  const [from, to] = [page.indexOf(begin), page.indexOf(end)]
  if (from === -1 || to < from) throw new Error(`${path}: expected ${begin} and after it ${end}`)
  writeFileSync(path, `${page.slice(0, from + begin.length)}\n\n${figures}\n\n${page.slice(to)}`)
}
