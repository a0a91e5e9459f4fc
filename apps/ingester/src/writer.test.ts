import { aCheck, aResult } from '@sonde/testkit'
import { expect, test } from 'vitest'
import { ChunkWriter, writeOneByOne } from './writer.ts'

const check = aCheck({ key: 'site' })
const chunk = (checkId: number, size = 64) =>
  Array.from({ length: size }, (_, index) => ({ checkId, result: aResult(check, index * 1000) }))

/** A write that is ended by hand; what it was given, by check. */
function held() {
  const written: number[][] = []
  const open: PromiseWithResolvers<void>[] = []
  return {
    written,
    write: (items: readonly { checkId: number }[]) => {
      written.push([...new Set(items.map(({ checkId }) => checkId))])
      const one = Promise.withResolvers<void>()
      open.push(one)
      return one.promise
    },
    end: async (index: number, error?: Error) => {
      if (error === undefined) open[index]?.resolve()
      else open[index]?.reject(error)
      await new Promise(setImmediate)
    },
  }
}

test('a chunk that comes alone is written at once, and those that wait go together, no more than fit', async () => {
  const { write, written, end } = held()
  const writer = new ChunkWriter(write, () => false)
  const done: number[] = []
  for (const id of [1, 2, 3, 4, 5, 6, 7, 8]) void writer.add(chunk(id)).then(() => done.push(id))
  expect(written).toEqual([[1], [2], [3]])
  await end(0)
  expect(written).toEqual([[1], [2], [3], [4, 5, 6, 7]])
  expect(done).toEqual([1])
  await end(1)
  expect(written.at(-1)).toEqual([8])
  await end(2)
  await end(3)
  expect(done).toEqual([1, 2, 3, 4, 5, 6, 7])
  await end(4)
  expect(done).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})

test('a chunk larger than a transaction usually is goes alone', async () => {
  const { write, written, end } = held()
  const writer = new ChunkWriter(write, () => false)
  for (const id of [1, 2, 3]) void writer.add(chunk(id))
  void writer.add(chunk(4, 1000))
  void writer.add(chunk(5))
  await end(0)
  expect(written.at(-1)).toEqual([4])
})

test('a fault of the database is told to every chunk of its transaction, and the next are written', async () => {
  const { write, written, end } = held()
  const writer = new ChunkWriter(write, () => false)
  const ends = [1, 2, 3, 4, 5].map((id) =>
    writer.add(chunk(id)).then(
      () => 'written',
      (error: Error) => error.message,
    ),
  )
  await end(0)
  await end(3, new Error('the disk is full'))
  await end(1)
  await end(2)
  const full = 'the disk is full'
  expect(await Promise.all(ends)).toEqual(['written', 'written', 'written', full, full])
  void writer.add(chunk(6))
  expect(written.at(-1)).toEqual([6])
})

test('a chunk that the database refuses takes none with it that came beside it', async () => {
  const refused = new Error('a date that is none')
  const kept: number[] = []
  const write = async (items: readonly { checkId: number }[]) => {
    await new Promise(setImmediate)
    if (items.some(({ checkId }) => checkId === 4)) throw refused
    kept.push(...new Set(items.map(({ checkId }) => checkId)))
  }
  const writer = new ChunkWriter(write, (error) => error === refused)
  const ends = [1, 2, 3, 4, 5].map((id) =>
    writer.add(chunk(id)).then(
      () => 'written',
      (error: Error) => error.message,
    ),
  )
  expect(await Promise.all(ends)).toEqual(['written', 'written', 'written', 'a date that is none', 'written'])
  expect(kept).toEqual([1, 2, 3, 5])
})

test('of a chunk with a result that is refused all others are kept, and the refused one is named', async () => {
  const refused = new Error('invalid input syntax')
  const slots: string[] = []
  const write = async (items: readonly { result: { slot: string } }[]) => {
    const [slot = ''] = items.map(({ result }) => result.slot)
    if (slot.endsWith('02.000Z')) throw refused
    slots.push(slot)
    await Promise.resolve()
  }
  await expect(writeOneByOne(chunk(1, 5), write, (error) => error === refused)).rejects.toThrow(
    'the result of site from local at 1970-01-01T00:00:02.000Z: invalid input syntax',
  )
  expect(slots).toHaveLength(4)
})
