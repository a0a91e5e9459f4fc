import type { ChainLink } from './chain.ts'

/** A certificate of the chain for a sentence: certificate `CN=x` (2nd of 3). */
export function which(chain: readonly ChainLink[], link: ChainLink): string {
  return `certificate \`${shortened(link.facts.subject)}\` (${place(chain, link)})`
}

/** The same for the blank of a remedy: CN=x (2nd of 3). */
export function whichPlainly(chain: readonly ChainLink[], link: ChainLink): string {
  return `${shortened(link.facts.subject)} (${place(chain, link)})`
}

/** A name that a target chose, short enough for a sentence. */
export function shortened(name: string): string {
  if (name === '') return 'without a subject'
  return name.length <= 120 ? name : `${name.slice(0, 119)}…`
}

function place(chain: readonly ChainLink[], link: ChainLink): string {
  const index = chain.indexOf(link)
  const ordinal = ['1st', '2nd', '3rd'][index] ?? `${index + 1}th`
  return `${ordinal} of ${chain.length}`
}

/** At most `limit` names, and how many more there are. */
export function listed(names: readonly string[], limit = 8): string {
  const shown = names.slice(0, limit).map(shortened).join(', ')
  return names.length <= limit ? shown : `${shown} and ${names.length - limit} more`
}

/** A span of time to one unit: "3 days", "1 hour", "20 minutes", "5 seconds". */
export function spanText(ms: number): string {
  const units = [
    [86_400_000, 'day'],
    [3_600_000, 'hour'],
    [60_000, 'minute'],
    [1000, 'second'],
  ] as const
  const [size, unit] = units.find(([one]) => ms >= one) ?? units[3]
  const count = Math.floor(ms / size)
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
