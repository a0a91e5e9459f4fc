import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AlertPolicy } from './alert-policy.ts'
import { decideTelling, type ToBeTold } from './telling.ts'

const start = Date.parse('2026-01-05T10:00:00Z')
const minute = 60_000

function anIncident(alerts: object, own: Partial<ToBeTold> = {}): ToBeTold {
  return {
    policy: AlertPolicy.parse({ channels: ['ops'], ...alerts }),
    openedMs: start,
    toldMs: null,
    remindedMs: null,
    acknowledged: false,
    told: new Set(),
    available: new Set(['ops', 'chat', 'boss']),
    mutedUntilMs: null,
    ...own,
  }
}

type Word = [minute: number, what: 'open' | 'remind', channel: string]
type Times = {
  acknowledged?: number | undefined
  muted?: [from: number, to: number] | undefined
  until: number
  step?: number
}

/** What is told of an incident when somebody looks whenever it is due, and every `step` minutes besides. */
function story(alerts: object, { acknowledged, muted, until, step = 1 }: Times): Word[] {
  const words: Word[] = []
  let incident = anIncident(alerts)
  for (let at = 0; at <= until; at += step) {
    incident = {
      ...incident,
      acknowledged: acknowledged !== undefined && at >= acknowledged,
      mutedUntilMs: muted !== undefined && at >= muted[0] && at < muted[1] ? start + muted[1] * minute : null,
    }
    const telling = decideTelling(incident, start + at * minute)
    for (const channel of telling.open) words.push([at, 'open', channel])
    for (const channel of telling.remind) words.push([at, 'remind', channel])
    const { toldMs, remindedMs } = telling
    incident = { ...incident, toldMs, remindedMs, told: new Set([...incident.told, ...telling.open]) }
  }
  return words
}

const escalate = [{ after: '15m', channels: ['boss'] }]

test.each<[what: string, alerts: object, times: Times, words: Word[]]>([
  [
    'the channels of the policy at once',
    { channels: ['ops', 'chat'] },
    { until: 60 },
    [
      [0, 'open', 'ops'],
      [0, 'open', 'chat'],
    ],
  ],
  ['a channel that there is not is nobody', { channels: ['ops', 'gone'] }, { until: 60 }, [[0, 'open', 'ops']]],
  [
    'reminders at every multiple',
    { repeat: '20m' },
    { until: 60 },
    [
      [0, 'open', 'ops'],
      [20, 'remind', 'ops'],
      [40, 'remind', 'ops'],
      [60, 'remind', 'ops'],
    ],
  ],
  [
    'one reminder for many that were missed',
    { repeat: '20m' },
    { until: 130, step: 65 },
    [
      [0, 'open', 'ops'],
      [65, 'remind', 'ops'],
      [130, 'remind', 'ops'],
    ],
  ],
  [
    'escalation, once',
    { escalate },
    { until: 60 },
    [
      [0, 'open', 'ops'],
      [15, 'open', 'boss'],
    ],
  ],
  [
    'who was told of it anyway is not told again',
    { escalate: [{ after: '15m', channels: ['ops', 'boss'] }] },
    { until: 60 },
    [
      [0, 'open', 'ops'],
      [15, 'open', 'boss'],
    ],
  ],
  [
    'who it was escalated to is reminded too',
    { escalate, repeat: '20m' },
    { until: 20 },
    [
      [0, 'open', 'ops'],
      [15, 'open', 'boss'],
      [20, 'remind', 'ops'],
      [20, 'remind', 'boss'],
    ],
  ],
  [
    'acknowledged: no escalation, no reminder',
    { escalate, repeat: '20m' },
    { acknowledged: 10, until: 90 },
    [[0, 'open', 'ops']],
  ],
  [
    'acknowledged after the escalation',
    { escalate, repeat: '20m' },
    { acknowledged: 16, until: 90 },
    [
      [0, 'open', 'ops'],
      [15, 'open', 'boss'],
    ],
  ],
  [
    'muted from the start: told when that is over, and the clock of the escalation begins there',
    { escalate },
    { muted: [0, 30], until: 90 },
    [
      [30, 'open', 'ops'],
      [45, 'open', 'boss'],
    ],
  ],
  [
    'muted later: what fell due meanwhile is told once after it',
    { escalate, repeat: '10m' },
    { muted: [5, 32], until: 40 },
    [
      [0, 'open', 'ops'],
      [32, 'open', 'boss'],
      [32, 'remind', 'ops'],
      [40, 'remind', 'ops'],
      [40, 'remind', 'boss'],
    ],
  ],
  ['nobody but the escalation', { channels: [], escalate }, { until: 60 }, [[15, 'open', 'boss']]],
])('%s', (_, alerts, times, words) => {
  expect(story(alerts, times)).toEqual(words)
})

