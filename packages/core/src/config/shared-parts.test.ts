import { expect, test } from 'vitest'
import { withSharedParts } from './shared-parts.ts'

const long = { type: 'string', enum: Array.from({ length: 20 }, (_, index) => `value-${index}`) }

test('what stands twice is kept once, and what each field means stays with it', () => {
  const schema = {
    type: 'object',
    properties: {
      a: { ...long, description: 'The first' },
      b: { anyOf: [{ ...long, default: 'value-1' }, { type: 'null' }] },
    },
  }
  expect(withSharedParts(schema)).toEqual({
    type: 'object',
    properties: {
      a: { description: 'The first', $ref: '#/$defs/a' },
      b: { anyOf: [{ default: 'value-1', $ref: '#/$defs/a' }, { type: 'null' }] },
    },
    $defs: { a: long },
  })
})

test('what is within a part that is shared is shared with it, and alone only where it stands elsewhere too', () => {
  const tls = { type: 'object', properties: { version: long } }
  expect(withSharedParts({ properties: { http: tls, tcp: tls } })).toEqual({
    properties: { http: { $ref: '#/$defs/http' }, tcp: { $ref: '#/$defs/http' } },
    $defs: { http: tls },
  })
  expect(withSharedParts({ properties: { http: tls, tcp: tls, version: long } })).toEqual({
    properties: { http: { $ref: '#/$defs/http' }, tcp: { $ref: '#/$defs/http' }, version: { $ref: '#/$defs/version' } },
    $defs: { http: { type: 'object', properties: { version: { $ref: '#/$defs/version' } } }, version: long },
  })
})

test('two that would have one name are told apart, and what is short stays', () => {
  const other = { ...long, enum: [...long.enum, 'more'] }
  const fields = { x: { properties: { a: long } }, y: { properties: { a: other } }, again: long, more: other }
  const { $defs } = withSharedParts({ properties: fields })
  expect($defs).toEqual({ a: long, a2: other })
  expect(withSharedParts({ properties: { a: { type: 'string' }, b: { type: 'string' } } })).not.toHaveProperty('$defs')
})
