import { availability, figureAt, type LatencyFigures, measures, type SeriesPoint } from '@sonde/core'
import { writeBytes, writeCount, writeInstant, writeMs } from './number-bytes.ts'
import { SpareBuffers } from './spare-buffers.ts'

/**
 * A series as JSON, in less than half of the time that `JSON.stringify` takes: an answer may have 100,000 numbers, nearly all of them
 * latencies. They are told to a microsecond, or to a nanosecond below a millisecond: half of it would be digits that say nothing.
 */
export class SeriesText {
  #buffer: Buffer
  #at: number
  #isFirst = true

  /** With room for the points that are expected; more find theirs. */
  constructor(about: { from: string; to: string; step: string }, expected = 0) {
    const head = Buffer.from(`${JSON.stringify(about).slice(0, -1)},"items":[`)
    this.#buffer = spares.take(head.length + expected * usualPointBytes + mostPointBytes)
    this.#at = writeBytes(this.#buffer, 0, head)
  }

  add(point: SeriesPoint): void {
    const codes = codesOf(point)
    this.#reserve(mostPointBytes + 3 * codes.length)
    if (!this.#isFirst) this.#buffer[this.#at++] = comma
    this.#isFirst = false
    this.#at = writePoint(this.#buffer, this.#at, point, codes)
  }

  /** The whole. It is good until `release`. */
  end(): Buffer {
    this.#reserve(tail.length)
    return this.#buffer.subarray(0, writeBytes(this.#buffer, this.#at, tail))
  }

  /** Says that nobody reads the text any more: its memory is the next one's. */
  release(): void {
    spares.give(this.#buffer)
    this.#buffer = nothing
    this.#at = 0
  }

  #reserve(bytes: number): void {
    if (this.#at + bytes <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#at + bytes))
    this.#buffer.copy(larger, 0, 0, this.#at)
    this.#buffer = larger
  }
}

const spares = new SpareBuffers()
const nothing = Buffer.alloc(0)
const tail = Buffer.from('],"nextCursor":null}')

// Of one with all measures; what it takes with as many digits as there may be, but for its codes.
const usualPointBytes = 900
const mostPointBytes = 4096

function codesOf({ codes }: SeriesPoint): string {
  for (const _ in codes) return JSON.stringify(codes)
  return '{}'
}

const keys = {
  from: Buffer.from('{"from":"'),
  availability: Buffer.from('","availability":'),
  up: Buffer.from(',"up":'),
  down: Buffer.from(',"down":'),
  missed: Buffer.from(',"missed":'),
  maintenance: Buffer.from(',"maintenance":'),
  codes: Buffer.from(',"codes":'),
  latency: Buffer.from(',"latency":{'),
}
const [countName, ...timeNames] = Object.keys(figureAt)
const measureKeys = measures.map((name) => Buffer.from(`"${name}":{"${countName}":`))
const timeKeys = timeNames.map((name) => Buffer.from(`,"${name}":`))
const comma = 0x2c
const end = 0x7d

function writePoint(out: Buffer, start: number, point: SeriesPoint, codes: string): number {
  let at = writeInstant(out, writeBytes(out, start, keys.from), point.startMs)
  at = writeBytes(out, at, keys.availability)
  at += out.write(String(availability(point)), at, 'latin1')
  at = writeCount(out, writeBytes(out, at, keys.up), point.up)
  at = writeCount(out, writeBytes(out, at, keys.down), point.down)
  at = writeCount(out, writeBytes(out, at, keys.missed), point.missed)
  at = writeCount(out, writeBytes(out, at, keys.maintenance), point.maintenance)
  at = writeBytes(out, at, keys.codes)
  at += out.write(codes, at)
  at = writeBytes(out, at, keys.latency)
  let isFirst = true
  for (let index = 0; index < measures.length; index++) {
    const figures = point.latency[measures[index] as (typeof measures)[number]]
    if (figures === undefined) continue
    if (!isFirst) out[at++] = comma
    isFirst = false
    at = writeFigures(out, writeBytes(out, at, measureKeys[index] as Buffer), figures)
    out[at++] = end
  }
  out[at++] = end
  out[at++] = end
  return at
}

function writeFigures(out: Buffer, start: number, figures: LatencyFigures): number {
  let at = writeCount(out, start, figures[figureAt.count] ?? 0)
  for (let index = 0; index < timeKeys.length; index++)
    at = writeMs(out, writeBytes(out, at, timeKeys[index] as Buffer), figures, index + 1)
  return at
}
