import { writeFileSync } from 'node:fs'
import { configSections, type FieldRow, fieldRows, type SectionName, sectionNames } from '../packages/core/src/index.ts'

const path = `${import.meta.dirname}/../docs/configuration-fields.md`

const titles: Record<SectionName, string> = {
  checks: 'A check',
  channels: 'A channel',
  maintenance: 'A maintenance window',
  regions: 'A region',
}

/** docs/configuration-fields.md as the schemas say it: a table a section, a row a field. */
export function configDocs(): string {
  const order: SectionName[] = ['checks', 'channels', 'maintenance', 'regions']
  const sections = [...order, ...sectionNames.filter((name) => !order.includes(name))].map((section) => {
    const rows = fieldRows(section).map(rowText)
    return [
      `## ${titles[section]}, in \`${section}\``,
      ['| field | takes | default | |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    ].join('\n\n')
  })
  return `${[intro, ...sections].join('\n\n')}\n`
}

function rowText({ path: field, takes, required, fallback, description, kinds }: FieldRow): string {
  const shown = required ? 'needed' : fallback === undefined || isEmpty(fallback) ? '–' : `\`${plain(fallback)}\``
  const only = kinds.length === 0 || field.startsWith(kinds[0] ?? '') ? '' : ` (${kinds.join(', ')})`
  return `| \`${field}\` | ${cell(takes)} | ${shown} | ${cell(description)}${only} |`
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function isEmpty(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|')
}

const intro = `# Every field

<!-- Written by scripts/generate-config-docs.ts from the schemas in packages/core/src: change those, then run it. -->

What may stand in a file for \`sonde apply\`, and in the documents of the API. [Configuration](configuration.md) says how they belong
together; \`sonde schema\` prints the same as a JSON Schema for editors. A field of a list is that of each of its entries. The key of an
object in ${sectionNames.map((name) => `\`${name}\` (\`${configSections[name].keyField}\`)`).join(', ')} is how it is known again.`

if (import.meta.main) writeFileSync(path, configDocs())
