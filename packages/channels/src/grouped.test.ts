import { expect, test } from 'vitest'
import { aNotification } from './notification.fixture.ts'
import { plainText, textOf } from './text.ts'
import { webhookBody } from './webhook/webhook.ts'

const alone = aNotification()
const others = ['api', 'db'].map((checkKey) => ({ ...alone.incident, id: `id-of-${checkKey}`, checkKey }))

test('a webhook of one incident has just that; one of several has all of them beside the first', () => {
  expect(JSON.parse(webhookBody(alone))).toEqual({
    type: 'incident.opened',
    timestamp: alone.timestamp,
    data: { incident: alone.incident },
  })
  expect(JSON.parse(webhookBody({ ...alone, others }))).toEqual({
    type: 'incident.opened',
    timestamp: alone.timestamp,
    data: { incident: alone.incident, incidents: [alone.incident, ...others] },
  })
})

test('people are told in the title that there are more, and which', () => {
  const text = textOf({ ...alone, others })
  expect(text.title).toBe('DOWN: shop and 2 more')
  expect(plainText(text)).toContain('And with it: api, db')
  expect(textOf(alone).title).toBe('DOWN: shop')
})
