import { notificationTypes } from '@sonde/core'
import fc from 'fast-check'
import { createTransport } from 'nodemailer'
import { expect, test } from 'vitest'
import { alertOf } from './alertmanager/alertmanager.ts'
import { discordMessage } from './discord/discord.ts'
import { mailOf } from './email/mail.ts'
import { googleChatMessage } from './googlechat/googlechat.ts'
import { mattermostMessage } from './mattermost/mattermost.ts'
import { aNotification, hostile } from './notification.fixture.ts'
import { ntfyMessage } from './ntfy/ntfy.ts'
import { opsgenieAlert, opsgenieRequests } from './opsgenie/opsgenie.ts'
import { pagerDutyEvents } from './pagerduty/pagerduty.ts'
import * as published from './published.fixture.ts'
import { slackMessage } from './slack/slack.ts'
import { teamsMessage } from './teams/teams.ts'
import { telegramMessage } from './telegram/telegram.ts'
import { webhookBody } from './webhook/webhook.ts'

const routingKey = 'r'.repeat(32)
const rules = ['down', 'latency', 'certExpiry', 'certChange', 'dnsChange', 'dnssecExpiry', 'noData', 'regionSilent']

// Everything that a target, or a user with a long label, may bring along.
const notifications = fc
  .record({
    type: fc.constantFrom(...notificationTypes),
    rule: fc.constantFrom(...rules, 'channelDead'),
    text: hostile,
    other: hostile,
    labels: fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), hostile, { maxKeys: 30 }),
    evidence: fc.array(hostile, { maxLength: 8 }),
    together: fc.integer({ min: 0, max: 30 }),
  })
  .map(({ type, rule, text, other, labels, evidence, together }) => {
    const acknowledgedBy = type === 'incident.reminder' ? other : null
    const own = { type, rule, summary: text, cause: other, remedy: other, labels, evidence, acknowledgedBy }
    const one = aNotification({ ...own, target: `https://${text}`, checkName: other })
    const others = Array.from({ length: together }, (_, index) => ({
      ...one.incident,
      checkKey: `${index}`.repeat(64),
    }))
    return together === 0 ? one : { ...one, others }
  })

const shapes = {
  slack: [published.slack, slackMessage],
  teams: [published.teams, teamsMessage],
  discord: [published.discord, discordMessage],
  telegram: [published.telegram, (one) => telegramMessage(one, '-5')],
  googlechat: [published.googleChat, googleChatMessage],
  mattermost: [published.mattermost, mattermostMessage],
  ntfy: [published.ntfy, (one) => ntfyMessage(one, 'topic')],
  pagerduty: [published.pagerDuty.array(), (one) => pagerDutyEvents(one, routingKey)],
  opsgenie: [published.opsgenie, opsgenieAlert],
  'opsgenie requests': [published.opsgenieRequests, opsgenieRequests],
  alertmanager: [published.alertmanager, (one) => alertOf(one, 0)],
} satisfies Record<string, [{ parse(value: unknown): unknown }, (one: ReturnType<typeof aNotification>) => unknown]>

test.each(Object.entries(shapes))('%s takes every message, whatever the target sends', (_, [schema, payload]) => {
  fc.assert(fc.property(notifications, (one) => void schema.parse(JSON.parse(JSON.stringify(payload(one))))))
})

test.each(Object.entries(shapes))('%s gets no control or direction characters', (_, [, payload]) => {
  fc.assert(
    fc.property(notifications, (one) => {
      const seen: string[] = []
      JSON.stringify(payload(one), (_key, value: unknown) => (typeof value === 'string' && seen.push(value), value))
      // Line ends are ours; so is the mark that breaks a mention.
      expect(seen.join('').replaceAll(/[\n\u200b]/g, '')).not.toMatch(/\p{C}/u)
    }),
  )
})

test('Slack is told nothing but our own links in markup', () => {
  fc.assert(
    fc.property(notifications, (one) => {
      const { text, blocks } = slackMessage(one)
      expect(text).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/)
      const markup = blocks.filter((block) => block.text.type === 'mrkdwn').map((block) => block.text.text)
      expect(markup).toEqual([
        '<https://sonde.example/i/1|Incident> · <https://grafana.example/d/1?a=1&amp;b=2|Grafana>',
      ])
    }),
  )
})

/** As people read it: without the marks that keep Markdown and mentions from being read as such. */
const read = (payload: unknown) => JSON.stringify(payload).replaceAll(/\\|\u200b/g, '')
const mail = (one: ReturnType<typeof aNotification>) => {
  const { subject, text, html } = mailOf(one, { from: 'sonde@a.example', to: ['ops@b.example'] })
  return [{ subject, text }, { html: (html as string).replaceAll('&amp;', '&') }]
}
const told: [string, (one: ReturnType<typeof aNotification>) => unknown][] = [
  ...Object.entries(shapes)
    .filter(([name]) => name !== 'opsgenie requests')
    .map(([name, [, payload]]): [string, (one: ReturnType<typeof aNotification>) => unknown] => [name, payload]),
  ['email as text', (one) => mail(one)[0]],
  ['email as HTML', (one) => mail(one)[1]],
]

