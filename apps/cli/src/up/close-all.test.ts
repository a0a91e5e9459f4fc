import { expect, test } from 'vitest'
import { closeAll } from './close-all.ts'

test('what was opened last is closed first, and what hangs or fails keeps nothing from being closed', async () => {
  const told: string[] = []
  const closed: string[] = []
  const closer = (name: string, close: () => Promise<void> = async () => undefined) => ({
    name,
    patienceMs: 100,
    close: () => {
      closed.push(name)
      return close()
    },
  })
  await closeAll(
    [
      closer('database'),
      closer('queue', () => new Promise(() => undefined)),
      closer('api', () => Promise.reject(new Error('no'))),
      closer('scheduler'),
    ],
    (line) => told.push(line),
  )
  expect(closed).toEqual(['scheduler', 'api', 'queue', 'database'])
  expect(told).toEqual(['api did not stop as it should: no', 'queue did not stop within 0.1 s; going on without it'])
})
