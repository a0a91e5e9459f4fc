import { MaintenancePlan, MaintenanceWindow, noMaintenance } from '@sonde/core'
import { aCheck } from '@sonde/testkit'
import { scheduled } from '../../apps/scheduler/src/batches.ts'
import { Pauses } from '../../apps/scheduler/src/pauses.ts'
import { median } from './statistics.ts'

// What maintenance costs each result and each second of the schedule, with 20,000 checks and a handful of windows: beside none at
// all, while none of them holds, and while all of them do. Ratios are of one run.

const checks = Array.from({ length: 20_000 }, (_, index) =>
  aCheck({ key: `check-${index}`, interval: '30s', labels: { team: `team-${index % 20}`, tier: String(index % 3) } }),
)
const entries = checks.flatMap((check, index) => scheduled(index, check, ['eu']) ?? [])
const nightly = (number: number) =>
  MaintenanceWindow.parse({
    key: `nightly-${number}`,
    start: '2026-01-04T02:00:00',
    end: '2026-01-04T04:00:00',
    timeZone: 'Europe/Berlin',
    rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR,SA,SU',
    labels: { team: `team-${number}` },
    mode: number % 2 === 0 ? 'pause' : 'silence',
  })
const plan = new MaintenancePlan([0, 1, 2, 3, 4].map(nightly))
const noon = Date.parse('2026-06-10T10:00:00Z')
const night = Date.parse('2026-06-10T01:00:00Z')

/** Median of 15 runs after three to warm, in ns a check. */
function nsPerCheck(work: () => void): number {
  const runs = Array.from({ length: 18 }, () => {
    const began = performance.now()
    work()
    return ((performance.now() - began) * 1e6) / checks.length
  })
  return median(runs.slice(3))
}

let inMaintenance = 0
const ofResults = (asked: MaintenancePlan, atMs: number) => () => {
  for (const check of checks) if (asked.modeOf(check, atMs) !== null) inMaintenance++
}
const ofSchedule = (asked: MaintenancePlan, atMs: number) => {
  const pauses = new Pauses()
  pauses.follow(asked)
  return () => {
    const { due } = pauses.split(() => entries, atMs)
    for (const { id } of due()) inMaintenance += id < 0 ? 1 : 0
  }
}

const rows = [
  ['no windows', noMaintenance, noon],
  ['five windows, none holds', plan, noon],
  ['five windows, all hold', plan, night],
] as const
console.log('ns a check                  a result   a second of the schedule')
for (const [name, asked, atMs] of rows) {
  const figures = [nsPerCheck(ofResults(asked, atMs)), nsPerCheck(ofSchedule(asked, atMs))]
  console.log(name.padEnd(28), figures.map((figure) => figure.toFixed(0).padStart(8)).join('   '))
}
const began = performance.now()
new MaintenancePlan([0, 1, 2, 3, 4].map(nightly)).modeOf(checks[0] ?? aCheck({ key: 'x' }), noon)
console.log(`five windows read anew, with the first answer: ${(performance.now() - began).toFixed(1)} ms`)
if (inMaintenance === 0) throw new Error('no check was in maintenance: nothing was measured')
