import type { OcspFacts, TlsFacts } from '@sonde/core'
import { fitted, type Ink, padded } from './ink.ts'

const dayMs = 86_400_000

/** What was agreed on, and the certificates as they were sent, each below the one that it issued, with the days it has left. */
export function drawChain(tls: TlsFacts, nowMs: number, ink: Ink): string[] {
  const agreed = [tls.version, tls.cipher, tls.alpn].filter((part) => part !== null).join(' · ')
  const verdict = `${tls.authorized ? 'trusted' : 'not trusted'} for ${tls.serverName}`
  return [
    fitted(agreed, ink.columns),
    (tls.authorized ? ink.good : ink.bad)(fitted(verdict, ink.columns)),
    ...(tls.ocsp == null ? [] : [drawStaple(tls.ocsp, ink)]),
    ...tls.chain.flatMap((certificate, depth) => {
      const days = Math.floor((Date.parse(certificate.notAfter) - nowMs) / dayMs)
      const left = days < 0 ? `expired ${daysText(-days - 1)} ago` : `${daysText(days)} left`
      const branch = `  ${'   '.repeat(Math.min(depth, 6))}${depth === 0 ? '' : '└─ '}`
      const room = ink.columns - branch.length - 20
      const subject = padded(fitted(certificate.subject || '(no subject)', room), room)
      const colour = days < 0 ? ink.bad : days < 14 ? ink.strong : ink.good
      const rest = [
        certificate.san.join(' '),
        `${certificate.keyType} ${certificate.keyBits ?? ''}`,
        certificate.signature,
      ]
      const details = rest.map((part) => part.trim()).filter((part) => part !== '')
      const indent = ' '.repeat(branch.length)
      return [
        `${ink.faint(branch)}${subject} ${colour(left.padStart(19))}`,
        `${indent}${ink.faint(fitted(details.join(' · '), ink.columns - indent.length))}`,
      ]
    }),
  ]
}

function drawStaple({ status, thisUpdate, nextUpdate }: OcspFacts, ink: Ink): string {
  const told = [`OCSP stapled: ${status}`, `of ${thisUpdate ?? 'no date'}`, nextUpdate && `until ${nextUpdate}`]
  const text = fitted(told.filter(Boolean).join(', '), ink.columns)
  return status === 'good' ? ink.faint(text) : ink.bad(text)
}

function daysText(days: number): string {
  return `${days} ${days === 1 ? 'day' : 'days'}`
}
