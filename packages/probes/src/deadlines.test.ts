import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect, test, vi } from 'vitest'
import { Deadlines } from './deadlines.ts'

const nothing = (): void => undefined

test('deadlines pass in their time, whatever the order in which they were added', async () => {
  const deadlines = new Deadlines()
  const startMs = performance.now()
  const passed: [number, number][] = []
  for (const afterMs of [90, 30, 60, 30]) {
    deadlines.add(startMs + afterMs, () => passed.push([afterMs, performance.now() - startMs]))
  }
  await vi.waitFor(() => expect(passed).toHaveLength(4))
  expect(passed.map(([afterMs]) => afterMs)).toEqual([30, 30, 60, 90])
  for (const [afterMs, tookMs] of passed) expect(tookMs).toBeGreaterThanOrEqual(afterMs)
})

test('one that is removed does not pass, and those beside it do', async () => {
  const deadlines = new Deadlines()
  const startMs = performance.now()
  const passed: string[] = []
  const [first, second, third] = ['first', 'second', 'third'].map((name) =>
    deadlines.add(startMs + 20, () => passed.push(name)),
  ) as [ReturnType<typeof deadlines.add>, ReturnType<typeof deadlines.add>, ReturnType<typeof deadlines.add>]
  expect(deadlines.remove(first)).toBe(true)
  expect(deadlines.remove(first)).toBe(false)
  await vi.waitFor(() => expect(passed).toHaveLength(2))
  expect(passed.toSorted()).toEqual(['second', 'third'])
  expect([deadlines.remove(second), deadlines.remove(third)]).toEqual([false, false])
})

test('what passes may remove what would pass with it, and add what comes later', async () => {
  const deadlines = new Deadlines()
  const startMs = performance.now()
  const passed: string[] = []
  const first = deadlines.add(startMs + 20, () => {
    passed.push('first')
    deadlines.remove(second)
    deadlines.add(performance.now() + 10, () => passed.push('later'))
  })
  const second = deadlines.add(startMs + 20, () => {
    passed.push('second')
    deadlines.remove(first)
  })
  await vi.waitFor(() => expect(passed).toContain('later'))
  expect(passed).toEqual(['first', 'later'])
})

test('a timer that was set for one that is gone serves those that came after it', async () => {
  const deadlines = new Deadlines()
  const startMs = performance.now()
  let passedMs = 0
  deadlines.remove(deadlines.add(startMs + 20, nothing))
  deadlines.add(startMs + 60, () => (passedMs = performance.now()))
  await vi.waitFor(() => expect(passedMs).toBeGreaterThanOrEqual(startMs + 60))
})

test('a process is kept alive by what is waited for, and by nothing else', async () => {
  const deadlines = new Deadlines()
  const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length
  const before = timers()
  const deadline = deadlines.add(performance.now() + 10_000, nothing)
  expect(timers()).toBe(before + 1)
  deadlines.remove(deadline)
  expect(timers()).toBe(before)
  const again = deadlines.add(performance.now() + 20_000, nothing)
  expect(timers()).toBe(before + 1)
  deadlines.remove(again)
  await sleep(0)
  expect(timers()).toBe(before)
})

test('one that throws takes none of the others with it', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '--eval',
    `import { Deadlines } from ${JSON.stringify(new URL('deadlines.ts', import.meta.url).href)}
     process.on('uncaughtException', (error) => console.log(error.message))
     const deadlines = new Deadlines()
     const atMs = performance.now() + 20
     deadlines.add(atMs, () => { throw new Error('first') })
     deadlines.add(atMs, () => console.log('second'))
     deadlines.add(atMs + 20, () => console.log('third'))`,
  ])
  expect(stdout.trim().split('\n')).toEqual(['first', 'second', 'third'])
})
