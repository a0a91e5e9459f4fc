import { overview } from './overview.ts'

/** Every dashboard: the file it goes to, and its JSON. */
export const dashboards: Record<string, string> = {
  'overview.json': `${JSON.stringify(overview(), null, 2)}\n`,
}
