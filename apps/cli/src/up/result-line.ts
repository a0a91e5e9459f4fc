import type { Result } from '@sonde/core'
import { printable } from '../io.ts'

/** One result as one line: local time, region, check, up or down with its code, duration, and the phases it went through. */
function resultLine(result: Result): string {
  const { region, checkKey, outcome, durationMs, phases, error } = result
  const time = new Date(result.startedAt ?? result.slot).toTimeString().slice(0, 8)
  const spent = Object.entries(phases).flatMap(([name, ms]) =>
    ms === null ? [] : [`${name.slice(0, -2)} ${ms.toFixed(1)}`],
  )
  const verdict = error === null ? outcome : `${outcome} ${error.code}`
  const words = [
    time,
    region.padEnd(8),
    checkKey.padEnd(20),
    verdict.padEnd(6),
    outcome === 'missed' ? '' : `${durationMs.toFixed(0).padStart(5)} ms`,
  ]
  const detail = spent.length === 0 ? '' : `  ${spent.join('  ')} ms`
  return printable(`${words.join('  ')}${detail}${error === null ? '' : `  ${error.message}`}`).slice(0, 400)
}

/** A line a result; slots that were missed before `sinceMs`, while Sonde did not run, are one line together. */
export function resultLines(results: readonly Result[], sinceMs: number): string[] {
  const isOld = ({ outcome, slot }: Result) => outcome === 'missed' && Date.parse(slot) < sinceMs
  const old = results.filter(isOld)
  const lines = results.filter((result) => !isOld(result)).map(resultLine)
  return old.length === 0
    ? lines
    : [`${old.length} slots that fell due while Sonde did not run are told as missed.`, ...lines]
}
