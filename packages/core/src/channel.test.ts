import { expect, test } from 'vitest'
import { Channel } from './channel.ts'
import { problemsOf } from './problem.ts'

test.each([
  {
    key: 'ops',
    kind: 'webhook',
    webhook: { url: 'https://a.example/hook', secret: `whsec_${'A'.repeat(32)}`, headers: { 'x-a': 'b' } },
  },
  {
    key: 'mail',
    kind: 'email',
    email: { smtp: 'smtp://user:pass@host:587', from: 'a@x.example', to: ['b@x.example'] },
  },
  { key: 'am', kind: 'alertmanager', alertmanager: { url: 'http://127.0.0.1:9093' } },
  { key: 'chat', kind: 'slack', slack: { url: 'https://hooks.example/x' } },
  { key: 'pager', kind: 'pagerduty', pagerduty: { routingKey: 'r' } },
  { key: 'genie', kind: 'opsgenie', opsgenie: { apiKey: 'k' } },
  { key: 'tg', kind: 'telegram', telegram: { botToken: '1:a', chatId: '5' } },
  { key: 'push', kind: 'ntfy', ntfy: { url: 'https://ntfy.example/topic', token: 't' } },
])('a channel of kind $kind is taken', (channel) => {
  expect(Channel.parse(channel)).toMatchObject({ ...channel, enabled: true })
})

test.each([
  [{ key: 'x', kind: 'slack', slack: { url: 'ftp://a.example' } }, 'slack.url'],
  [{ key: 'x', kind: 'slack' }, 'slack'],
  [{ key: 'x', kind: 'webhook', webhook: { url: 'https://a.example', secret: 'short' } }, 'webhook.secret'],
  [{ key: 'x', kind: 'email', email: { smtp: 'smtp://h', from: 'nobody', to: [] } }, 'email.from'],
  [{ key: 'X y', kind: 'slack', slack: { url: 'https://a.example' } }, 'key'],
  [{ key: 'x', kind: 'fax', fax: {} }, 'kind'],
  [{ key: 'x', kind: 'slack', slack: { url: 'https://a.example' }, webhook: {} }, 'webhook'],
])('a wrong channel is refused with its path: %o', (channel, path) => {
  const { error } = Channel.safeParse(channel)
  expect(error && problemsOf(error).map((problem) => problem.path)).toContain(path)
})
