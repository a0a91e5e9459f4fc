import fc from 'fast-check'
import { expect, test } from 'vitest'
import { discordMessage } from './discord/discord.ts'
import { mailOf } from './email/mail.ts'
import { googleChatMessage } from './googlechat/googlechat.ts'
import { mattermostMessage } from './mattermost/mattermost.ts'
import { aNotification, hostile } from './notification.fixture.ts'
import { ntfyMessage } from './ntfy/ntfy.ts'
import { slackMessage } from './slack/slack.ts'
import { teamsMessage } from './teams/teams.ts'
import { telegramMessage } from './telegram/telegram.ts'
import { templated } from './template.ts'

const template =
  '{{title}}\n{{summary}}{{#regions}} in {{.}}{{/regions}}{{^resolved}} {{remedy}}{{/resolved}} {{labels.team}}'

test('every chat takes a text of its own', () => {
  const one = aNotification({ summary: 'a *b* <c>', remedy: 'renew' })
  const plain = 'DOWN: shop\na *b* <c> in eu renew web'
  expect(slackMessage(one, template).blocks[1]?.text.text).toBe(plain)
  expect(telegramMessage(one, '1', template).text).toBe(plain)
  expect(ntfyMessage(one, 't', template).message).toBe(plain)
  expect(googleChatMessage(one, template).text).toBe('DOWN: shop\na *b* ‹c› in eu renew web')
  const marked = 'DOWN: shop\na \\*b\\* \\<c\\> in eu renew web'
  expect(discordMessage(one, template).embeds[0]).toMatchObject({ description: marked, fields: [] })
  expect(mattermostMessage(one, template).text).toBe(marked)
  expect(teamsMessage(one, template).attachments[0]?.content.body[1]).toMatchObject({ type: 'TextBlock', text: marked })
  const mail = mailOf(one, { from: 'a@b.example', to: ['c@d.example'], template })
  expect(mail.text).toBe(plain)
  expect(mail.html).toContain('DOWN: shop<br>a *b* &lt;c&gt; in eu renew web')
})

test('nothing that a target sends gets out of its place in a template', () => {
  const inJson = (text: string) => JSON.stringify(text).slice(1, -1)
  fc.assert(
    fc.property(hostile, (text) => {
      const one = aNotification({ summary: text, cause: text })
      const json = templated(one, '{"a": "{{summary}}", "b": "{{cause}}"}', inJson) ?? ''
      expect(Object.keys(JSON.parse(json) as object)).toEqual(['a', 'b'])
      expect(googleChatMessage(one, '{{summary}}').text).not.toMatch(/[<>]/)
      expect(mattermostMessage(one, '{{summary}}').text).not.toMatch(
        /(?<!\\)(?:\\\\)*[`*_{}[\]()#+!|<>~]|@(?!\u200b)|\n/,
      )
    }),
  )
})
