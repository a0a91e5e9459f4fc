import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
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

function promtool(...args: string[]): string {
  const { stdout, stderr, status } = spawnSync('promtool', args, { cwd: folder, encoding: 'utf8' })
  expect(stderr + stdout).not.toContain('FAILED')
  expect(status).toBe(0)
  return stdout
}
