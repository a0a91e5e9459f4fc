import { addCounts, type LatencySummary, type Measure, measures, type Rollup } from './rollup.ts'

/**
 * The latencies of a rollup as bytes, for storage: a version, then for each measure the number of buckets and, if there are
 * any, sum, least and most as doubles and the buckets in order, numbers and counts as variable-length integers, each number
 * as its distance from the one before. Some two bytes a bucket.
 */
const version = 1

export function encodeLatency(latency: Rollup['latency']): Buffer {
  const out = writer
  out.start()
  out.byte(version)
  for (const measure of measures) {
    const summary = latency[measure]
    out.varint(summary?.histogram.size ?? 0)
    if (summary === undefined) continue
    out.double(summary.sumMs)
    out.double(summary.minMs)
    out.double(summary.maxMs)
    let last = 0
    for (const bucket of rising(summary.histogram.keys())) {
      out.varint(zigzag(bucket - last))
      out.varint(summary.histogram.get(bucket) ?? 0)
      last = bucket
    }
  }
  return out.bytes()
}

/** The reverse of `encodeLatency`; throws on bytes of another version or that end too early. */
export function decodeLatency(bytes: Uint8Array): Rollup['latency'] {
  const input = reader
  input.begin(bytes)
  if (input.ended) throw new RangeError('latencies of a rollup: there are none')
  input.version()
  const latency: Partial<Record<Measure, LatencySummary>> = {}
  for (const measure of measures) {
    const size = input.varint()
    if (size === 0) continue
    const [sumMs, minMs, maxMs] = [input.double(), input.double(), input.double()]
    const histogram = new Map<number, number>()
    let bucket = 0
    let count = 0
    for (let index = 0; index < size; index++) {
      bucket += input.signed()
      const here = input.varint()
      histogram.set(bucket, here)
      count += here
    }
    latency[measure] = { count, sumMs, minMs, maxMs, histogram }
  }
  if (!input.ended) throw new RangeError('latencies of a rollup: there is more than one has')
  return latency
}

/**
 * What `encodeLatency` made, with more added: the same as encoding the merged histograms, in a sixth of the time, as what is there is
 * neither taken apart nor put together again. Throws as `decodeLatency` does.
 */
export function addToLatency(encoded: Uint8Array, added: Rollup['latency']): Buffer {
  const input = reader
  input.begin(encoded)
  if (input.ended) throw new RangeError('latencies of a rollup: there are none')
  input.version()
  const out = writer
  out.start()
  out.byte(version)
  for (const measure of measures) addToMeasure(input, out, added[measure])
  if (!input.ended) throw new RangeError('latencies of a rollup: there is more than one has')
  return out.bytes()
}

// The buckets of one measure, and how many each has.
const numbers: number[] = []
const counts: number[] = []

function addToMeasure(input: LatencyReader, out: Writer, added: LatencySummary | undefined): void {
  let size = input.varint()
  let [sumMs, minMs, maxMs] = [0, Number.POSITIVE_INFINITY, 0]
  if (size > 0) [sumMs, minMs, maxMs] = [input.double(), input.double(), input.double()]
  for (let index = 0, bucket = 0; index < size; index++) {
    bucket += input.signed()
    numbers[index] = bucket
    counts[index] = input.varint()
  }
  if (added !== undefined) {
    sumMs += added.sumMs
    minMs = Math.min(minMs, added.minMs)
    maxMs = Math.max(maxMs, added.maxMs)
    for (const [bucket, count] of added.histogram) size = addToBuckets(size, bucket, count)
  }
  out.varint(size)
  if (size === 0) return
  out.double(sumMs)
  out.double(minMs)
  out.double(maxMs)
  for (let index = 0, last = 0; index < size; index++) {
    const bucket = numbers[index] as number
    out.varint(zigzag(bucket - last))
    out.varint(counts[index] as number)
    last = bucket
  }
}

