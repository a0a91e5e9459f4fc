import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'

// Every app is started as a user starts it, by plain Node, with an environment that cannot work: whatever an app imports
// must load, and what is wrong must be told in one line.
const main = fileURLToPath(new URL('../apps/cli/src/main.ts', import.meta.url))

const wrong = { DATABASE_URL: 'nonsense', REDIS_URL: 'nonsense', SONDE_SECRET_KEY: 'too short', SONDE_PORT: 'http' }

describe.concurrent('plain node starts', () => {
  test.for([['api'], ['scheduler'], ['ingester'], ['notifier'], ['worker', '--region', 'eu'], ['up'], ['migrate']])(
    'sonde %s, which says in one line which variable is wrong',
    async (args) => {
      const { code, stdout, stderr } = await sonde(args, wrong)
      expect(stderr).toMatch(new RegExp(`^sonde ${args[0]}: (${Object.keys(wrong).join('|')}): [^\\n]+\\n$`))
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    },
  )

  test('sonde help, which names every command', async () => {
    const { code, stdout } = await sonde(['help'], {})
    for (const command of ['up', 'api', 'worker', 'migrate', 'probe', 'apply']) expect(stdout).toContain(command)
    expect(code).toBe(0)
  })
})

async function sonde(args: string[], env: Record<string, string>) {
  const child = spawn(process.execPath, [main, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code, stdout, stderr }
}
