import { expect, test } from 'vitest'
import { printable, printableJson } from '../../io.ts'
import { fitted, inkFor, widthOf, wrapped } from './ink.ts'

const hostile = '\u001b[31mred\u009b\u202eRTL\u061c\ufeff\u00ad\u{e0041}\u2028\ud800 日本語'

test('nothing that steers a terminal, turns a line round or cannot be seen is left in a text', () => {
  for (const text of [printable(hostile), fitted(hostile, 500), wrapped(hostile, 500).join('\n')]) {
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{C}\u2028\u2029]/u)
    expect(text).toContain('\\u061c\\ufeff\\u00ad\\udb40\\udc41\\u2028')
  }
})

test('a terminal that does not know its width is taken to have 80 columns', () => {
  expect(inkFor({ isTTY: true, columns: 0 }, {}).columns).toBe(80)
  expect(inkFor({ isTTY: true, columns: 132 }, {}).columns).toBe(80)
})

test('JSON made harmless says what it said', () => {
  const json = JSON.stringify({ a: [hostile] }, null, 2)
  expect(printableJson(json).replaceAll('\n', '')).not.toMatch(/[\p{C}\u2028\u2029]/u)
  expect(JSON.parse(printableJson(json))).toEqual(JSON.parse(json))
})

test('a text in lines is whole, and none of them too wide', () => {
  const text = `${'日本語 x'.repeat(5)} ${'a日'.repeat(40)} end`
  for (const columns of [10, 11, 40, 70]) {
    const lines = wrapped(text, columns)
    for (const line of lines) expect(widthOf(line)).toBeLessThanOrEqual(columns)
    expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
  }
})
