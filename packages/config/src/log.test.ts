import { pino } from 'pino'
import { expect, test } from 'vitest'
import { loggedError } from './error-log.ts'
import { recurringWarning } from './recurring.ts'

test('an error is logged with its type, code, stack and causes, and nothing that hangs on it', () => {
  const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:5432'), { code: 'ECONNREFUSED' })
  const error = Object.assign(new Error('reading checks', { cause: refused }), {
    client: { connectionParameters: { password: 'hunter2' } },
  })
  expect(loggedError(error)).toEqual({
    type: 'Error',
    message: 'reading checks',
    stack: expect.stringContaining('log.test.ts') as string,
    cause: { type: 'Error', message: 'connect ECONNREFUSED 127.0.0.1:5432', code: 'ECONNREFUSED' },
  })
  expect(JSON.stringify(loggedError(error))).not.toContain('hunter2')
})

test('the logins of URLs are left out of messages and stacks', () => {
  const text = JSON.stringify(loggedError(new Error('no connection to rediss://default:s3cret@redis:6379/0')))
  expect(text).toContain('rediss://default:…@redis:6379/0')
  expect(text).not.toContain('s3cret')
})

test('causes without end, and a message without end, are cut', () => {
  const error = new Error('x'.repeat(1_000_000))
  error.cause = error
  const text = JSON.stringify(loggedError(error))
  expect(text.length).toBeLessThan(20_000)
  expect(text.match(/"cause"/g)).toHaveLength(5)
})

test('what is no error is logged as what it is', () => {
  expect(loggedError('gone')).toEqual({ type: 'string', message: 'gone' })
  expect(loggedError(new AggregateError([new Error('first')], 'all'))).toMatchObject({ cause: { message: 'first' } })
})

test('a fault that goes on is told once, then every 30 s with how often it was', () => {
  const lines: { again?: number; err: { message: string } }[] = []
  const log = pino(
    { serializers: { err: (error: Error) => loggedError(error) } },
    { write: (line) => void lines.push(JSON.parse(line)) },
  )
  let nowMs = 0
  const warn = recurringWarning(log, 'queue', () => nowMs)
  for (; nowMs < 60_000; nowMs += 100) {
    const error = new Error('connect ECONNREFUSED')
    warn(error)
    // Two listeners hear of the same one.
    warn(error)
  }
  warn(new Error('another'))
  expect(lines.map(({ err, again }) => [err.message, again])).toEqual([
    ['connect ECONNREFUSED', undefined],
    ['connect ECONNREFUSED', 299],
    ['another', undefined],
  ])
})
