import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'

const folder = join(import.meta.dirname, '../prometheus')
const hasPromtool = spawnSync('promtool', ['--version']).status === 0
const reason = hasPromtool ? '' : ' (promtool is not installed: apt-get install prometheus)'

describe.skipIf(!hasPromtool)(`promtool${reason}`, () => {
  test('accepts the configuration and the rules that it names', () => {
    expect(promtool('check', 'config', 'prometheus.yml')).toContain('SUCCESS: prometheus.yml is valid')
  })

  test.each(readdirSync(join(folder, 'rules/tests')))('finds the rules to alert as %s says', (file) => {
    expect(promtool('test', 'rules', `rules/tests/${file}`)).toContain('SUCCESS')
  })
})

test.each(readdirSync(join(folder, 'rules')).filter((name) => name.endsWith('.yml')))(
  'every alert of %s is raised by one of its cases',
  (file) => {
    const read = (path: string) => readFileSync(join(folder, 'rules', path), 'utf8')
    const alerts = [...read(file).matchAll(/- alert: (\w+)/g)].map(([, alert]) => alert)
    const cases = read(`tests/${file}`)
    const raised = (alert = '') => new RegExp(`alertname: ${alert}\\s+exp_alerts:\\s+- exp_labels`).test(cases)
    expect(alerts.length).toBeGreaterThan(0)
    expect(alerts.filter((alert) => !raised(alert))).toEqual([])
  },
)

function promtool(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' })
  expect(stderr + stdout).not.toContain('FAILED')
  expect(status).toBe(0)
  return stdout
}
