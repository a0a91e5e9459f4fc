import { SlotTimer } from '../../apps/worker/src/slot-timer.ts'

const slots = new SlotTimer()
// Taking over hundreds at once takes some milliseconds, which are nothing to the first of them: a worker has its slots seconds before.
const aheadMs = 100

/**
 * How probes are asked for: always `concurrency` at once, or one every 1/`perSecond` s whatever became of those before.
 * `scattered` ones come anywhere in their share of a second: else answers after 10, 50 or 200 ms would always come in the very
 * moment in which the next probe begins. `held` ones are known beforehand, and asked for when a worker's timer lets go of them:
 * some of them together, so that the process is woken less often.
 */
export type Pace = { concurrency: number } | { perSecond: number; scattered?: boolean; held?: boolean }

/** Calls `once(n)` with 0, 1, 2 … at this pace for so many seconds and waits for the last; returns how many, and the seconds. */
export async function load(
  pace: Pace,
  seconds: number,
  once: (n: number) => Promise<void>,
): Promise<{ count: number; seconds: number }> {
  const startMs = performance.now()
  const endMs = startMs + seconds * 1000
  const count = 'concurrency' in pace ? await saturate(pace.concurrency, endMs, once) : await steady(pace, endMs, once)
  return { count, seconds: (performance.now() - startMs) / 1000 }
}

async function saturate(concurrency: number, endMs: number, once: (n: number) => Promise<void>): Promise<number> {
  let count = 0
  const lane = async (): Promise<void> => {
    while (performance.now() < endMs) await once(count++)
  }
  await Promise.all(Array.from({ length: concurrency }, lane))
  return count
}

type Steady = Exclude<Pace, { concurrency: number }>

function steady(pace: Steady, endMs: number, once: (n: number) => Promise<void>): Promise<number> {
  const { perSecond, scattered = false, held = false } = pace
  const startMs = performance.now()
  // The golden ratio's multiples spread evenly, and the same for both probers.
  const dueMs = (n: number): number => startMs + ((n + (scattered ? (n * 0.618034) % 1 : 0)) * 1000) / perSecond
  return held
    ? whenLetGo(Math.floor(((endMs - startMs) / 1000) * perSecond), dueMs, once)
    : oneByOne(dueMs, endMs, once)
}

async function whenLetGo(
  count: number,
  dueMs: (n: number) => number,
  once: (n: number) => Promise<void>,
): Promise<number> {
  const slot = async (n: number): Promise<void> => {
    await slots.wait(aheadMs + dueMs(n) - performance.now())
    await once(n)
  }
  await Promise.all(Array.from({ length: count }, (_, n) => slot(n)))
  return count
}

function oneByOne(dueMs: (n: number) => number, endMs: number, once: (n: number) => Promise<void>): Promise<number> {
  const running: Promise<void>[] = []
  return new Promise((resolve, reject) => {
    const tick = (): void => {
      const now = performance.now()
      if (now >= endMs) return void Promise.all(running).then(() => resolve(running.length), reject)
      // Node's timers are early by less than one: to wait for the rest would wake the process once more, at its cost.
      if (now > dueMs(running.length) - 1) running.push(once(running.length))
      // Never two at once: after a delay the pace is made up for a probe at a time.
      setTimeout(tick, Math.max(0, Math.ceil(dueMs(running.length) - performance.now())))
    }
    tick()
  })
}
