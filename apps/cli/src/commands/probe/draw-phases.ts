import type { Phases, Result } from '@sonde/core'
import { type Ink, padded } from './ink.ts'

const names = { dnsMs: 'dns', connectMs: 'connect', tlsMs: 'tls', ttfbMs: 'ttfb', transferMs: 'transfer' } as const

// What the phases of an icmp probe are: ping's own start, and the average of the round trips.
const icmpNames = { ...names, connectMs: 'setup', ttfbMs: 'rtt' } as const

/** The phases one below the other, each bar beginning where the one before it ended. */
export function drawPhases({ phases, kind }: Pick<Result, 'phases' | 'kind'>, ink: Ink): string[] {
  const seen = Object.entries(kind === 'icmp' ? icmpNames : names).flatMap(([key, name]) => {
    const ms = phases[key as keyof Phases]
    return ms === null ? [] : [{ name, ms }]
  })
  const total = seen.reduce((sum, { ms }) => sum + ms, 0)
  const room = ink.columns - 2 - 9 - 11 - 1
  const scale = total === 0 ? 0 : room / total
  let passed = 0
  return seen.map(({ name, ms }) => {
    const from = Math.min(room - 1, Math.floor(passed * scale))
    passed += ms
    const to = Math.min(room, Math.max(from + 1, Math.round(passed * scale)))
    const bar = `${' '.repeat(from)}${'█'.repeat(to - from)}`
    return `  ${ink.faint(padded(name, 9))}${msText(ms).padStart(11)} ${bar}`
  })
}

/** Milliseconds as people read them: three digits that count. */
export function msText(ms: number): string {
  if (ms >= 10_000) return `${(ms / 1000).toFixed(1)} s`
  return `${ms >= 100 ? ms.toFixed(0) : ms >= 10 ? ms.toFixed(1) : ms.toFixed(2)} ms`
}
