import { expect, test } from 'vitest'
import { CompiledCache } from './compiled-cache.ts'

test('compiles a text once, and keeps those used last', () => {
  const compiled: string[] = []
  const cache = new CompiledCache((text) => ({ text, number: compiled.push(text) }), 2)
  expect(cache.get('a')).toBe(cache.get('a'))
  cache.get('b')
  cache.get('a')
  cache.get('c')
  cache.get('a')
  expect(compiled).toEqual(['a', 'b', 'c'])
  cache.get('b')
  cache.forget('b')
  cache.get('b')
  expect(compiled).toEqual(['a', 'b', 'c', 'b', 'b'])
})

test('what cannot be compiled is thrown each time', () => {
  const cache = new CompiledCache(() => {
    throw new Error('no')
  }, 2)
  expect(() => cache.get('a')).toThrow('no')
  expect(() => cache.get('a')).toThrow('no')
})
