import { JSONPathEnvironment, type JSONPathQuery, type JSONValue } from 'json-p3'
import { CompiledCache } from './compiled-cache.ts'
import { BudgetSpent, type WorkBudget } from './work-budget.ts'

// Deeper documents exist, but nobody looks for something anywhere in one.
const maxDepth = 200
const maxValues = 100_000

const environment = new JSONPathEnvironment({ maxRecursionDepth: maxDepth })
const compiled = new CompiledCache<JSONPathQuery>((path) => environment.compile(path), 1000)

/** Why a text is not a JSONPath (RFC 9535), or undefined when it is one. */
export function jsonPathProblem(path: string): string | undefined {
  try {
    compiled.get(path)
    return undefined
  } catch (error) {
    return `expected a JSONPath (RFC 9535): ${error instanceof Error ? error.message : String(error)}`
  }
}

/**
 * The one value at a JSONPath, the list of them when it selects several, undefined when there is none.
 *
 * Descendants (`..`) of descendants of a deep document are more than anybody can wait for, and `match` and `search` in a filter
 * run on the engine of JavaScript, which backtracks: all this is done within the budget. Throws `BudgetSpent` beyond it, and when
 * more than 100,000 values are found or a descendant lies deeper than 200.
 */
export function valueAt(document: unknown, path: string, budget: WorkBudget): unknown {
  const query = compiled.get(path)
  const values = mayBeSlow(path) ? budget.run(() => selected(query, document)) : selected(query, document)
  return values.length > 1 ? values : values[0]
}

/** A path without descendants and filters looks at no more than the parts that it names, or at all of one level. */
function mayBeSlow(path: string): boolean {
  return path.includes('..') || path.includes('?') || path.split('*').length > 2
}

function selected(query: JSONPathQuery, document: unknown): unknown[] {
  const values: unknown[] = []
  try {
    for (const node of query.lazyQuery(document as JSONValue)) {
      if (values.push(node.value) > maxValues) throw new BudgetSpent(`not judged: more than ${maxValues} values`)
    }
  } catch (error) {
    if (error instanceof BudgetSpent) throw error
    throw new BudgetSpent(`not judged: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
  return values
}
