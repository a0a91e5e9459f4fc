const minuteMs = 60_000
const seconds = Array.from({ length: 60 }, (_, second) => String(second).padStart(2, '0'))
const fractions = Array.from({ length: 1000 }, (_, ms) => `.${String(ms).padStart(3, '0')}Z`)
// Those of the last week, if each is asked for.
const mostKept = 10_000
const minutes = new Map<number, string>()

/** An instant as `toISOString` has it, in half of the time: a list of a fleet has ten thousands, and most are of a few minutes. `ms` is a whole number. */
export function instantText(ms: number): string {
  const minute = Math.floor(ms / minuteMs)
  let text = minutes.get(minute)
  if (text === undefined) {
    text = new Date(minute * minuteMs).toISOString().slice(0, -'00.000Z'.length)
    if (minutes.size >= mostKept) minutes.clear()
    minutes.set(minute, text)
  }
  const rest = ms - minute * minuteMs
  const second = Math.floor(rest / 1000)
  return `${text}${seconds[second]}${fractions[rest - second * 1000]}`
}
