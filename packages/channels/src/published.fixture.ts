import { z } from 'zod'

// What each receiver takes, as its maker's documentation has it; unknown fields are wrong, so that a slip of ours is seen.
const url = z.url().max(2048)

/** docs.slack.dev/reference/block-kit: header, section; docs.slack.dev/messaging/sending-messages-using-incoming-webhooks */
const slackPlain = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: z.string().min(1).max(max), emoji: z.boolean() })
export const slack = z.strictObject({
  text: z.string().min(1).max(40_000),
  blocks: z
    .array(
      z.union([
        z.strictObject({ type: z.literal('header'), text: slackPlain(150) }),
        z.strictObject({
          type: z.literal('section'),
          text: z.union([
            slackPlain(3000),
            z.strictObject({
              type: z.literal('mrkdwn'),
              text: z.string().min(1).max(3000),
              verbatim: z.literal(true),
            }),
          ]),
        }),
      ]),
    )
    .min(1)
    .max(50),
})

/** adaptivecards.io/schemas/adaptive-card.json 1.4; learn.microsoft.com/connectors/teams: about 28 KB, seen to be 21 */
export const teams = z
  .strictObject({
    type: z.literal('message'),
    attachments: z
      .array(
        z.strictObject({
          contentType: z.literal('application/vnd.microsoft.card.adaptive'),
          contentUrl: z.null(),
          content: z.strictObject({
            $schema: z.literal('http://adaptivecards.io/schemas/adaptive-card.json'),
            type: z.literal('AdaptiveCard'),
            version: z.literal('1.4'),
            msteams: z.strictObject({ width: z.literal('Full') }),
            body: z.array(
              z.union([
                z.strictObject({
                  type: z.literal('TextBlock'),
                  text: z.string().min(1),
                  size: z.enum(['default', 'small', 'medium', 'large', 'extraLarge', 'Large']),
                  weight: z.enum(['Default', 'Lighter', 'Bolder']),
                  color: z.enum(['Default', 'Dark', 'Light', 'Accent', 'Good', 'Warning', 'Attention']),
                  wrap: z.boolean(),
                }),
                z.strictObject({
                  type: z.literal('FactSet'),
                  facts: z.array(z.strictObject({ title: z.string(), value: z.string() })).min(1),
                }),
              ]),
            ),
            actions: z
              .array(z.strictObject({ type: z.literal('Action.OpenUrl'), title: z.string(), url }))
              .max(6)
              .optional(),
          }),
        }),
      )
      .length(1),
  })
  .refine((message) => Buffer.byteLength(JSON.stringify(message)) <= 21_000)

/** docs.discord.com/developers/resources/message: embed limits, allowed mentions; /resources/webhook: execute webhook */
export const discord = z
  .strictObject({
    allowed_mentions: z.strictObject({ parse: z.array(z.enum(['roles', 'users', 'everyone'])) }),
    embeds: z
      .array(
        z.strictObject({
          title: z.string().max(256),
          color: z.int().min(0).max(0xff_ff_ff),
          timestamp: z.iso.datetime(),
          url: url.optional(),
          description: z.string().max(4096).optional(),
          fields: z
            .array(z.strictObject({ name: z.string().min(1).max(256), value: z.string().min(1).max(1024) }))
            .max(25),
        }),
      )
      .max(10),
  })
  .refine(
    ({ embeds }) =>
      embeds.reduce(
        (sum, { title, description = '', fields }) =>
          sum +
          title.length +
          description.length +
          fields.reduce((part, { name, value }) => part + name.length + value.length, 0),
        0,
      ) <= 6000,
  )

/** core.telegram.org/bots/api#sendmessage */
export const telegram = z.strictObject({
  chat_id: z.string(),
  text: z.string().min(1).max(4096),
  link_preview_options: z.strictObject({ is_disabled: z.boolean() }),
})

/** developers.google.com/workspace/chat/api/reference/rest/v1/spaces.messages/create: 32,000 bytes; thread */
export const googleChat = z
  .strictObject({
    text: z.string().min(1),
    thread: z.strictObject({ threadKey: z.string().max(4000) }),
  })
  .refine((message) => Buffer.byteLength(JSON.stringify(message)) <= 32_000)

