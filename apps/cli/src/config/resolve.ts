import {
  type Alias,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
} from 'yaml'

// A configuration of 10,000 checks that take all they have from anchors holds some 300,000 values.
const mostValues = 1_000_000

/** What a document says, and which node each alias (`*name`) in it stands for; or what is wrong with one, and where. */
export type Resolved =
  | { value: unknown; targets: ReadonlyMap<Alias, Node>; problem?: undefined }
  | { problem: { offset: number; message: string } }

/**
 * The plain value of a document, aliases and merge keys (`<<`) resolved, in one walk: each alias must name an anchor that stands before
 * it and that it is not part of, a merge key must lead to mappings, and what they all stand for must be of a size that can be held.
 * The library looks for the anchor of each alias from the beginning, which takes half a minute for 10,000 checks that share one.
 */
export function resolveDocument(document: Document): Resolved {
  const walk = new Walk()
  const { value } = walk.read(document.contents)
  return walk.problem === undefined ? { value, targets: walk.targets } : { problem: walk.problem }
}

/** A value, and how many values are in it, with those that aliases stand for. */
type Read = { value: unknown; size: number }
const nothing: Read = { value: null, size: 1 }

class Walk {
  problem: { offset: number; message: string } | undefined
  readonly targets = new Map<Alias, Node>()
  /** What each anchor holds, as the aliases after it see it; what is still being read has no value yet. */
  private readonly anchors = new Map<string, { node: Node; read: Read | undefined }>()
  private aliased = 0

  read(node: unknown): Read {
    if (this.problem !== undefined) return nothing
    if (isAlias(node)) return this.readAlias(node)
    if (!isCollection(node) && !isScalar(node)) return nothing
    const own = { node, read: undefined as Read | undefined }
    if (node.anchor !== undefined) this.anchors.set(node.anchor, own)
    own.read = isMap(node)
      ? this.readMap(node.items)
      : isSeq(node)
        ? this.readList(node.items)
        : { value: node.value, size: 1 }
    return own.read
  }

  private readList(items: readonly unknown[]): Read {
    const read = items.map((item) => (isPair(item) ? this.readMap([item]) : this.read(item)))
    return { value: read.map(({ value }) => value), size: read.reduce((sum, { size }) => sum + size, 1) }
  }

  /** One's own fields go before those that are merged, and of those the first. */
  private readMap(pairs: readonly Pair[]): Read {
    const own = new Map<string, unknown>()
    const merged = new Map<string, unknown>()
    let size = 1
    for (const { key, value } of pairs) {
      const name = this.nameOf(key)
      const read = this.read(value)
      size += read.size
      if (!isMergeKey(key)) own.set(name, read.value)
      else
        for (const [field, one] of this.fieldsMerged(value, read.value)) if (!merged.has(field)) merged.set(field, one)
    }
    return { value: Object.fromEntries([...merged, ...own]), size }
  }

  private fieldsMerged(node: unknown, value: unknown): [string, unknown][] {
    return (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((source) => {
      if (typeof source === 'object' && source !== null && !Array.isArray(source)) return Object.entries(source)
      this.refuse(node, '<<: expected a mapping, an alias of one, or a list of such')
      return []
    })
  }

  private nameOf(key: unknown): string {
    const { value } = this.read(key)
    if (typeof value === 'string') return value
    return value === null ? '' : JSON.stringify(value)
  }

  private readAlias(node: Alias): Read {
    const found = this.anchors.get(node.source)
    if (found === undefined) return this.refuse(node, `there is no anchor &${node.source} before this alias`)
    if (found.read === undefined) return this.refuse(node, `*${node.source} stands within &${node.source} itself`)
    this.targets.set(node, found.node)
    this.aliased += found.read.size
    if (this.aliased > mostValues)
      return this.refuse(node, `with *${node.source} aliases stand for more than ${mostValues} values`)
    return found.read
  }

  private refuse(node: unknown, message: string): Read {
    this.problem ??= { offset: (node as Node).range?.[0] ?? 0, message }
    return nothing
  }
}

/** The merge key of YAML 1.1, which is read as one unless it stands in quotes. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && (key.type === undefined || key.type === 'PLAIN') && String(key.source ?? key.value) === '<<'
}
