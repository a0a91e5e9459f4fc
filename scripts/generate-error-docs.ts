import { writeFileSync } from 'node:fs'
import {
  blanksOf,
  explain,
  type Failure,
  type FailureCode,
  failures,
  missed,
  phaseNames,
} from '../packages/core/src/failure.ts'

const path = `${import.meta.dirname}/../docs/errors.md`

const titles: Record<(typeof phaseNames)[number], string> = {
  dns: 'Name resolution',
  connect: 'Connecting',
  tls: 'TLS',
  http: 'HTTP',
  tcp: 'TCP',
  icmp: 'ICMP',
  assertion: 'Assertions',
  missed: 'Missed: the probe never ran',
}

/** docs/errors.md as the table of failures says it: a section a phase, a code each with its cause, its remedy and its blanks. */
export function errorDocs(): string {
  const all = Object.entries({ ...failures, ...missed }) as [FailureCode, Failure][]
  const sections = phaseNames.map((phase) => {
    const codes = all.filter(([, failure]) => failure.phase === phase)
    return [`## ${titles[phase]}`, ...codes.map(([code, failure]) => section(code, failure))].join('\n\n')
  })
  return `${[intro, ...sections].join('\n\n')}\n`
}

function section(code: FailureCode, { cause, remedy }: Failure): string {
  const said = explain(code, '')
  const blanks = [...new Set([...blanksOf(cause), ...blanksOf(remedy)])].map((name) => `\`${name}\``)
  return [
    `### ${code}`,
    `**Means:** ${said.cause}`,
    `**Do:** ${said.remedy}`,
    ...(blanks.length === 0 ? [] : [`Filled in when seen: ${blanks.join(', ')}.`]),
  ].join('\n\n')
}

const intro = `# What went wrong, and what to do

<!-- Written by scripts/generate-error-docs.ts from packages/core/src/failure-table.ts: change that table, then run it. -->

A result with the outcome \`down\` carries \`error\`: a \`code\` from this list, the \`phase\` of the probe in which it failed, a
\`message\` that says what was seen, the \`cause\` that is most likely and the \`remedy\`. The texts below are those of cause and
remedy when nothing more is known; a result has them filled in with the certificate, the address or the name that was seen. The
code is also the label \`error\` of \`sonde_probe_results_total\`. A result with the outcome \`missed\` says nothing of the target.`

if (import.meta.main) writeFileSync(path, errorDocs())
