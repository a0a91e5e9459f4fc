import { aCheck } from '@sonde/testkit'
import { expect, test } from 'vitest'
import { Batch } from './payload.ts'
import { checkText } from './sent-check.ts'

const batch = (check: unknown) => Batch.safeParse({ region: 'eu', probes: [{ checkId: 1, slotMs: 1000, check }] })
const sent = aCheck({
  key: 'a',
  interval: '10s',
  labels: { team: 'web' },
  regions: ['eu'],
  dependsOn: ['b'],
  assertions: [{ source: 'status', op: 'in', value: ['2xx'] }],
  alerts: { channels: ['ops'] },
})

test('a check arrives with all that is probed, and without what is judged and told', () => {
  const arrived = batch(checkText(sent)).data?.probes[0]?.check
  const { labels, alerts, regions, dependsOn } = aCheck({ key: 'a' })
  expect(arrived).toEqual({ ...sent, labels, alerts, regions, dependsOn })
})

test('the same text is read once, another one anew', () => {
  const [first, again, other] = ['10s', '10s', '20s'].map(
    (interval) => batch(checkText({ ...sent, interval })).data?.probes[0]?.check,
  )
  expect(again).toBe(first)
  expect(other?.interval).toBe('20s')
})

test('the document itself is taken too, as a scheduler of an older version sends it', () => {
  expect(batch(sent).data?.probes[0]?.check).toEqual(sent)
})

test.each([
  ['not JSON', '{', /^$|expected/],
  ['a field that is not known', JSON.stringify({ ...sent, colour: 'red' }), /colour: is not a field that Sonde knows/],
  ['a wrong value', JSON.stringify({ ...sent, interval: 'soon' }), /interval: expected a duration/],
])('%s is refused, and refused again', (_, text, message) => {
  for (let times = 0; times < 2; times++) {
    const { success, error } = batch(text)
    expect(success).toBe(false)
    expect(JSON.stringify(error?.issues)).toMatch(message)
  }
})
