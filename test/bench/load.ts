/** How probes are asked for: always `concurrency` at once, or one every 1/`perSecond` s whatever became of those before. */
export type Pace = { concurrency: number } | { perSecond: number }

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
  { perSecond }: { perSecond: number },
  endMs: number,
  once: (n: number) => Promise<void>,
): Promise<number> {
  const startMs = performance.now()
  const running: Promise<void>[] = []
  return new Promise((resolve, reject) => {
    const tick = (): void => {
      const now = performance.now()
      if (now >= endMs) return void Promise.all(running).then(() => resolve(running.length), reject)
      if (now >= startMs + (running.length * 1000) / perSecond) running.push(once(running.length))
      // Never two at once: after a delay the pace is made up for a probe at a time.
      const nextMs = startMs + (running.length * 1000) / perSecond
      setTimeout(tick, Math.max(0, Math.ceil(nextMs - performance.now())))
    }
    tick()
  })
}
