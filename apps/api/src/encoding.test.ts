import { expect, test } from 'vitest'
import { acceptsGzip } from './encoding.ts'

test.each([
  ['gzip', true],
  ['deflate, GZIP;q=0.5', true],
  ['*', true],
  ['x-gzip', true],
  ['identity;q=1, *;q=0', false],
  ['gzip;q=0, *', false],
  ['gzip; q=0.0', false],
  ['gzip;q=high', false],
  ['br', false],
  ['', false],
  [undefined, false],
])('%s takes gzip: %s', (header, taken) => {
  expect(acceptsGzip(header)).toBe(taken)
})
