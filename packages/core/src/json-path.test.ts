import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonPathProblem, valueAt } from './json-path.ts'
import { WorkBudget } from './work-budget.ts'

const at = (document: unknown, path: string): unknown => valueAt(document, path, new WorkBudget(1000))

test.each([
  ['$.store.book[0].title', 'Sayings'],
  ['$..price', [8.95, 22.99]],
  ['$.store.book[?@.price > 10].title', 'Moby'],
  ['$.store.book[?match(@.title, "S.*")].price', 8.95],
  ['$.store["book"][-1].title', 'Moby'],
  ['$.store.book[*].none', undefined],
])('reads RFC 9535: %s', (path, value) => {
  const book = [
    { title: 'Sayings', price: 8.95 },
    { title: 'Moby', price: 22.99 },
  ]
  expect(at({ store: { book } }, path)).toEqual(value)
})

test.each(['$.[', 'store', '$..', '$[?@.a ==]', '$[?nope(@)]'])('refuses what is no JSONPath: %s', (path) => {
  expect(jsonPathProblem(path)).toContain('expected a JSONPath (RFC 9535): ')
})

test('finds every member of any document where it is', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue(), { maxKeys: 5 }), (document) => {
      for (const [name, value] of Object.entries(document)) {
        expect(at(document, `$[${JSON.stringify(name)}]`)).toEqual(value)
      }
      const count = Object.keys(document).length
      expect(at([document], '$[*]')).toEqual(document)
      if (count > 1) expect(at(document, '$.*')).toEqual(Object.values(document))
    }),
  )
})

test('what lies deeper than 200 is not looked for, and said so', () => {
  const deep = JSON.parse(`${'{"a":'.repeat(300)}1${'}'.repeat(300)}`) as unknown
  expect(() => at(deep, '$..b')).toThrow('not judged: recursion limit reached')
  expect(at(deep, '$.a.a.a')).toBeDefined()
})
