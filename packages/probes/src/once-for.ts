/**
 * Remembers what follows from a document alone for as long as somebody holds the document: a worker probes the same checks again
 * and again, and nobody changes one. What is remembered is shared, so nobody may change that either.
 */
export function onceFor<Document extends object, Value>(
  derive: (document: Document) => Value,
): (document: Document) => Value {
  const known = new WeakMap<Document, { value: Value }>()
  return (document) => {
    const found = known.get(document)
    if (found !== undefined) return found.value
    const value = derive(document)
    known.set(document, { value })
    return value
  }
}
