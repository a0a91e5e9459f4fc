// Writes grafana/dashboards: `node grafana/generate.ts` after a change of grafana/src.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { dashboards } from './src/dashboards.ts'

for (const [file, json] of Object.entries(dashboards)) {
  writeFileSync(join(import.meta.dirname, 'dashboards', file), json)
  console.log(`grafana/dashboards/${file}`)
}
