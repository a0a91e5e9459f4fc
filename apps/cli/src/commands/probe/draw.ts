import type { Result } from '@sonde/core'
import { drawAnswers } from './draw-answers.ts'
import { drawChain } from './draw-chain.ts'
import { drawIcmp } from './draw-icmp.ts'
import { drawPhases, msText } from './draw-phases.ts'
import { drawReceived } from './draw-received.ts'
import { fitted, type Ink, padded, widthOf, wrapped } from './ink.ts'

/** A result for people: what was probed and how it went, the phases, redirects, chain, answers or replies, assertions, the diagnosis. */
export function drawResult(result: Result, ink: Ink): string {
  const parts = [
    [...headline(result, ink), ...summary(result, ink)],
    drawPhases(result, ink),
    drawRedirects(result, ink),
    result.tls === null ? [] : drawChain(result.tls, Date.parse(result.startedAt ?? result.slot), ink),
    result.dns === null ? [] : drawAnswers(result.dns, ink),
    result.icmp === null ? [] : drawIcmp(result.icmp, ink),
    typeof result.tcp?.received === 'string' ? drawReceived(result.tcp.received, ink) : [],
    drawAssertions(result, ink),
    drawError(result, ink),
  ]
  const text = parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
  return `${text}\n`
}

function headline({ target, outcome, durationMs }: Result, ink: Ink): string[] {
  const verdict = outcome === 'missed' ? 'not probed' : `${outcome} in ${msText(durationMs)}`
  const shown = fitted(target, ink.columns - verdict.length - 2)
  const gap = ' '.repeat(Math.max(2, ink.columns - widthOf(shown) - verdict.length))
  return [`${ink.strong(shown)}${gap}${outcome === 'up' ? ink.good(verdict) : ink.bad(verdict)}`]
}

function summary({ ip, ipFamily, http, dns, attempts, timing }: Result, ink: Ink): string[] {
  const facts = [
    ip === null ? undefined : `${ip} (IPv${ipFamily})`,
    http === null ? undefined : `HTTP/${http.version} ${http.status}`,
    http === null ? undefined : `${http.bodyBytes} bytes${http.bodyTruncated ? ' (cut)' : ''}`,
    dns === null ? undefined : dns.rcode,
    attempts > 1 ? `${attempts} attempts` : undefined,
    timing === 'delayed' ? 'timings not to be trusted: this machine was busy' : undefined,
  ].filter((fact) => fact !== undefined)
  return facts.length === 0 ? [] : [ink.faint(fitted(facts.join(' · '), ink.columns))]
}

function drawRedirects({ http }: Result, ink: Ink): string[] {
  return (http?.redirects ?? []).map(({ status, location }) => `  ${status} → ${fitted(location, ink.columns - 8)}`)
}

function drawAssertions({ assertions }: Result, ink: Ink): string[] {
  return assertions.map(({ source, name, path, op, expected, actual, ok }) => {
    const subject = [source, name ?? path, op].filter((part) => part !== undefined).join(' ')
    const wanted = op === 'exists' || op === 'notExists' ? '' : ` ${JSON.stringify(expected)}`
    const text = fitted(`${subject}${wanted}, found ${JSON.stringify(actual)}`, ink.columns - 8)
    return ok ? `  ${ink.good('ok')}    ${text}` : `  ${ink.bad('fails')} ${text}`
  })
}

function drawError({ error }: Result, ink: Ink): string[] {
  if (error === null) return []
  const said = { seen: error.message, cause: error.cause, remedy: error.remedy }
  return [
    `${ink.bad(error.code)} ${ink.faint(`(${error.phase})`)}`,
    ...Object.entries(said).flatMap(([label, text]) =>
      wrapped(text, ink.columns - 10).map(
        (line, index) => `  ${ink.faint(padded(index === 0 ? label : '', 8))}${line}`,
      ),
    ),
  ]
}
