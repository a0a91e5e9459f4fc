import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Channel } from './channel.ts'
import { renderTemplate, templateProblem } from './template.ts'

test.each([
  ['{{#regions}}x', 'Unclosed section'],
  ['{{{summary}}}', 'is not escaped: write {{summary}}'],
  ['{{&summary}}', 'is not escaped'],
  ['{{> other}}', 'no partials'],
  ['{{=<% %>=}}', 'delimiters'],
  ['{{#a}}{{#b}}{{#c}}{{#d}}{{/d}}{{/c}}{{/b}}{{/a}}', 'at most 3 deep'],
  ['x'.repeat(9000), 'at most 8192 characters'],
])('%s is refused', (template, problem) => {
  expect(templateProblem(template)).toContain(problem)
})

test('a template that is wrong is refused when the channel is saved, with its field', () => {
  const slack = { url: 'https://hooks.example/x', template: '{{#regions}}' }
  const issues = Channel.safeParse({ key: 'a', kind: 'slack', slack }).error?.issues ?? []
  expect(issues.map(({ path }) => path.join('.'))).toEqual(['slack.template'])
  const webhook = { url: 'https://hooks.example/x', template: '{"text": {{summary}} }' }
  const [issue] = Channel.safeParse({ key: 'a', kind: 'webhook', webhook }).error?.issues ?? []
  expect(issue).toMatchObject({ path: ['webhook', 'template'], message: expect.stringContaining('JSON') as string })
  const plain = { ...webhook, headers: { 'Content-Type': 'text/plain' } }
  expect(Channel.safeParse({ key: 'a', kind: 'webhook', webhook: plain }).success).toBe(true)
})

test('values are escaped and never read as a template', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      const json = (text: string) => JSON.stringify(text).slice(1, -1)
      for (const text of [value, `{{title}} ${value} {{{x}}}`]) {
        const rendered = renderTemplate('{"a": "{{summary}}"}', { summary: text, title: 'no' }, json)
        expect(JSON.parse(rendered)).toEqual({ a: text })
      }
    }),
  )
})

test('what the view does not have is empty, whatever every object has', () => {
  expect(renderTemplate('{{constructor}}{{toString}}{{__proto__}}{{nothing}}', { summary: 'x' }, String)).toBe('')
})

test('sections go over lists and over what is true', () => {
  const view = { resolved: false, regions: ['eu', 'us'], labels: { team: 'web' } }
  expect(
    renderTemplate('{{^resolved}}open in {{#regions}}{{.}} {{/regions}}{{/resolved}}{{labels.team}}', view, String),
  ).toBe('open in eu us web')
})
