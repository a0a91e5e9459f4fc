import { expect, test } from 'vitest'
import { problemsOf } from './problem.ts'
import { SilenceInput, silences, spanOfSilence } from './silence.ts'

const now = Date.parse('2026-01-05T10:00:00Z')
const input = { labels: { team: 'web' }, duration: '2h', comment: 'the switch is being replaced', createdBy: 'ann' }

test.each<[own: object, span: [string, string]]>([
  [{}, ['2026-01-05T10:00:00.000Z', '2026-01-05T12:00:00.000Z']],
  [{ startsAt: '2026-01-05T20:00:00+01:00' }, ['2026-01-05T19:00:00.000Z', '2026-01-05T21:00:00.000Z']],
  [{ duration: undefined, endsAt: '2026-01-06T10:00:00Z' }, ['2026-01-05T10:00:00.000Z', '2026-01-06T10:00:00.000Z']],
])('%j lasts as it says', (own, [startsAt, endsAt]) => {
  expect(spanOfSilence(SilenceInput.parse({ ...input, ...own }), now)).toEqual({ startsAt, endsAt })
})

test.each<[own: object, problem: string | RegExp]>([
  [{ labels: {} }, 'checks: expected at least one of labels, checks and rules; "*" is every check'],
  [{ duration: undefined }, 'endsAt: expected either endsAt or duration, found both or neither'],
  [{ endsAt: '2026-01-06T10:00:00Z' }, 'endsAt: expected either endsAt or duration, found both or neither'],
  [{ comment: '' }, 'comment: expected at least 1 characters, found ""'],
  [{ comment: undefined }, 'comment: is required'],
  [{ checks: ['*shop'] }, 'checks[0]: expected a check\'s key, or the beginning of one and *, found "*shop"'],
  [{ checks: [''] }, 'checks[0]: expected a check\'s key, or the beginning of one and *, found ""'],
  [{ rules: ['downn'] }, /^rules\[0\]: expected "down" or/],
  [{ duration: '2 hours' }, /^duration: expected a duration such as/],
  [
    { duration: undefined, startsAt: '2026-01-05T10:00:00Z', endsAt: '2026-01-05T09:00:00Z' },
    'endsAt: expected later than startsAt (2026-01-05T10:00:00Z), found 2026-01-05T09:00:00Z',
  ],
  [{ until: 'x' }, 'until: is not a field that Sonde knows'],
])('%j is refused', (own, problem) => {
  const { error } = SilenceInput.safeParse({ ...input, ...own })
  const found = error === undefined ? [] : problemsOf(error).map(({ path, message }) => `${path}: ${message}`)
  expect(found).toEqual([typeof problem === 'string' ? problem : expect.stringMatching(problem)])
})

const shop = { key: 'shop-front', labels: { team: 'web', tier: '1' } }
test.each<[matchers: object, matches: boolean]>([
  [{ labels: { team: 'web' } }, true],
  [{ labels: { team: 'web', tier: '2' } }, false],
  [{ checks: ['shop-front'] }, true],
  [{ checks: ['shop'] }, false],
  [{ checks: ['other', 'shop-*'] }, true],
  [{ checks: ['*'] }, true],
  [{ rules: ['down'] }, true],
  [{ rules: ['latency', 'noData'] }, false],
  [{ labels: { team: 'web' }, checks: ['shop-front'], rules: ['down'] }, true],
  [{ labels: { team: 'db' }, checks: ['shop-front'], rules: ['down'] }, false],
  [{ labels: { team: 'web' }, checks: ['other'], rules: ['down'] }, false],
  [{ labels: { team: 'web' }, checks: ['shop-front'], rules: ['latency'] }, false],
])('a silence of %j is of a check that is down: %s', (matchers, matches) => {
  expect(silences(SilenceInput.parse({ ...input, labels: {}, ...matchers }), 'down', shop)).toBe(matches)
})
