import { failures, missed } from './failure-table.ts'

/** Where in a probe it failed. */
export const phaseNames = ['dns', 'connect', 'tls', 'http', 'tcp', 'icmp', 'assertion', 'missed'] as const
export type PhaseName = (typeof phaseNames)[number]

/** What a code says: `cause` and `remedy` are texts with blanks, see `failure-table.ts`. */
export type Failure = { phase: PhaseName; cause: string; remedy: string }

export { failures, missed }

export type FailureCode = keyof typeof failures
export const failureCodes = Object.keys(failures) as [FailureCode, ...FailureCode[]]

export type MissedReason = keyof typeof missed
export const missedReasons = Object.keys(missed) as [MissedReason, ...MissedReason[]]

/** What was seen, by name, for the blanks of cause and remedy: `{ certificate: 'CN=interexp (2nd of 3)', ago: '2 days ago' }`. */
export type Seen = Record<string, string | number>

/**
 * The whole error of a result: what was seen, with the cause and the remedy that belong to its code. In their texts
 * `{name|otherwise}` stands for what was seen under that name, or for the words after the bar when nothing was;
 * `{name:words with *|otherwise}` for those words, with what was seen in place of the star.
 */
export function explain(code: FailureCode | MissedReason, message: string, seen: Seen = {}) {
  const { phase, cause, remedy }: Failure = { ...failures, ...missed }[code]
  return { code, phase, message, cause: filled(cause, seen), remedy: filled(remedy, seen) }
}

/** The names of the blanks that a text has, each once, in order. */
export function blanksOf(text: string): string[] {
  return [...new Set(Array.from(text.matchAll(blank), ([, name]) => name as string))]
}

const blank = /\{(\w+)(?::([^{}|]*))?\|([^{}]*)\}/g
// A name of a certificate may be a kilobyte long, and the sentence goes into every notification.
const maxSeen = 300

function filled(text: string, seen: Seen): string {
  return text.replace(blank, (_, name: string, clause: string | undefined, otherwise: string) => {
    const found = Object.hasOwn(seen, name) ? String(seen[name]) : ''
    if (found === '') return otherwise
    const words = found.length <= maxSeen ? found : `${found.slice(0, maxSeen - 1)}…`
    return clause === undefined ? words : clause.replaceAll('*', () => words)
  })
}
