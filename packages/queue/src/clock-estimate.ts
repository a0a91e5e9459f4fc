/** One question for a server's time: when it was asked and answered on our monotonic clock, and what the server said. All in ms. */
export type TimeSample = { askedMs: number; answeredMs: number; serverMs: number }

/** Where a server's clock stands: the monotonic clock plus `baseMs`, known at `atMs` to within `errorMs`. */
export type ClockEstimate = { baseMs: number; errorMs: number; atMs: number }

// The most that a clock is slewed by NTP (500 ppm, RFC 5905 A.5.5.6), on either side.
const driftMsPerMs = 0.001

/**
 * The best of several samples: that of the shortest round trip, as NTP's clock filter takes it (RFC 5905 10). The server looked
 * at its clock somewhere between question and answer, so half of the round trip is all that it can be wrong by.
 */
export function estimateOf(samples: readonly [TimeSample, ...TimeSample[]]): ClockEstimate {
  const best = samples.reduce((a, b) => (roundTripMs(b) < roundTripMs(a) ? b : a))
  return {
    baseMs: best.serverMs - (best.askedMs + best.answeredMs) / 2,
    errorMs: roundTripMs(best) / 2,
    atMs: best.answeredMs,
  }
}

/**
 * What is believed after a new measurement. The one that is known better stays, so that a slow answer moves nothing; but where
 * the two cannot both be right, a clock was set or stood still, and the new one holds.
 */
export function adopt(current: ClockEstimate, measured: ClockEstimate): ClockEstimate {
  const currentErrorMs = current.errorMs + Math.max(0, measured.atMs - current.atMs) * driftMsPerMs
  const apartMs = Math.abs(measured.baseMs - current.baseMs)
  if (apartMs > currentErrorMs + measured.errorMs) return measured
  return measured.errorMs <= currentErrorMs ? measured : current
}

function roundTripMs({ askedMs, answeredMs }: TimeSample): number {
  return answeredMs - askedMs
}
