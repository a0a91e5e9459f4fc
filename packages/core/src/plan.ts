import type { Check } from './check.ts'

export type PlanStep = { key: string; action: 'create' | 'change' | 'delete' | 'unchanged'; fields: string[] }

/** What it takes to make `current` match `wanted`; checks that only the server has are deleted when `prune` says so. */
export function planChecks(current: readonly Check[], wanted: readonly Check[], prune: boolean): PlanStep[] {
  const byKey = new Map(current.map((check) => [check.key, check]))
  const steps = wanted.map((check): PlanStep => {
    const existing = byKey.get(check.key)
    if (existing === undefined) return { key: check.key, action: 'create', fields: [] }
    const fields = differingFields(existing, check)
    return { key: check.key, action: fields.length === 0 ? 'unchanged' : 'change', fields }
  })
  const kept = new Set(wanted.map((check) => check.key))
  const gone = prune ? current.filter((check) => !kept.has(check.key)) : []
  return [...steps, ...gone.map((check): PlanStep => ({ key: check.key, action: 'delete', fields: [] }))]
}

function differingFields(a: Check, b: Check): string[] {
  const left = a as Record<string, unknown>
  const right = b as Record<string, unknown>
  const names = new Set([...Object.keys(left), ...Object.keys(right)])
  return [...names].filter((name) => canonical(left[name]) !== canonical(right[name])).sort()
}

/** JSON with sorted keys, so that the order in which a document was written makes no difference. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_, inner: unknown) =>
      inner !== null && typeof inner === 'object' && !Array.isArray(inner)
        ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
        : inner,
    ) ?? 'undefined'
  )
}
