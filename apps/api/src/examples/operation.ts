/** What an operation may be asked, and what it would answer. */
export type OperationExamples = {
  /** Of the path, query and headers, by name. */
  parameters?: Record<string, unknown>
  request?: unknown
  /** By status, each that has a body. */
  responses?: Record<number, unknown>
}

/** One page, and the last. */
export function pageOf(...items: unknown[]) {
  return { items, nextCursor: null }
}
