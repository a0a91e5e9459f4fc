import { readFileSync } from 'node:fs'
import { DomainError } from '@sonde/core'
import { parseDocument } from 'yaml'
import { UsageError } from './io.ts'

/** Reads a YAML or JSON document from a file (`-` is stdin); a mistake is told with file, line and column. */
export function readDocument(path: string): unknown {
  let text: string
  try {
    text = readFileSync(path === '-' ? 0 : path, 'utf8')
  } catch (error) {
    const reason =
      error instanceof Error && 'code' in error && error.code === 'ENOENT' ? 'there is no such file' : String(error)
    throw new UsageError(`${path}: ${reason}`)
  }
  const document = parseDocument(text, { prettyErrors: true })
  const [mistake] = document.errors
  if (mistake !== undefined) throw new DomainError('invalid', `${path}: ${mistake.message.split('\n')[0]}`)
  // A document of aliases within aliases may not grow without bound.
  return document.toJS({ maxAliasCount: 100 })
}

/** The document with every `${NAME}` in its texts replaced from `env`; a name that is not set is refused with its path. */
export function withEnvironment(value: unknown, env: NodeJS.ProcessEnv, path = ''): unknown {
  if (typeof value === 'string') {
    return value.replace(/\$\{([A-Z_][A-Z0-9_]*)\}/g, (_, name: string) => {
      const found = env[name]
      if (found === undefined) throw new DomainError('invalid', `${path}: the environment has no ${name}`)
      return found
    })
  }
  if (Array.isArray(value)) return value.map((one: unknown, index) => withEnvironment(one, env, `${path}[${index}]`))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      withEnvironment(one, env, path === '' ? name : `${path}.${name}`),
    ]),
  )
}
