import { expect, test } from 'vitest'
import { reasonsOf } from './problem.ts'

test('an error is told with its causes, each once', () => {
  const spawn = new Error('spawn ping ENOENT')
  const ping = new Error('ping: spawn ping ENOENT', { cause: spawn })
  expect(reasonsOf(new Error('probe gateway (192.0.2.1)', { cause: ping }))).toBe(
    'probe gateway (192.0.2.1): ping: spawn ping ENOENT',
  )
  expect(reasonsOf('text')).toBe('text')
})
