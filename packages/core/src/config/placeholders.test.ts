import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  escapePlaceholders,
  fillPlaceholders,
  hasPlaceholder,
  nearlyReferences,
  type Reference,
} from './placeholders.ts'

const lookup = ({ kind, name }: Reference) => (name === 'GONE' ? { problem: 'it is gone' } : `<${kind} ${name}>`)

test('variables and files are filled in wherever a text has them, and everything else stays', () => {
  const filled = fillPlaceholders(
    { a: ['x ${TOKEN}${file:./key.pem}', 1, null], b: { 'c.d': '$${TOKEN} ${token} ${} $TOKEN ${A' } },
    lookup,
  )
  expect(filled).toEqual({
    value: { a: ['x <env TOKEN><file ./key.pem>', 1, null], b: { 'c.d': '${TOKEN} ${token} ${} $TOKEN ${A' } },
    issues: [],
  })
})

test('what is not found is told by path, all of it', () => {
  expect(fillPlaceholders({ a: ['ok', { b: '${GONE}' }], c: '${GONE}' }, lookup).issues).toEqual([
    { at: ['a', 1, 'b'], message: 'it is gone' },
    { at: ['c'], message: 'it is gone' },
  ])
})

test('a filled value is not looked at again', () => {
  expect(fillPlaceholders('${A}', () => '${B}').value).toBe('${B}')
})

test('whatever a document says, escaped it is filled to the same', () => {
  const pieces = fc.array(fc.constantFrom('$', '{', '}', '${', '$${', '${A}', '${file:x}', 'a'), { maxLength: 8 })
  fc.assert(
    fc.property(
      pieces.map((parts) => parts.join('')),
      (text) => {
        const escaped = escapePlaceholders({ list: [text] })
        expect(fillPlaceholders(escaped, () => 'WRONG')).toEqual({ value: { list: [text] }, issues: [] })
      },
    ),
  )
})

test('only what refers to something is a placeholder', () => {
  expect(['${A}', 'a ${file:b}', '$${A} ${B}'].map(hasPlaceholder)).toEqual([true, true, true])
  expect(['$${A}', '${a}', 'plain'].map(hasPlaceholder)).toEqual([false, false, false])
})

test('what nearly refers to a variable is told of, unless it is said to be meant', () => {
  const nearly = (text: string) => nearlyReferences({ a: [text] })
  expect(nearly('x ${token} ${TOKEN}')).toEqual([
    {
      at: ['a', 0],
      message:
        '${token} is taken as it stands: names of variables are A-Z, 0-9 and _; $${token} says that it is meant so',
    },
  ])
  for (const text of ['$${token}', '${TOKEN}', '${file:a}', '${a.b}', '${}', '$token']) expect(nearly(text)).toEqual([])
})
