import type { DnsFacts } from '@sonde/core'
import { fitted, type Ink, padded } from './ink.ts'

/** Who answered with what flags, and the records in columns. */
export function drawAnswers(dns: DnsFacts, ink: Ink): string[] {
  const nameRoom = Math.min(
    Math.floor(ink.columns * 0.4),
    dns.answers.reduce((most, { name }) => Math.max(most, name.length), 4),
  )
  const dataRoom = ink.columns - nameRoom - 21
  return [
    fitted(`${dns.server} · ${dns.rcode} · ${dns.flags.join(' ')}`, ink.columns),
    ...dns.answers.map(
      ({ name, ttl, type, data }) =>
        `  ${padded(fitted(name, nameRoom), nameRoom)} ${String(ttl).padStart(10)} ${padded(fitted(type, 6), 6)} ${fitted(data, dataRoom)}`,
    ),
  ]
}
