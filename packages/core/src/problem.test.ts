import { expect, test } from 'vitest'
import { z } from 'zod'
import { pathText, problemsOf, reasonsOf } from './problem.ts'

test('an error is told with its causes, each once', () => {
  const spawn = new Error('spawn ping ENOENT')
  const ping = new Error('ping: spawn ping ENOENT', { cause: spawn })
  expect(reasonsOf(new Error('probe gateway (192.0.2.1)', { cause: ping }))).toBe(
    'probe gateway (192.0.2.1): ping: spawn ping ENOENT',
  )
  expect(reasonsOf('text')).toBe('text')
})

test.each([
  [['checks', 0, 'http', 'method'], 'checks[0].http.method'],
  [['auth', 'bearer:secret'], 'auth.bearer:…'],
  [['auth', 'a:b:c\nd'], 'auth.a:…'],
  [['x'.repeat(300)], `${'x'.repeat(256)}…`],
])('the path %j is told as %s', (path, text) => {
  expect(pathText(path)).toBe(text)
})

test('a colon without a space after it is told as that, and what follows it is not repeated', () => {
  const { error } = z.strictObject({ bearer: z.string().optional() }).safeParse({ 'bearer:secret': null })
  expect(error === undefined ? [] : problemsOf(error)).toEqual([
    { path: 'bearer:…', message: 'is not a field that Sonde knows; a colon wants a space after it' },
  ])
})
