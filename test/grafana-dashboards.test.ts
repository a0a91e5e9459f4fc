import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { dashboards } from '../grafana/src/dashboards.ts'
import { generated } from '../grafana/src/generated.ts'

const folder = join(import.meta.dirname, '../grafana')
// Grafana's own schemas; they are not part of the repository.
const schemas = join(import.meta.dirname, '../../shared/compat/schema')
const without = existsSync(schemas) ? '' : ' (skipped: ../shared/compat/schema is not here)'

test.each(['dashboards', 'provisioning/alerting'])(
  'each file of %s is generated, and each generated one is there',
  (part) => {
    const there = readdirSync(join(folder, part)).filter((file) => !file.startsWith('.'))
    expect(there.map((file) => `${part}/${file}`).sort()).toEqual(
      Object.keys(generated)
        .filter((file) => file.startsWith(`${part}/`))
        .sort(),
    )
  },
)

test.each(Object.entries(generated))('%s is what `node grafana/generate.ts` writes, byte for byte', (file, text) => {
  expect(readFileSync(join(folder, file), 'utf8')).toBe(text)
})

test.each(Object.entries(dashboards))('%s has every panel on the grid and no two in one place', (_, json) => {
  const { panels } = JSON.parse(json) as { panels: { title: string; gridPos: Record<'x' | 'y' | 'w' | 'h', number> }[] }
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}:${y + Math.floor(cell / w)}`),
  )
  expect(new Set(cells).size).toBe(cells.length)
  for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
})

test.skipIf(without !== '').each(Object.entries(dashboards))(
  `%s is valid to Grafana's schemas${without}`,
  (_, json) => {
    const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true })
    const schema = (name: string) => {
      const file = join(schemas, `${name}.jsonschema.json`)
      return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as { definitions: object }) : undefined
    }
    const expectValid = (by: object, value: unknown, what: string) => {
      ajv.validate(by, value)
      expect(ajv.errors, what).toBeNull()
    }
    const dashboard = JSON.parse(json) as {
      panels: {
        type: string
        title: string
        targets?: { expr?: string }[]
        options?: object
        fieldConfig?: { defaults: { custom?: { cellOptions?: object } } }
      }[]
    }
    expectValid(schema('dashboard') ?? {}, dashboard, 'the dashboard')
    // The dashboard's schema leaves open what is a data source's or a panel's own; those have schemas too, though not all of them.
    for (const { type, title, targets = [], options, fieldConfig } of dashboard.panels) {
      for (const target of targets)
        if (target.expr !== undefined) expectValid(schema('prometheus') ?? {}, target, title)
      const own = schema(type)
      if (own === undefined) continue
      const part = (name: string) => ({ ...own, $ref: `#/definitions/${name}` })
      if (options !== undefined) expectValid(part('Options'), options, title)
      // Any `cellOptions` that are but a type match two branches of the schema's oneOf, so none is valid to it.
      const { cellOptions: _, ...custom } = fieldConfig?.defaults.custom ?? {}
      if (Object.keys(custom).length > 0 && 'FieldConfig' in own.definitions)
        expectValid(part('FieldConfig'), custom, title)
    }
  },
)
