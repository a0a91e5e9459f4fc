import { deflateRawSync } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { packed, unpacked, unpackedBytesAtMost } from './packed.ts'

test('whatever is sent comes out as it went in', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 1, max: 200 }), (value, times) => {
      const payload = { items: Array.from({ length: times }, () => value) }
      const sent: unknown = JSON.parse(JSON.stringify(packed(payload)))
      expect(unpacked(sent)).toEqual(JSON.parse(JSON.stringify(payload)))
    }),
  )
})

test('a small payload is sent as it is, and one that repeats itself takes a tenth', () => {
  const small = { type: 'heartbeat', worker: 'a' }
  expect(packed(small)).toBe(small)
  const large = { probes: Array.from({ length: 64 }, (_, checkId) => ({ checkId, check: 'x'.repeat(400) })) }
  expect(JSON.stringify(packed(large)).length).toBeLessThan(JSON.stringify(large).length / 10)
})

test('what is no packed payload is not read, and what unpacks to too much neither', () => {
  for (const deflated of ['', '%%']) expect(() => unpacked({ deflated })).toThrow(/unexpected end of file/)
  const text = Buffer.from('this is no deflated text').toString('base64')
  expect(() => unpacked({ deflated: text })).toThrow(/invalid/)
  expect(unpacked({ deflated: 7 })).toEqual({ deflated: 7 })
  const bomb = deflateRawSync(Buffer.alloc(unpackedBytesAtMost + 1)).toString('base64')
  expect(() => unpacked({ deflated: bomb })).toThrow(/larger than/)
})
