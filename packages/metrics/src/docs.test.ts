import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { checkMetrics, serviceMetrics } from './names.ts'

test('docs/metrics.md has every metric, with its type and help, and no other', () => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/metrics.md'), 'utf8')
  const rows = [...text.matchAll(/^\| `((?:probe|sm|sonde)_\w+)` \| (\w+) \| (.*) \|$/gm)]
  const documented = Object.fromEntries(rows.map(([, name, type, help]) => [name, { type, help }]))
  expect(documented).toEqual({ ...checkMetrics, ...serviceMetrics })
})
