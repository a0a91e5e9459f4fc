// So many lines are looked through for where two texts go on alike.
const lookahead = 400

/**
 * The lines of `after` with the spacing that `original` has, where `before` is `original` as the same printer writes it: a line that
 * the change did not touch comes out as somebody wrote it, and a reviewer sees the change alone.
 */
export function keepLayout(original: string, before: string, after: string): string {
  const [ownLines, printed, wanted] = [original, before, after].map((text) => text.split('\n')) as [
    string[],
    string[],
    string[],
  ]
  const own = aligned(printed.map(unspaced), ownLines.map(unspaced))
  const kept = aligned(wanted, printed)
  return wanted.map((line, index) => ownLines[own[kept[index] ?? -1] ?? -1] ?? line).join('\n')
}

function unspaced(line: string): string {
  return line.replaceAll(/\s/g, '')
}

/** For each line the place of its like in `others`, in order; undefined for a line that has none near by. */
function aligned(lines: readonly string[], others: readonly string[]): (number | undefined)[] {
  const places: (number | undefined)[] = []
  let other = 0
  for (let index = 0; index < lines.length; index += 1) {
    const gap = nextAlike(lines, index, others, other)
    if (gap === undefined) continue
    index += gap.skip
    other += gap.skipOthers
    places[index] = other
    other += 1
  }
  return places
}

/** How many lines lie before the next that both have, counted on either side: the nearest of them all. */
function nextAlike(
  lines: readonly string[],
  from: number,
  others: readonly string[],
  fromOthers: number,
): { skip: number; skipOthers: number } | undefined {
  for (let distance = 0; distance < lookahead; distance += 1) {
    for (let skip = 0; skip <= distance; skip += 1) {
      const line = lines[from + skip]
      if (line !== undefined && line === others[fromOthers + distance - skip])
        return { skip, skipOthers: distance - skip }
    }
  }
  return undefined
}
