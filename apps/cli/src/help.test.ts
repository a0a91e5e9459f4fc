import { expect, test } from 'vitest'
import { commands } from './commands.ts'
import { help, usage } from './help.ts'
import type { Io } from './io.ts'

const names = Object.keys(commands).filter((name) => !name.startsWith('-') && name !== 'help')

/** A command called with what is wrong before it asks anything of anybody. */
async function call(args: string[]): Promise<{ code: number | undefined; stdout: string; complaint: string }> {
  let stdout = ''
  const io: Io = {
    stdout: { write: (text) => (stdout += text) },
    stderr: { write: () => undefined },
    env: {},
    stop: new AbortController().signal,
    underUp: false,
  }
  const [name = '', ...rest] = args
  try {
    return { code: await commands[name]?.(rest, io), stdout, complaint: '' }
  } catch (error) {
    return { code: undefined, stdout, complaint: error instanceof Error ? `${error.name}: ${error.message}` : '' }
  }
}

test.each(names)('sonde help %s says how it is called and what it does', async (name) => {
  const { code, stdout } = await call(['help', name])
  expect(code).toBe(0)
  const [first = '', ...rest] = stdout.split('\n')
  expect(first).toMatch(new RegExp(`^Usage: sonde ${name}( |$)`))
  expect(rest.join('\n')).toMatch(/[a-z]{3,}[^]*\./)
  for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(140)
  expect(usage).toMatch(new RegExp(`(^|[ |])${name} `, 'm'))
})

test('there is no help for what is no command', () => {
  expect(Object.keys(help).filter((name) => !names.includes(name))).toEqual([])
})

test.each(names)('sonde %s names a flag that is not there, in one line', async (name) => {
  const action = { token: ['create'], audit: ['verify'], secrets: ['status'] }[name] ?? []
  const { complaint } = await call([name, ...action, '--not-a-flag'])
  expect(complaint).toMatch(/^UsageError: there is no flag --not-a-flag[^\n]*$/)
})

test.each([
  [['audit'], 'expected verify, export, erase'],
  [['audit', 'verfy'], 'expected verify, export, erase, found "verfy"; did you mean verify?'],
  [['audit', 'export', 'all'], 'export: expected flags alone, found "all"'],
  [['secrets', 'rotat'], 'expected status, rotate, found "rotat"; did you mean rotate?'],
  [['token'], 'expected create, list, revoke'],
  [['apply'], 'expected -f FILE'],
  [['apply', '-f'], '--file: expected a value, found none'],
  [['apply', '--prune=yes'], '--prune: takes no value'],
  [['apply', '--prun'], 'there is no flag --prun; did you mean --prune?'],
  [['export', 'all.yaml'], 'expected flags alone, found "all.yaml"'],
])('%j is refused: %s', async (args, line) => {
  expect((await call(args)).complaint).toBe(`UsageError: ${line}`)
})
