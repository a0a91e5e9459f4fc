import fc from 'fast-check'
import { expect, test } from 'vitest'
import { NewestFirst } from './newest-first.ts'

test('what goes in comes out with the newest slot first, and what is taken out does not', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.integer(), (slots, over) => {
      const heap = new NewestFirst<{ slotMs: number }>()
      for (const slotMs of slots) heap.push({ slotMs })
      const taken = heap.takeAll(({ slotMs }) => slotMs < over)
      expect(taken).toHaveLength(slots.filter((slot) => slot < over).length)
      const kept = slots.filter((slot) => slot >= over)
      expect(heap.size).toBe(kept.length)
      expect(kept.map(() => heap.pop()?.slotMs)).toEqual(kept.toSorted((a, b) => b - a))
      expect(heap.pop()).toBeUndefined()
    }),
  )
})
