import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { expect, test } from 'vitest'
import { dashboards } from '../grafana/src/dashboards.ts'

const folder = join(import.meta.dirname, '../grafana/dashboards')
// Grafana's own schemas; they are not part of the repository.
const schemas = join(import.meta.dirname, '../../shared/compat/schema')
const without = existsSync(schemas) ? '' : ' (skipped: ../shared/compat/schema is not here)'

test('each dashboard is generated, and each generated one is there', () => {
  expect(readdirSync(folder).sort()).toEqual(Object.keys(dashboards).sort())
})

test.each(Object.entries(dashboards))('%s is what `node grafana/generate.ts` writes, byte for byte', (file, json) => {
  expect(readFileSync(join(folder, file), 'utf8')).toBe(json)
})

test.each(Object.entries(dashboards))('%s has every panel on the grid and no two in one place', (_, json) => {
  const { panels } = JSON.parse(json) as { panels: { title: string; gridPos: Record<'x' | 'y' | 'w' | 'h', number> }[] }
  const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)}:${y + Math.floor(cell / w)}`),
  )
  expect(new Set(cells).size).toBe(cells.length)
  for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
})

test.skipIf(without !== '').each(Object.entries(dashboards))(`%s is valid to Grafana's schema${without}`, (_, json) => {
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true })
  const schema = JSON.parse(readFileSync(join(schemas, 'dashboard.jsonschema.json'), 'utf8')) as object
  const dashboard = JSON.parse(json) as { panels: { type: string; targets?: object[] }[] }
  ajv.validate(schema, dashboard)
  expect(ajv.errors).toBeNull()
  // The dashboard's schema leaves queries open; they have one of their own.
  const query = JSON.parse(readFileSync(join(schemas, 'prometheus.jsonschema.json'), 'utf8')) as object
  for (const target of dashboard.panels.flatMap((panel) => panel.targets ?? [])) {
    ajv.validate(query, target)
    expect(ajv.errors).toBeNull()
  }
})
