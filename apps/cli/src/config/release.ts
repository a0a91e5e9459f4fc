import { type Alias, type Document, isAlias, isNode, type Node, visit } from 'yaml'

/**
 * Makes sure that nothing else in the document stands on a node that is about to go or to be another: aliases of anchors in it, such as
 * `labels: *shared`, become what they stand for.
 */
export function release(document: Document, node: unknown): void {
  if (!isNode(node)) return
  const anchored = new Set<Node>()
  const within = new Set<Node>()
  visit(node, {
    Node: (_, one) => {
      within.add(one)
      if ('anchor' in one && one.anchor !== undefined) anchored.add(one)
    },
  })
  if (anchored.size === 0) return
  const standing: [alias: Alias, target: Node][] = []
  visit(document, {
    Alias: (_, alias) => {
      const target = within.has(alias) ? undefined : alias.resolve(document)
      if (target !== undefined && anchored.has(target)) standing.push([alias, target])
    },
  })
  const targets = new Map(standing)
  visit(document, {
    Alias: (_, alias) => {
      const target = targets.get(alias)
      return target === undefined ? undefined : copyOf(target)
    },
  })
}

/** The alias at this place, if there is one, becomes what it stands for, so that a part of it can be another here alone. */
export function releaseAlias(document: Document, path: readonly unknown[]): void {
  const node = document.getIn(path, true)
  if (!isAlias(node)) return
  const target = node.resolve(document)
  if (target !== undefined) document.setIn(path, copyOf(target))
}

/** Without anchors of its own: a second one of a name would take what comes after it from the first. */
function copyOf(node: Node): Node {
  const copy = node.clone() as Node
  visit(copy, {
    Node: (_, one) => {
      if ('anchor' in one) delete one.anchor
    },
  })
  return copy
}
