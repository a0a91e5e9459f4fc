/** The name that was most likely meant, or undefined when none is near: at most a third of its letters are others. */
export function nearest(given: string, names: readonly string[]): string | undefined {
  const near = names
    .map((name) => ({ name, distance: name.startsWith(given) && given.length > 1 ? 0 : distance(given, name) }))
    .filter(({ name, distance: edits }) => edits <= Math.max(1, Math.floor(name.length / 3)))
  return near.toSorted((a, b) => a.distance - b.distance)[0]?.name
}

/** `; did you mean "…"?`, or nothing. */
export function meant(given: string, names: readonly string[]): string {
  const name = nearest(given, names)
  return name === undefined ? '' : `; did you mean ${name}?`
}

/** How many letters must be put in, taken out or changed (Levenshtein). What is longer than any name is far from all of them. */
function distance(a: string, b: string): number {
  if (a.length > 64) return Number.POSITIVE_INFINITY
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 0; i < a.length; i += 1) {
    const letter = a[i]
    row = row.reduce<number[]>((next, above, j) => {
      const changed = (row[j - 1] ?? 0) + (letter === b[j - 1] ? 0 : 1)
      next.push(j === 0 ? i + 1 : Math.min(above + 1, (next[j - 1] ?? 0) + 1, changed))
      return next
    }, [])
  }
  return row.at(-1) ?? 0
}
