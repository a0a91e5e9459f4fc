import { expect, test } from 'vitest'
import { compareNames } from './nsec.ts'

test('puts names in the order of RFC 4034 6.1', () => {
  const ordered = [
    'example',
    'a.example',
    'yljkjljk.a.example',
    'Z.a.example',
    'zABC.a.EXAMPLE',
    'z.example',
    '\\001.z.example',
    '*.z.example',
    '\\200.z.example',
  ]
  for (const [index, name] of ordered.entries()) {
    for (const [other, second] of ordered.entries()) {
      expect(Math.sign(compareNames(name, second))).toBe(Math.sign(index - other))
    }
  }
})