const anyPolicy = fc.record({
  channels: fc.uniqueArray(fc.constantFrom('ops', 'chat', 'gone'), { maxLength: 3 }),
  repeat: fc.constantFrom(undefined, '7m', '30m'),
  escalate: fc.array(
    fc.record({
      after: fc.constantFrom('5m', '12m', '45m'),
      channels: fc.uniqueArray(fc.constantFrom('ops', 'boss'), { minLength: 1 }),
    }),
    { maxLength: 3 },
  ),
})
const anyTimes = fc.record({
  acknowledged: fc.option(fc.integer({ min: 0, max: 120 }), { nil: undefined }),
  muted: fc.option(
    fc
      .tuple(fc.integer({ min: 0, max: 60 }), fc.integer({ min: 1, max: 60 }))
      .map(([from, length]): [number, number] => [from, from + length]),
    { nil: undefined },
  ),
  until: fc.constant(150),
})

test('no channel hears of an opening twice, none is reminded that did not, and the muted and the acknowledged have their peace', () => {
  fc.assert(
    fc.property(anyPolicy, anyTimes, (policy, times) => {
      const words = story(policy, times)
      const opened = words.filter(([, what]) => what === 'open').map(([, , channel]) => channel)
      expect(new Set(opened).size).toBe(opened.length)
      for (const [at, what, channel] of words) {
        if (what === 'remind') {
          expect(words.some(([before, said, who]) => before < at && said === 'open' && who === channel)).toBe(true)
          expect(at).toBeLessThan(times.acknowledged ?? 1000)
        }
        if (times.muted !== undefined) expect(at >= times.muted[0] && at < times.muted[1]).toBe(false)
        if (!policy.channels.some((one) => one === channel)) expect(at).toBeLessThan(times.acknowledged ?? 1000)
      }
    }),
  )
})

test('to look when it says is enough: looking all the time tells nothing else', () => {
  fc.assert(
    fc.property(anyPolicy, anyTimes, (policy, times) => {
      const often = story(policy, times)
      const words: Word[] = []
      let incident = anIncident(policy)
      let dueMs: number | null = start
      for (let at = 0; at <= times.until; at++) {
        const { muted } = times
        // What is done to an incident or a silence makes it due.
        const isChange = at === times.acknowledged || (muted !== undefined && at === muted[0])
        if (!isChange && (dueMs === null || dueMs > start + at * minute)) continue
        incident = {
          ...incident,
          acknowledged: times.acknowledged !== undefined && at >= times.acknowledged,
          mutedUntilMs: muted !== undefined && at >= muted[0] && at < muted[1] ? start + muted[1] * minute : null,
        }
        const telling = decideTelling(incident, start + at * minute)
        for (const channel of telling.open) words.push([at, 'open', channel])
        for (const channel of telling.remind) words.push([at, 'remind', channel])
        const { toldMs, remindedMs } = telling
        incident = { ...incident, toldMs, remindedMs, told: new Set([...incident.told, ...telling.open]) }
        dueMs = telling.nextMs
        const again = decideTelling(incident, start + at * minute)
        expect([again.open, again.remind, again.nextMs]).toEqual([[], [], telling.nextMs])
      }
      expect(words).toEqual(often)
    }),
  )
})
