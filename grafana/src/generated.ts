import { dashboards } from './dashboards.ts'
import { alerting } from './provisioning.ts'

/** Every file of grafana/ that is written from TypeScript, by its path there. */
export const generated: Record<string, string> = {
  ...inFolder('dashboards', dashboards),
  ...inFolder('provisioning/alerting', alerting),
}

function inFolder(folder: string, files: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(files).map(([file, text]) => [`${folder}/${file}`, text]))
}
