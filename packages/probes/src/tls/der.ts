/** What is no DER, or goes on beyond its end. */
export class DerError extends Error {}

// Certificates and OCSP answers have a few dozen parts at any one level; name constraints of a company some hundreds.
const maxChildren = 4096

/** One value in DER (X.690 8 and 10): its tag, its content, and both together as they were encoded. */
export class DerValue {
  readonly tag: number
  readonly content: Buffer
  readonly whole: Buffer

  constructor(tag: number, content: Buffer, whole: Buffer) {
    this.tag = tag
    this.content = content
    this.whole = whole
  }

  /** The values inside a constructed one, in order. Throws `DerError`. */
  children(): DerValue[] {
    const reader = new DerReader(this.content)
    const values: DerValue[] = []
    while (!reader.ended) {
      if (values.length === maxChildren) throw new DerError(`more than ${maxChildren} values`)
      values.push(reader.one())
    }
    return values
  }

  /** An OBJECT IDENTIFIER in dotted form. */
  oid(): string {
    const parts: bigint[] = []
    let value = 0n
    for (const byte of this.content.subarray(0, 64)) {
      value = value * 128n + BigInt(byte & 0x7f)
      if ((byte & 0x80) === 0) {
        parts.push(value)
        value = 0n
      }
    }
    const [first = 0n, ...rest] = parts
    const top = first < 80n ? first / 40n : 2n
    return [top, first - top * 40n, ...rest].join('.')
  }

  /** An INTEGER or ENUMERATED of at most six bytes; larger ones are as good as infinite. */
  integer(): number {
    if (this.content.length === 0) throw new DerError('an integer without digits')
    return this.content.length > 6 ? Number.POSITIVE_INFINITY : this.content.readIntBE(0, this.content.length)
  }

  /** A BIT STRING without its count of unused bits. */
  bits(): Buffer {
    return this.content.subarray(1)
  }

  /** A GeneralizedTime in UTC, in ms; NaN when it is none. */
  timeMs(): number {
    const [, year, month, day, hour, minute, second] =
      /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:\.\d+)?Z$/.exec(this.content.toString('latin1')) ?? []
    return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  }
}

/** Reads values one after the other. Never copies, never looks beyond the end. */
export class DerReader {
  readonly #data: Buffer
  #at = 0

  constructor(data: Buffer) {
    this.#data = data
  }

  get ended(): boolean {
    return this.#at >= this.#data.length
  }

  /** The next value. Throws `DerError` when there is none, or when it is longer than what is left. */
  one(): DerValue {
    const start = this.#at
    const tag = this.#byte()
    if ((tag & 0x1f) === 0x1f) throw new DerError('a tag of several bytes')
    const length = this.#length()
    const end = this.#at + length
    if (end > this.#data.length)
      throw new DerError(`a value of ${length} bytes with ${this.#data.length - this.#at} left`)
    const content = this.#data.subarray(this.#at, end)
    this.#at = end
    return new DerValue(tag, content, this.#data.subarray(start, end))
  }

  #length(): number {
    const first = this.#byte()
    if (first < 0x80) return first
    const count = first & 0x7f
    if (count === 0 || count > 4) throw new DerError('a length that DER does not have')
    let length = 0
    for (let index = 0; index < count; index++) length = length * 256 + this.#byte()
    return length
  }

  #byte(): number {
    const byte = this.#data[this.#at++]
    if (byte === undefined) throw new DerError('the end came too early')
    return byte
  }
}

/** The DER tags that are looked for by number. */
export const derTag = { boolean: 0x01, integer: 0x02, octets: 0x04, oid: 0x06, sequence: 0x30 } as const
