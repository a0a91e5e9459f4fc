import { type Document, isAlias, isCollection, isMap, isPair, isScalar, isSeq, type Node } from 'yaml'

// A configuration of 10,000 checks that take all they have from anchors holds some 300,000 values.
const mostValues = 1_000_000

/** What is wrong with an alias or a merge key, and where that stands in the text. */
export type AliasProblem = { offset: number; message: string }

/**
 * Looks at all aliases (`*name`) and merge keys (`<<`) of a document before they are resolved: each must name an anchor that stands
 * before it and that it is not part of, a merge key must lead to mappings, and what they all stand for must be of a size that can be
 * held. Answers with the first that is wrong.
 */
export function aliasProblem(document: Document): AliasProblem | undefined {
  const walk = new AliasWalk()
  walk.measure(document.contents)
  return walk.problem
}

class AliasWalk {
  problem: AliasProblem | undefined
  /** What each anchor holds, as the aliases after it see it; what is still being read has no size yet. */
  private readonly anchors = new Map<string, { node: Node; values: number | undefined }>()
  private aliased = 0

  /** How many values a node holds, with those that its aliases stand for. */
  measure(node: unknown): number {
    if (this.problem !== undefined) return 0
    if (isPair(node)) return isMergeKey(node.key) ? this.measureMerged(node.value) : this.measure(node.value)
    if (isAlias(node)) return this.measureAlias(node)
    if (!isCollection(node)) {
      if (isScalar(node) && node.anchor !== undefined) this.anchors.set(node.anchor, { node, values: 1 })
      return 1
    }
    const { anchor } = node
    const own = { node: node as Node, values: undefined as number | undefined }
    if (anchor !== undefined) this.anchors.set(anchor, own)
    own.values = node.items.reduce<number>((sum, item) => sum + this.measure(item), 1)
    return own.values
  }

  private measureAlias(node: Node & { source: string }): number {
    const found = this.anchors.get(node.source)
    if (found === undefined) return this.refuse(node, `there is no anchor &${node.source} before this alias`)
    if (found.values === undefined) return this.refuse(node, `*${node.source} stands within &${node.source} itself`)
    this.aliased += found.values
    if (this.aliased > mostValues)
      return this.refuse(node, `with *${node.source} aliases stand for more than ${mostValues} values`)
    return found.values
  }

  private measureMerged(value: unknown): number {
    const values = this.measure(value)
    const sources = isSeq(this.resolved(value)) ? (this.resolved(value) as { items: unknown[] }).items : [value]
    const wrong = sources.find((source) => !isMap(this.resolved(source)))
    if (wrong !== undefined) this.refuse(wrong as Node, '<<: expected a mapping, an alias of one, or a list of such')
    return values
  }

  private resolved(node: unknown): unknown {
    return isAlias(node) ? this.anchors.get(node.source)?.node : node
  }

  private refuse(node: Node, message: string): number {
    this.problem ??= { offset: node.range?.[0] ?? 0, message }
    return 0
  }
}

/** The merge key of YAML 1.1, which is read as one unless it stands in quotes. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && (key.type === undefined || key.type === 'PLAIN') && String(key.source ?? key.value) === '<<'
}