/** developers.mattermost.com/integrate/webhooks/incoming; github.com/mattermost/mattermost, model/post.go: PostMessageMaxRunesV2 */
export const mattermost = z.strictObject({ text: z.string().min(1).max(16_383) })

/** docs.ntfy.sh/publish/#publish-as-json, /#limitations */
export const ntfy = z.strictObject({
  topic: z.string().regex(/^[-_A-Za-z0-9]{1,64}$/),
  title: z.string().max(256),
  message: z.string().refine((text) => Buffer.byteLength(text) <= 4096),
  priority: z.int().min(1).max(5),
  tags: z.array(z.string().regex(/^[a-z0-9_+-]+$/)),
  click: url.optional(),
  actions: z.array(z.strictObject({ action: z.literal('view'), label: z.string(), url })).max(3),
})

/** developer.pagerduty.com/docs/events-api-v2/trigger-events */
export const pagerDuty = z.discriminatedUnion('event_action', [
  z.strictObject({
    event_action: z.literal('trigger'),
    routing_key: z.string().length(32),
    dedup_key: z.string().max(255),
    payload: z.strictObject({
      summary: z.string().min(1).max(1024),
      source: z.string().min(1),
      severity: z.enum(['critical', 'error', 'warning', 'info']),
      timestamp: z.iso.datetime(),
      component: z.string(),
      group: z.string(),
      class: z.string(),
      custom_details: z.record(z.string(), z.string()),
    }),
    links: z.array(z.strictObject({ href: url, text: z.string() })),
    client: z.string(),
    client_url: url.optional(),
  }),
  z.strictObject({
    event_action: z.literal('resolve'),
    routing_key: z.string().length(32),
    dedup_key: z.string().max(255),
  }),
])

/** docs.opsgenie.com/docs/alert-api: create alert */
export const opsgenie = z.strictObject({
  message: z.string().min(1).max(130),
  alias: z.string().max(512),
  description: z.string().max(15_000),
  source: z.string().max(100),
  entity: z.string().max(512),
  tags: z.array(z.string().max(50)).max(20),
  details: z.record(z.string(), z.string()).refine((details) => Object.entries(details).flat().join('').length <= 8000),
  priority: z.enum(['P1', 'P2', 'P3', 'P4', 'P5']),
})

/**
 * The same: close alert; docs.opsgenie.com/docs/alert-api-continued: update alert priority, message and description, add note. Which one it is
 * its path tells.
 */
const byAlias = z.string().regex(/^\/[^/?]{1,512}\/[a-z]+\?identifierType=alias$/)
const from = { source: z.string().max(100) }
const of = (method: 'POST' | 'PUT', name: string, body: Record<string, z.ZodType>) =>
  z.strictObject({
    method: z.literal(method),
    path: byAlias.endsWith(`/${name}?identifierType=alias`),
    body: z.strictObject({ ...from, ...body }),
  })
export const opsgenieRequests = z
  .array(
    z.union([
      z.strictObject({ method: z.literal('POST'), path: z.literal(''), body: opsgenie }),
      of('POST', 'close', { note: z.string().max(25_000) }),
      of('POST', 'notes', { note: z.string().min(1).max(25_000) }),
      of('PUT', 'message', { message: z.string().min(1).max(130) }),
      of('PUT', 'description', { description: z.string().min(1).max(15_000) }),
      of('PUT', 'priority', { priority: z.enum(['P1', 'P2', 'P3', 'P4', 'P5']) }),
    ]),
  )
  .min(1)

/** github.com/prometheus/alertmanager/blob/main/api/v2/openapi.yaml: postableAlert */
export const alertmanager = z.strictObject({
  labels: z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string()),
  annotations: z.record(z.string().regex(/^[a-zA-Z_][a-zA-Z0-9_]*$/), z.string()),
  startsAt: z.iso.datetime(),
  endsAt: z.iso.datetime(),
  generatorURL: url.optional(),
})
