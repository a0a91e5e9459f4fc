import { DnsFormatError, type KnownNames, readName } from './dns-name.ts'

/** Reads one value after the other from part of a message; names may point anywhere into it. Throws `DnsFormatError` at the end. */
export class Cursor {
  readonly bytes: Buffer
  readonly end: number
  at: number
  readonly #known: KnownNames | undefined

  constructor(bytes: Buffer, at: number, end: number, known?: KnownNames) {
    this.#known = known
    this.bytes = bytes
    this.at = at
    this.end = end
  }

  get left(): number {
    return this.end - this.at
  }

  u8(): number {
    return this.bytes.readUInt8(this.#advance(1))
  }

  u16(): number {
    return this.bytes.readUInt16BE(this.#advance(2))
  }

  u32(): number {
    return this.bytes.readUInt32BE(this.#advance(4))
  }

  take(length: number): Buffer {
    const start = this.#advance(length)
    return this.bytes.subarray(start, start + length)
  }

  rest(): Buffer {
    return this.take(this.left)
  }

  name(): string {
    const { name, next } = readName(this.bytes, this.at, this.#known)
    if (next > this.end) throw new DnsFormatError(`a name at octet ${this.at} runs past its record`)
    this.at = next
    return name
  }

  #advance(length: number): number {
    const start = this.at
    if (length > this.left) throw new DnsFormatError(`octet ${this.end} is the end, where ${length} more were expected`)
    this.at += length
    return start
  }
}
