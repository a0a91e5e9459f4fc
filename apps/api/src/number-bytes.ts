// Numbers as JSON has them, written straight into bytes, where a text of each would be most of the work. Each function writes at `at`, where
// there must be room, and answers where it ended.

/** Bytes as they are: for some dozen, which a call of the system's own copy would cost more than. */
export function writeBytes(out: Uint8Array, at: number, bytes: Uint8Array): number {
  for (let index = 0; index < bytes.length; index++) out[at + index] = bytes[index] as number
  return at + bytes.length
}

/** A whole number. */
export function writeCount(out: Buffer, at: number, value: number): number {
  return value >= 0 && value < 2 ** 31 ? writeWhole(out, at, value | 0) : writeText(out, at, String(value))
}

/**
 * A time, rounded to three decimals, or to six where it is below 1. It is the one at `index` of `values`: handed over by itself each would be
 * an object.
 */
export function writeMs(out: Buffer, at: number, values: Float64Array, index: number): number {
  const value = values[index] ?? 0
  if (value >= 1 && value < 2e6) {
    const scaled = (value * 1000 + 0.5) | 0
    const whole = (scaled / 1000) | 0
    return writeThousandths(out, writeWhole(out, at, whole), scaled - whole * 1000)
  }
  if (value >= 0 && value < 1) {
    const scaled = (value * 1e6 + 0.5) | 0
    const whole = (scaled / 1e6) | 0
    const thousandths = ((scaled / 1000) | 0) - whole * 1000
    const rest = scaled % 1000
    const next = writeWhole(out, at, whole)
    if (rest === 0) return writeThousandths(out, next, thousandths)
    out[next] = dot
    return trimmed(out, writeGroup(out, writeGroup(out, next + 1, thousandths), rest))
  }
  return writeText(out, at, JSON.stringify(value < 1e12 ? Math.round(value * 1000) / 1000 : value))
}

/** An instant, whole ms since the epoch, as `toISOString` has it. */
export function writeInstant(out: Uint8Array, at: number, ms: number): number {
  const day = Math.floor(ms / dayMs)
  // Instants of a series are mostly of one day, one after the other.
  if (day !== lastDay.number) lastDay = { number: day, bytes: Buffer.from(dateOf(day * dayMs)) }
  const inDay = ms - day * dayMs
  const seconds = (inDay / 1000) | 0
  const minutes = (seconds / 60) | 0
  const hours = (minutes / 60) | 0
  let next = writePair(out, writeBytes(out, at, lastDay.bytes), hours)
  out[next] = colon
  next = writePair(out, next + 1, minutes - hours * 60)
  out[next] = colon
  next = writePair(out, next + 1, seconds - minutes * 60)
  out[next] = dot
  next = writeGroup(out, next + 1, inDay - seconds * 1000)
  out[next] = zulu
  return next + 1
}

let lastDay = { number: Number.NaN, bytes: Buffer.alloc(0) }

/** `2026-01-01T`, of the day that begins then. */
function dateOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, -'00:00:00.000Z'.length)
}

const dayMs = 86_400_000
const dot = 0x2e
const zero = 0x30
const colon = 0x3a
const zulu = 0x5a

// The digits of 0 … 999, three each.
const groups = Uint8Array.from({ length: 3000 }, (_, index) => {
  const place = [100, 10, 1][index % 3] as number
  return zero + (Math.floor(Math.floor(index / 3) / place) % 10)
})

function writeText(out: Buffer, at: number, text: string): number {
  return at + out.write(text, at, 'latin1')
}

function writeGroup(out: Uint8Array, at: number, value: number): number {
  out[at] = groups[3 * value] as number
  out[at + 1] = groups[3 * value + 1] as number
  out[at + 2] = groups[3 * value + 2] as number
  return at + 3
}

function writePair(out: Uint8Array, at: number, value: number): number {
  out[at] = groups[3 * value + 1] as number
  out[at + 1] = groups[3 * value + 2] as number
  return at + 2
}

/** A whole number below 2^31. */
function writeWhole(out: Uint8Array, at: number, value: number): number {
  if (value >= 1000) {
    const thousands = (value / 1000) | 0
    return writeGroup(out, writeWhole(out, at, thousands), value - thousands * 1000)
  }
  let next = at
  if (value >= 100) out[next++] = groups[3 * value] as number
  if (value >= 10) out[next++] = groups[3 * value + 1] as number
  out[next++] = groups[3 * value + 2] as number
  return next
}

function writeThousandths(out: Uint8Array, at: number, value: number): number {
  if (value === 0) return at
  out[at] = dot
  return trimmed(out, writeGroup(out, at + 1, value))
}

/** Where a fraction ends that was written up to `at`, without its zeros. */
function trimmed(out: Uint8Array, at: number): number {
  let end = at
  while (out[end - 1] === zero) end--
  return end
}
