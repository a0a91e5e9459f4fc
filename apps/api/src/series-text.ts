import { availability, type LatencyFigures, measures, type SeriesPoint } from '@sonde/core'

/**
 * A series as JSON, in some half of the time that `JSON.stringify` takes: an answer may have 100,000 numbers, nearly all of them
 * latencies. They are told to a microsecond, or to a nanosecond below a millisecond: half of it would be digits that say nothing.
 */
export function seriesText(about: { from: string; to: string; step: string }, points: Iterable<SeriesPoint>): Buffer {
  const out = new Writer()
  out.text(`${JSON.stringify(about).slice(0, -1)},"items":[`)
  let isFirst = true
  for (const point of points) {
    if (!isFirst) out.byte(comma)
    isFirst = false
    writePoint(out, point)
  }
  out.text('],"nextCursor":null}')
  return out.bytes()
}

function writePoint(out: Writer, point: SeriesPoint): void {
  out.text(`{"from":"${new Date(point.startMs).toISOString()}","availability":${availability(point)}`)
  out.figure(keys.up, point.up)
  out.figure(keys.down, point.down)
  out.figure(keys.missed, point.missed)
  out.figure(keys.maintenance, point.maintenance)
  out.text(`,"codes":${JSON.stringify(point.codes)},"latency":{`)
  writeLatency(out, point.latency)
  out.byte(end)
  out.byte(end)
}

const keys = {
  up: Buffer.from(',"up":'),
  down: Buffer.from(',"down":'),
  missed: Buffer.from(',"missed":'),
  maintenance: Buffer.from(',"maintenance":'),
  count: Buffer.from('"count":'),
  mean: Buffer.from(',"meanMs":'),
  min: Buffer.from(',"minMs":'),
  max: Buffer.from(',"maxMs":'),
  p50: Buffer.from(',"p50Ms":'),
  p90: Buffer.from(',"p90Ms":'),
  p95: Buffer.from(',"p95Ms":'),
  p99: Buffer.from(',"p99Ms":'),
}
const measureKeys = measures.map((name) => Buffer.from(`"${name}":{`))
const comma = 0x2c
const dot = 0x2e
const zero = 0x30
const end = 0x7d

function writeLatency(out: Writer, latency: SeriesPoint['latency']): void {
  let isFirst = true
  for (const [index, measure] of measures.entries()) {
    const figures = latency[measure]
    if (figures === undefined) continue
    if (!isFirst) out.byte(comma)
    isFirst = false
    out.ascii(measureKeys[index] as Buffer)
    writeFigures(out, figures)
    out.byte(end)
  }
}

function writeFigures(out: Writer, figures: LatencyFigures): void {
  out.figure(keys.count, figures.count)
  out.figure(keys.mean, figures.meanMs)
  out.figure(keys.min, figures.minMs)
  out.figure(keys.max, figures.maxMs)
  out.figure(keys.p50, figures.p50Ms)
  out.figure(keys.p90, figures.p90Ms)
  out.figure(keys.p95, figures.p95Ms)
  out.figure(keys.p99, figures.p99Ms)
}

// Whole milliseconds are handled as 32 bits: up to 11 days of a probe.
const mostMs = 1e9

class Writer {
  #buffer = Buffer.allocUnsafe(65_536)
  #length = 0

  byte(value: number): void {
    this.#reserve(1)
    this.#buffer[this.#length++] = value
  }

  /** Of short texts of one byte a character. */
  ascii(text: Uint8Array): void {
    this.#reserve(text.length)
    const buffer = this.#buffer
    const start = this.#length
    for (let index = 0; index < text.length; index++) buffer[start + index] = text[index] as number
    this.#length = start + text.length
  }

  text(text: string): void {
    this.#reserve(3 * text.length)
    this.#length += this.#buffer.write(text, this.#length)
  }

  /** A key and its number of zero or more, rounded to three decimals, or to six below 1. */
  figure(key: Uint8Array, value: number): void {
    this.ascii(key)
    if (!(value >= 0 && value < mostMs)) return this.text(JSON.stringify(value))
    this.#reserve(24)
    const decimals = value < 1 ? 6 : 3
    const scale = value < 1 ? 1e6 : 1e3
    const scaled = Math.round(value * scale)
    const whole = Math.floor(scaled / scale)
    let at = writeDigits(this.#buffer, this.#length, whole, countDigits(whole))
    const fraction = scaled - whole * scale
    if (fraction > 0) {
      this.#buffer[at++] = dot
      at = writeDigits(this.#buffer, at, fraction, decimals)
      while (this.#buffer[at - 1] === zero) at--
    }
    this.#length = at
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#length + bytes))
    this.#buffer.copy(larger, 0, 0, this.#length)
    this.#buffer = larger
  }
}

/** Writes `count` digits of a whole number below 2^31, and answers where they end. */
function writeDigits(buffer: Uint8Array, start: number, value: number, count: number): number {
  let rest = value | 0
  for (let at = start + count - 1; at >= start; at--) {
    const next = (rest / 10) | 0
    buffer[at] = zero + rest - next * 10
    rest = next
  }
  return start + count
}

function countDigits(value: number): number {
  let count = 1
  for (let bound = 10; value >= bound; bound *= 10) count++
  return count
}
