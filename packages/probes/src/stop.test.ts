import { expect, test } from 'vitest'
import { follow, Stop } from './stop.ts'

test('a stop aborts once, and tells whoever listens then', () => {
  const stop = new Stop()
  const heard: unknown[] = []
  const deaf = (): void => void heard.push('deaf')
  stop.addEventListener('abort', () => heard.push(stop.reason))
  stop.addEventListener('abort', deaf)
  stop.removeEventListener('abort', deaf)
  stop.abort('first')
  stop.abort('second')
  stop.addEventListener('abort', () => heard.push('late'))
  expect(heard).toEqual(['first'])
  expect(stop).toMatchObject({ aborted: true, reason: 'first' })
})

test('who stops listening while others are told is told nothing', () => {
  const stop = new Stop()
  const heard: string[] = []
  const second = (): void => void heard.push('second')
  stop.addEventListener('abort', () => stop.removeEventListener('abort', second))
  stop.addEventListener('abort', second)
  stop.abort(undefined)
  expect(heard).toEqual([])
})

test.each([new Stop(), new AbortController()])(
  'what follows a signal stops with it, for its reason, until let go (%#)',
  (leader) => {
    const signal = leader instanceof Stop ? leader : leader.signal
    const [followed, free, late] = [new Stop(), new AbortController(), new Stop()]
    using _ = follow(signal, followed)
    follow(signal, free)[Symbol.dispose]()
    leader.abort('over')
    follow(signal, late)
    expect([followed.reason, free.signal.aborted, late.reason]).toEqual(['over', false, 'over'])
  },
)
