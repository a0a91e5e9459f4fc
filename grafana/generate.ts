// Writes grafana/dashboards and grafana/provisioning/alerting: `node grafana/generate.ts` after a change of grafana/src.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { generated } from './src/generated.ts'

for (const [file, text] of Object.entries(generated)) {
  const path = join(import.meta.dirname, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  console.log(`grafana/${file}`)
}