/** Adds to a bucket of those that stand in rising order, and answers how many they are then. */
function addToBuckets(size: number, bucket: number, count: number): number {
  let at = size
  while (at > 0 && (numbers[at - 1] as number) > bucket) at--
  if (at > 0 && numbers[at - 1] === bucket) {
    counts[at - 1] = (counts[at - 1] as number) + count
    return size
  }
  for (let index = size; index > at; index--) {
    numbers[index] = numbers[index - 1] as number
    counts[index] = counts[index - 1] as number
  }
  numbers[at] = bucket
  counts[at] = count
  return size + 1
}

/** A rollup as it is stored: latencies as bytes. */
export type EncodedRollup = Omit<Rollup, 'latency'> & { latency: Uint8Array }

export function decodeRollup(stored: EncodedRollup): Rollup {
  return { ...stored, latency: decodeLatency(stored.latency) }
}

export function encodeRollup(rollup: Rollup): EncodedRollup {
  return { ...rollup, latency: encodeLatency(rollup.latency) }
}

/** What is stored, with another rollup added: as `mergeRollups` has it. */
export function addToRollup(stored: EncodedRollup, added: Rollup): EncodedRollup {
  return { ...addCounts([stored, added]), latency: addToLatency(stored.latency, added.latency) }
}

const zigzag = (value: number): number => (value < 0 ? -2 * value - 1 : 2 * value)
const unzigzag = (value: number): number => (value % 2 === 0 ? value / 2 : -(value + 1) / 2)

/** Numbers in rising order. They mostly are already: the few that a result adds come last. */
function rising(numbers: Iterable<number>): number[] {
  const sorted = [...numbers]
  for (let at = 1; at < sorted.length; at++)
    if ((sorted[at - 1] ?? 0) > (sorted[at] ?? 0)) return sorted.sort((a, b) => a - b)
  return sorted
}

class Writer {
  #buffer = Buffer.allocUnsafe(4096)
  #length = 0

  start(): void {
    this.#length = 0
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#buffer[this.#length++] = value
  }

  varint(value: number): void {
    let rest = value
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.byte((rest % 0x80) | 0x80)
    this.byte(rest)
  }

  double(value: number): void {
    this.#reserve(8)
    this.#length = this.#buffer.writeDoubleLE(value, this.#length)
  }

  /** A copy of what was written. */
  bytes(): Buffer {
    return Buffer.copyBytesFrom(this.#buffer, 0, this.#length)
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#buffer.length) return
    const larger = Buffer.allocUnsafe(this.#buffer.length * 2)
    this.#buffer.copy(larger)
    this.#buffer = larger
  }
}

// Encoding is done in one go, so all can have the same.
const writer = new Writer()

/** Reads what `encodeLatency` wrote, number by number: each encoding begins with its version. Throws on what ends too early. */
export class LatencyReader {
  #view: DataView = new DataView(new ArrayBuffer(0))
  #at = 0
  #end = 0

  /** Begins with these bytes. Those of many are often parts of one memory, which is looked at as a whole. */
  begin(bytes: Uint8Array): void {
    if (this.#view.buffer !== bytes.buffer) this.#view = new DataView(bytes.buffer)
    this.#at = bytes.byteOffset
    this.#end = bytes.byteOffset + bytes.byteLength
  }

  get ended(): boolean {
    if (this.#at > this.#end) throw new RangeError('latencies of a rollup: they end too early')
    return this.#at === this.#end
  }

  /** Throws on another than is known. */
  version(): void {
    const found = this.#view.getUint8(this.#at++)
    if (found !== version) throw new Error(`latencies of a rollup: version ${found}, expected ${version}`)
  }

  signed(): number {
    return unzigzag(this.varint())
  }

  varint(): number {
    const first = this.#view.getUint8(this.#at++)
    // Nearly all are below 128.
    if (first < 0x80) return first
    let value = first & 0x7f
    for (let scale = 0x80; ; scale *= 0x80) {
      const byte = this.#view.getUint8(this.#at++)
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }

  double(): number {
    this.#at += 8
    return this.#view.getFloat64(this.#at - 8, true)
  }
}

// Decoding is done in one go as well.
const reader = new LatencyReader()