test.each(told)(
  '%s tells what, where, since when, why and what to do, and links to the incident and to Grafana',
  (_, payload) => {
    const text = read(
      payload(aNotification({ regions: [{ region: 'moon-base', state: 'down', code: null, message: null }] })),
    )
    const said = [
      'shop is down in 1 of 1 region',
      'moon-base',
      '2026-01-01T00:00:30.000Z',
      'nobody renewed it',
      'renew it',
    ]
    for (const words of [...said, 'https://shop.example/', 'https://sonde.example/i/1']) expect(text).toContain(words)
    expect(text.replaceAll('&amp;', '&')).toContain('https://grafana.example/d/1?a=1&b=2')
  },
)

test.each(told)('%s links to both also when everything else is as long as can be', (_, payload) => {
  const long = '長い"<*'.repeat(500)
  const labels = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`label_${index}`, long]))
  const own = { summary: long, cause: long, remedy: long, target: long, acknowledgedBy: long, labels, evidence: [long] }
  const one = aNotification({ ...own, type: 'incident.reminder' })
  const text = read(payload({ ...one, others: [one.incident] })).replaceAll('&amp;', '&')
  expect(text).toContain('https://sonde.example/i/1')
  expect(text).toContain('https://grafana.example/d/1?a=1&b=2')
  expect(text).toContain('2026-01-01T00:00:30.000Z')
})

const unescaped = /(?<!\\)(?:\\\\)*[`*_{}[\]()#+!|<>~]/

test('Discord, Mattermost and Teams read no markup and no mention', () => {
  fc.assert(
    fc.property(notifications, (one) => {
      const { allowed_mentions: mentions, embeds } = discordMessage(one)
      expect(mentions.parse).toEqual([])
      const card = teamsMessage(one).attachments[0]?.content.body ?? []
      const facts = card.flatMap((block) => ('facts' in block ? (block.facts ?? []) : []))
      const post = mattermostMessage(one).text.split('\n')
      const texts = [
        ...embeds.flatMap(({ title, fields }) => [title, ...fields.map(({ value }) => value)]),
        ...facts.map(({ value }) => value),
        ...post.slice(1, -1).map((line) => line.replace(/^\*\*[A-Za-z ]+\*\*: /, '')),
      ]
      for (const text of texts) {
        expect(text).not.toMatch(unescaped)
        expect(text).not.toMatch(/@(?!\u200b)/)
      }
    }),
  )
})

test('Google Chat reads no link and no mention', () => {
  fc.assert(
    fc.property(notifications, (one) => {
      expect(googleChatMessage(one).text).not.toMatch(/[<>]/)
    }),
  )
})

test('the webhook and Alertmanager carry the words as they are, and no field more', () => {
  fc.assert(
    fc.property(notifications, (one) => {
      const { incident, type, timestamp, others } = one
      const incidents = others === undefined ? {} : { incidents: [incident, ...others] }
      expect(JSON.parse(webhookBody(one))).toEqual({ type, timestamp, data: { incident, ...incidents } })
      const names = Object.keys(alertOf(one, 0).labels)
      const own = ['alertname', 'severity', 'job', 'instance', 'kind', 'rule', 'incident']
      expect(new Set(names)).toEqual(new Set([...Object.keys(incident.labels), ...own]))
    }),
  )
})

test('a mail has our headers alone, and no tag that is not ours', async () => {
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  await fc.assert(
    fc.asyncProperty(notifications, async (one) => {
      const mail = mailOf(one, { from: 'sonde@a.example', to: ['ops@b.example'] })
      const { message } = await transport.sendMail(mail)
      const [head = ''] = (message as Buffer).toString('utf8').split('\r\n\r\n')
      const names = head
        .replaceAll(/\r\n[ \t]+/g, ' ')
        .split('\r\n')
        .map((line) => line.slice(0, line.indexOf(':')).toLowerCase())
      expect(names.filter((name) => !mailHeaders.includes(name))).toEqual([])
      expect(names.filter((name) => name === 'subject')).toHaveLength(1)
      const tags = (mail.html as string).match(/<[^>]*>/g) ?? []
      expect(
        tags.filter((tag) => !/^<(!doctype html|\/?(html|body|h2|table|tr|th|td|p|a)\b[^<>]*)>$/.test(tag)),
      ).toEqual([])
      expect(tags.filter((tag) => /\son\w+=|javascript:|src=/i.test(tag))).toEqual([])
    }),
    { numRuns: 50 },
  )
})

const mailHeaders = [
  'from',
  'to',
  'subject',
  'message-id',
  'references',
  'in-reply-to',
  'date',
  'list-id',
  'auto-submitted',
  'x-auto-response-suppress',
  'x-sonde-incident',
  'x-sonde-rule',
  'mime-version',
  'content-type',
  'x-priority',
  'x-msmail-priority',
  'importance',
]

test('an update changes what the alert in Opsgenie says, with a note, and makes none; what has expired is of another priority', () => {
  const asked = (own: Parameters<typeof aNotification>[0]) =>
    opsgenieRequests(aNotification(own)).map(({ method, path }) => `${method} ${path.replace(/^\/[^/]+/, '')}`)
  const by = '?identifierType=alias'
  expect(asked({ type: 'incident.updated' })).toEqual([
    `PUT /message${by}`,
    `PUT /description${by}`,
    `POST /notes${by}`,
  ])
  expect(asked({ type: 'incident.updated', rule: 'certExpiry', code: 'tls_expired' })).toContain(`PUT /priority${by}`)
  expect(asked({ type: 'incident.reminder' })).toEqual(['POST '])
  expect(asked({ type: 'incident.resolved' })).toEqual([`POST /close${by}`])
})
