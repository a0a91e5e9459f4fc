const digits = '0123456789bcdefghjkmnpqrstuvwxyz'

// As many as the synthetic monitoring agent writes: a few centimetres.
const length = 12

type Range = { at: number; low: number; high: number }

/** The geohash of a place: halves of longitude and latitude by turns, a bit each, five bits a digit. */
export function geohash({ latitude, longitude }: { latitude: number; longitude: number }): string {
  const ranges: [Range, Range] = [
    { at: longitude, low: -180, high: 180 },
    { at: latitude, low: -90, high: 90 },
  ]
  let hash = ''
  let bits = 0
  for (let bit = 0; bit < length * 5; bit += 1) {
    const range = ranges[bit % 2 === 0 ? 0 : 1]
    const middle = (range.low + range.high) / 2
    const isUpper = range.at >= middle
    if (isUpper) range.low = middle
    else range.high = middle
    bits = bits * 2 + (isUpper ? 1 : 0)
    if (bit % 5 === 4) {
      hash += digits[bits]
      bits = 0
    }
  }
  return hash
}
