import { expect, test } from 'vitest'
import { makeToken, tokenDigest, tokenId, tokenPattern } from './token.ts'

test('a token carries its id, 160 bits and a checksum, and no two are alike', () => {
  const tokens = Array.from({ length: 200 }, makeToken)
  for (const { id, text } of tokens) {
    expect(text).toMatch(tokenPattern)
    expect(text).toHaveLength('sonde_'.length + 8 + 1 + 32 + 7)
    expect(tokenId(text)).toBe(id)
  }
  expect(new Set(tokens.map(({ text }) => text)).size).toBe(200)
})

test('a token with one character changed, two swapped or one missing is none', () => {
  const { text } = makeToken()
  for (let at = 0; at < text.length; at++) {
    const other = text[at] === 'a' ? 'b' : 'a'
    expect(tokenId(`${text.slice(0, at)}${other}${text.slice(at + 1)}`)).toBeUndefined()
    expect(tokenId(`${text.slice(0, at)}${text.slice(at + 1)}`)).toBeUndefined()
    const [one, two] = [text[at] as string, text[at + 1] ?? '']
    if (one !== two && two !== '') {
      expect(tokenId(`${text.slice(0, at)}${two}${one}${text.slice(at + 2)}`)).toBeUndefined()
    }
  }
})

test('what is stored tells nothing of the token', () => {
  const { text } = makeToken()
  expect(tokenDigest(text)).toHaveLength(32)
  expect(tokenDigest(text).toString('latin1')).not.toContain(text.slice(-10))
})
