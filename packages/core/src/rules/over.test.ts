import { expect, test } from 'vitest'
import type { IncidentRule } from '../alert-policy.ts'
import { summaryWhenOver } from './over.ts'

const openedMs = Date.parse('2026-01-05T10:00:00Z')
const back = 'it is back'

test.each<[IncidentRule, string, string]>([
  ['down', 'shop is down in 1 of 1 region: x: y is down in z', 'shop was down in 1 of 1 region: x: y is down in z'],
  ['down', 'shop is up (flapping: down for the 3rd time)', 'shop is up (flapping: down for the 3rd time)'],
  ['latency', 'shop is slow in 1 of 1 region: above 1s', 'shop was slow in 1 of 1 region: above 1s'],
  [
    'noData',
    'shop has had no result for 3 slots in 1 of 1 region: eu',
    'shop had no result for 3 slots in 1 of 1 region: eu',
  ],
  ['regionSilent', 'eu is silent: no worker', 'eu was silent: no worker'],
  ['regionSuspect', 'eu is at fault itself: 5 of 5 hosts', 'eu was at fault itself: 5 of 5 hosts'],
  ['channelDead', 'channel ops does not take notifications: x', 'channel ops did not take notifications: x'],
  ['certChange', 'certificate changed unexpectedly to CN=a', 'certificate changed unexpectedly to CN=a'],
])('%s, told as "%s", is over as "%s"', (rule, summary, past) => {
  expect(summaryWhenOver(rule, { summary, openedMs }, back, openedMs + 310_000)).toBe(
    `over after 5m 10s (${back}): ${past}`,
  )
})

test.each([
  [0, '0s'],
  [-5, '0s'],
  [59_400, '59s'],
  [60_000, '1m'],
  [3_600_000, '1h'],
  [3_605_000, '1h'],
  [100_000_000, '1d 3h'],
])('%d ms is told as %s', (ms, text) => {
  expect(summaryWhenOver('down', { summary: 's', openedMs }, back, openedMs + ms)).toBe(
    `over after ${text} (${back}): s`,
  )
})
