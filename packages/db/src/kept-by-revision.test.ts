import { expect, test } from 'vitest'
import { KeptByRevision } from './kept-by-revision.ts'

/** A table of documents, and what was read of it. */
function aTable(most: number) {
  const table = new Map<number, { revision: number; text: string }>()
  const reads: number[][] = []
  const kept = new KeptByRevision<string>(most, async (ids) => {
    reads.push([...ids])
    return ids.flatMap((id) => {
      const row = table.get(id)
      return row === undefined ? [] : [{ id, revision: row.revision, value: row.text, isTooLarge: row.text.length > 3 }]
    })
  })
  const find = async () => ({ rows: [...table].map(([id, { revision }]) => ({ id, revision })) })
  return { table, reads, find, list: async (own = find) => (await kept.of(own)).values }
}

test('a document is read once for each of its revisions', async () => {
  const { table, reads, list } = aTable(10)
  table.set(1, { revision: 1, text: 'a' }).set(2, { revision: 2, text: 'b' })
  expect(await list()).toEqual(['a', 'b'])
  expect(await list()).toEqual(['a', 'b'])
  table.set(1, { revision: 3, text: 'c' })
  expect(await list()).toEqual(['c', 'b'])
  table.delete(2)
  expect(await list()).toEqual(['c'])
  expect(reads).toEqual([[1, 2], [1]])
})

test('what changes or goes before it is read is looked for again', async () => {
  const { table, reads, find, list } = aTable(10)
  table.set(1, { revision: 1, text: 'a' }).set(2, { revision: 2, text: 'b' })
  let finds = 0
  const late = async () => {
    const found = await find()
    finds += 1
    if (finds === 1) table.set(1, { revision: 3, text: 'c' }).delete(2)
    return found
  }
  expect(await list(late)).toEqual(['c'])
  expect({ finds, reads }).toEqual({ finds: 2, reads: [[1, 2]] })
})

test('of more than are kept all are answered, and what is too large is read each time', async () => {
  const { table, reads, list } = aTable(2)
  for (const id of [1, 2, 3]) table.set(id, { revision: id, text: `t${id}` })
  expect(await list()).toEqual(['t1', 't2', 't3'])
  expect(await list()).toEqual(['t1', 't2', 't3'])
  table.delete(1)
  table.set(2, { revision: 4, text: 'long' })
  expect(await list()).toEqual(['long', 't3'])
  expect(await list()).toEqual(['long', 't3'])
  expect(reads.slice(1)).toEqual([[1], [2], [2]])
})
