import type { MetricDescription } from './names.ts'

/** The media type of the Prometheus text format that this package writes. */
export const expositionContentType = 'text/plain; version=0.0.4; charset=utf-8'

/** Targets control some label values (certificate subjects, alternative names): longer ones are cut, and end in an ellipsis. */
const maxLabelLength = 1024

/** `name="value"` pairs joined by commas, escaped as the text format wants; names are trusted, values are not. */
export function labelText(labels: readonly (readonly [string, string])[]): string {
  return labels.map(([name, value]) => `${name}="${escapeLabelValue(bounded(value))}"`).join(',')
}

/** The `# HELP` and `# TYPE` lines of a family. */
export function familyHeader(name: string, { type, help }: MetricDescription): string {
  return `# HELP ${name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n# TYPE ${name} ${type}\n`
}

/** A number as the text format writes it. */
export function numberText(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf'
  return value === Number.NEGATIVE_INFINITY ? '-Inf' : String(value)
}

function escapeLabelValue(value: string): string {
  // Most values have nothing to escape, and there are hundreds of thousands of them in one exposition.
  if (!/[\\"\n]/.test(value)) return value
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

function bounded(value: string): string {
  if (value.length <= maxLabelLength) return value.toWellFormed()
  // A cut between two surrogates leaves half a character; toWellFormed makes it one that UTF-8 can carry.
  return `${value.slice(0, maxLabelLength - 1).toWellFormed()}…`
}
