import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard'
import { certificates } from './certificates.ts'
import { check } from './check.ts'
import { dns } from './dns.ts'
import { itself } from './itself.ts'
import { overview } from './overview.ts'
import { regions } from './regions.ts'
import { slo } from './slo.ts'

/** Every dashboard: the file it goes to, and its JSON. */
export const dashboards: Record<string, string> = {
  'overview.json': written(overview()),
  'check.json': written(check()),
  'certificates.json': written(certificates()),
  'dns.json': written(dns()),
  'slo.json': written(slo()),
  'regions.json': written(regions()),
  'itself.json': written(itself()),
}

function written(dashboard: Dashboard): string {
  return `${JSON.stringify(dashboard, null, 2)}\n`
}
