let secondMs = Number.NaN
let second = ''

/**
 * As `Date.prototype.toISOString`, of ms since the epoch. V8 asks for the machine's time zone on the way, though UTC is wanted, and
 * every result has two instants, mostly of one second.
 */
export function isoInstant(ms: number): string {
  const whole = Math.trunc(ms)
  const fraction = whole % 1000
  const beginsMs = whole - fraction
  if (beginsMs !== secondMs || fraction < 0) {
    const text = new Date(whole).toISOString()
    if (fraction < 0) return text
    second = text.slice(0, -'000Z'.length)
    secondMs = beginsMs
  }
  return `${second}${fraction < 10 ? '00' : fraction < 100 ? '0' : ''}${fraction}Z`
}
