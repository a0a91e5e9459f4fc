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

// A long one is no host, and a target may name as many as it likes.
const longestText = 255
const maxTexts = 4096

/** The same for what follows from a short text, of which a few thousand are remembered; a longer one is worked out each time. */
export function onceForText<Value extends object | string | null>(
  derive: (text: string) => Value,
): (text: string) => Value {
  const known = new Map<string, Value>()
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    const value = derive(text)
    if (text.length > longestText) return value
    if (known.size >= maxTexts) known.clear()
    known.set(text, value)
    return value
  }
}
