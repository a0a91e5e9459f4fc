import { expect, test } from 'vitest'
import { onceForText } from './once-for.ts'

test('what follows from a short text is worked out once, from a long one each time, and of many the first are let go of', () => {
  const derived: string[] = []
  const lengthOf = onceForText((text: string) => {
    derived.push(text)
    return { length: text.length }
  })
  const long = 'x'.repeat(256)
  for (const text of ['a', 'a', long, long]) lengthOf(text)
  expect(derived).toEqual(['a', long, long])
  for (let n = 0; n < 4096; n++) lengthOf(`n${n}`)
  lengthOf('a')
  expect(derived.at(-1)).toBe('a')
})
