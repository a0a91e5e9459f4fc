import { expect, test } from 'vitest'
import { geohash } from './geohash.ts'

test.each([
  [57.64911, 10.40744, 'u4pruydqqvj'],
  [48.669, -4.329, 'gbsuv'],
  [-25.382708, -49.265506, '6gkzwgjzn820'],
  [0, 0, 's00000000000'],
  [90, 180, 'zzzzzzzzzzzz'],
])('%f, %f is %s…', (latitude, longitude, expected) => {
  const hash = geohash({ latitude, longitude })
  expect(hash).toHaveLength(12)
  expect(hash.slice(0, expected.length)).toBe(expected)
})
