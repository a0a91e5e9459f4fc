import type { IcmpFacts } from '@sonde/core'
import { msText } from './draw-phases.ts'
import { fitted, type Ink } from './ink.ts'

/** How many replies came, as a bar with what is missing in faint, and how long they took. */
export function drawIcmp(icmp: IcmpFacts, ink: Ink): string[] {
  const { sent, received, lossPercent, rttMinMs, rttAvgMs, rttMaxMs, rttStddevMs, hopLimit } = icmp
  const loss = `${lossPercent} % loss`
  const hops = hopLimit === null ? '' : ` · hop limit ${hopLimit}`
  const counts = fitted(`${sent} sent · ${received} received · ${loss}${hops}`, ink.columns)
  const room = ink.columns - 2
  const came = sent === 0 ? 0 : Math.min(room, Math.round((received / sent) * room))
  const times = { min: rttMinMs, avg: rttAvgMs, max: rttMaxMs, stddev: rttStddevMs }
  const rtt = Object.entries(times).flatMap(([name, ms]) => (ms === null ? [] : [`${name} ${msText(ms)}`]))
  return [
    (lossPercent === 0 ? ink.good : ink.bad)(counts),
    `  ${ink.good('█'.repeat(came))}${ink.faint('░'.repeat(room - came))}`,
    ...(rtt.length === 0 ? [] : [fitted(`  round trip  ${rtt.join('  ')}`, ink.columns)]),
  ]
}
