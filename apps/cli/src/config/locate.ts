import { pathText } from '@sonde/core'
import { isAlias, isMap, isPair, isScalar, isSeq, type Node } from 'yaml'
import type { Source } from './documents.ts'
import { type Mistake, positionAt } from './mistake.ts'
import { isMergeKey } from './resolve.ts'

/** A field in a document: where it stands, and how much of its path there is. */
type Found = { node: Node | null; offset: number; keyOffset: number; depth: number }

/**
 * The place of a field. One that a check does not have itself is looked for where it comes from: in the templates that it names, the
 * last one first, and in the defaults of its file. What stands nowhere is placed at the nearest thing around it that does.
 */
export function locate(
  sources: readonly Source[],
  source: Source,
  at: readonly PropertyKey[],
  message: string,
): Mistake {
  const own = find(source, at)
  const [section, index, ...rest] = at
  if (own.depth < at.length && section === 'checks' && typeof index === 'number' && rest.length > 0) {
    for (const origin of originsOf(sources, source, find(source, [section, index]).node)) {
      const path = [...origin.at, ...rest]
      const found = find(origin.source, path)
      if (found.depth === path.length)
        return { ...mistakeAt(origin.source, found, path, message), within: pathText([section, index]) }
    }
  }
  return mistakeAt(source, own, at, message)
}

/** The steps of a path as a server tells it. A name with a dot in it comes apart; its place is then that of what is around it. */
export function stepsOf(path: string): PropertyKey[] {
  return path
    .split(/\.|(\[\d+\])/)
    .filter((part) => part !== undefined && part !== '')
    .map((part) => (part.startsWith('[') ? Number(part.slice(1, -1)) : part))
}

function mistakeAt(source: Source, found: Found, at: readonly PropertyKey[], message: string): Mistake {
  // A name that is wrong is at fault itself, whatever stands after it.
  const offset = /^is not a (field|section) /.test(message) ? found.keyOffset : found.offset
  return { file: source.file, ...positionAt(source.lines, offset), path: pathText(at), message }
}

/** Goes down as far as the path leads. A value that is a mapping or a list is placed at its name: there the eye looks for it. */
function find(source: Source, at: readonly PropertyKey[]): Found {
  const { document } = source
  const start = document.contents?.range?.[0] ?? 0
  let found: Found = { node: resolved(source, document.contents), offset: start, keyOffset: start, depth: 0 }
  for (const step of at) {
    const next = child(source, found.node, step)
    if (next === undefined) return found
    const node = resolved(source, next.value)
    const place = isScalar(next.value) && node !== null ? next.value : (next.key ?? next.value)
    const offset = place?.range?.[0] ?? found.offset
    found = { node, offset, keyOffset: next.key?.range?.[0] ?? offset, depth: found.depth + 1 }
  }
  return found
}

function child(
  source: Source,
  node: Node | null,
  step: PropertyKey,
): { key: Node | null; value: Node | null } | undefined {
  if (isSeq(node) && typeof step === 'number') {
    const value = node.items[step]
    return value === undefined ? undefined : { key: null, value: value as Node }
  }
  if (!isMap(node)) return undefined
  const pair = node.items.find((one) => isPair(one) && isScalar(one.key) && String(one.key.value) === String(step))
  if (pair !== undefined) return { key: pair.key as Node, value: pair.value as Node | null }
  // What a merge key brings along stands where its anchor is.
  for (const { key, value } of node.items) {
    if (!isMergeKey(key)) continue
    const merged = resolved(source, value as Node | null)
    for (const one of isSeq(merged) ? merged.items : [merged]) {
      const found = child(source, resolved(source, one as Node | null), step)
      if (found !== undefined) return found
    }
  }
  return undefined
}

function resolved({ targets }: Source, node: Node | null): Node | null {
  return isAlias(node) ? (targets.get(node) ?? null) : node
}

type Origin = { source: Source; at: PropertyKey[] }

/** Where a check may have a field from: the nearest first. */
function originsOf(sources: readonly Source[], source: Source, check: Node | null): Origin[] {
  const visited = new Set<string>()
  const templates = (of: Source, node: Node | null): Origin[] =>
    namesIn(child(of, node, 'template')?.value ?? null)
      .toReversed()
      .flatMap((name) => {
        if (visited.has(name)) return []
        visited.add(name)
        return sources.flatMap((one) => {
          const at = ['templates', name]
          const found = find(one, at)
          return found.depth < at.length ? [] : [{ source: one, at }, ...templates(one, found.node)]
        })
      })
  return [...templates(source, check), { source, at: ['defaults'] }]
}

function namesIn(node: Node | null): string[] {
  if (isScalar(node)) return [String(node.value)]
  return isSeq(node) ? node.items.flatMap((one) => (isScalar(one) ? [String(one.value)] : [])) : []
}
