/**
 * How probes are asked for: always `concurrency` at once, or one every 1/`perSecond` s whatever became of those before.
 * `scattered` ones come anywhere in their share of a second: else answers after 10, 50 or 200 ms would always come in the very
 * moment in which the next probe begins.
 */
export type Pace = { concurrency: number } | { perSecond: number; scattered?: boolean }

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

function steady(
  { perSecond, scattered = false }: { perSecond: number; scattered?: boolean },
  endMs: number,
  once: (n: number) => Promise<void>,
): Promise<number> {
  const startMs = performance.now()
  const running: Promise<void>[] = []
  // The golden ratio's multiples spread evenly, and the same for both probers.
  const dueMs = (n: number): number => startMs + ((n + (scattered ? (n * 0.618034) % 1 : 0)) * 1000) / perSecond
  return new Promise((resolve, reject) => {
    const tick = (): void => {
      const now = performance.now()
      if (now >= endMs) return void Promise.all(running).then(() => resolve(running.length), reject)
      if (now >= dueMs(running.length)) running.push(once(running.length))
      // Never two at once: after a delay the pace is made up for a probe at a time.
      setTimeout(tick, Math.max(0, Math.ceil(dueMs(running.length) - performance.now())))
    }
    tick()
  })
}
