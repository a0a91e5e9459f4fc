import { readFileSync } from 'node:fs'
import { type ParseArgsOptionsConfig } from 'node:util'
import { type CheckKind, checkKinds } from '@sonde/core'
import { UsageError } from '../../io.ts'
import { readArguments } from '../arguments.ts'

/** A flag of `sonde probe`, made from a field of the check document. */
export type Flag = {
  name: string
  /** Another name under which it is taken: the field's own where the flag is in the singular. */
  alias: string | undefined
  /** Where its value goes in the document. */
  path: readonly string[]
  type: 'text' | 'number' | 'boolean' | 'list' | 'mapping' | 'file'
  /** What the value may look like, for the help. */
  hint: string
  default: unknown
}

export type FlagValues = Record<string, string | boolean | (string | boolean)[] | undefined>

const common: Flag[] = [
  { name: 'timeout', alias: undefined, path: ['timeout'], type: 'text', hint: 'DURATION', default: '5s' },
  { name: 'retries', alias: undefined, path: ['retries'], type: 'number', hint: 'N', default: 0 },
]

/** The flags of a kind: those of every kind, then one for each field of its block, as the schema has them. */
export function flagsOf(kind: CheckKind | undefined): Flag[] {
  return kind === undefined ? common : [...common, ...flagsOfSchema(checkKinds[kind].settings, [kind])]
}

/** Reads a call by these flags; every wrong one throws a UsageError that names it. */
export function readFlags(
  args: readonly string[],
  flags: readonly Flag[],
): { values: FlagValues; positionals: string[] } {
  const options: ParseArgsOptionsConfig = { json: { type: 'boolean' }, spec: { type: 'string' } }
  for (const flag of flags) {
    const multiple = flag.type === 'list' || flag.type === 'mapping'
    for (const name of namesOf(flag)) {
      options[name] = { type: flag.type === 'boolean' ? 'boolean' : 'string', multiple }
    }
  }
  const { values, positionals } = readArguments({
    args: [...args],
    options,
    allowPositionals: true,
    allowNegative: true,
  })
  return { values, positionals }
}

/** The fields of a check document that the flags gave, each at its place. */
export function documentFrom(values: FlagValues, flags: readonly Flag[]): Record<string, unknown> {
  const document: Record<string, unknown> = {}
  for (const flag of flags) {
    for (const name of namesOf(flag)) {
      const value = values[name]
      if (value !== undefined) setAt(document, flag.path, valueOf(flag, value))
    }
  }
  return document
}

function namesOf({ name, alias }: Flag): string[] {
  return alias === undefined ? [name] : [name, alias]
}

function valueOf(flag: Flag, given: string | boolean | (string | boolean)[]): unknown {
  if (Array.isArray(given)) {
    const texts = given.map(String)
    return flag.type === 'mapping' ? Object.fromEntries(texts.map((text) => pairOf(flag, text))) : texts
  }
  if (typeof given === 'boolean') return given
  if (flag.type === 'file') return readText(flag, given)
  if (flag.type !== 'number') return given
  if (!/^-?\d+$/.test(given)) throw new UsageError(`${flag.path.join('.')}: expected a number, found "${given}"`)
  return Number(given)
}

function pairOf(flag: Flag, text: string): [string, string] {
  const at = text.indexOf(':')
  if (at < 1) throw new UsageError(`${flag.path.join('.')}: expected "name: value", found "${text}"`)
  return [text.slice(0, at).trim(), text.slice(at + 1).trim()]
}

function readText(flag: Flag, path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error)
    throw new UsageError(`${flag.path.join('.')}: cannot read ${path} (${reason})`)
  }
}

function setAt(document: Record<string, unknown>, [name, ...rest]: readonly string[], value: unknown): void {
  if (name === undefined) return
  if (rest.length === 0) {
    document[name] = value
    return
  }
  const inner = (document[name] ??= {}) as Record<string, unknown>
  setAt(inner, rest, value)
}

// As much of a zod schema as flags are made of.
type Schema = {
  def: {
    type: string
    innerType?: Schema
    shape?: Record<string, Schema>
    entries?: Record<string, string | number>
    defaultValue?: unknown
  }
}

function flagsOfSchema(schema: Schema, path: readonly string[]): Flag[] {
  const shape = schema.def.shape ?? {}
  return Object.entries(shape).flatMap(([field, wrapped]) => {
    // The flag of caPem reads a file itself; the file of a check is for a worker to read.
    if (field.endsWith('File') && shape[field.replace(/File$/, 'Pem')] !== undefined) return []
    const { inner, fallback } = unwrapped(wrapped)
    const at = [...path, field]
    return inner.def.type === 'object' ? flagsOfSchema(inner, at) : [flagOf(field, at, inner, fallback)]
  })
}

/** What a field holds beneath "optional" and "has a default". */
function unwrapped(schema: Schema): { inner: Schema; fallback: unknown } {
  let inner = schema
  let fallback: unknown
  while (inner.def.innerType !== undefined) {
    fallback ??= inner.def.defaultValue
    inner = inner.def.innerType
  }
  return { inner, fallback }
}

function flagOf(field: string, path: readonly string[], { def }: Schema, fallback: unknown): Flag {
  const name = kebab(field)
  const flag = { name, alias: undefined, path, default: fallback }
  const singular = name.replace(/s$/, '')
  const plural = singular === name ? undefined : name
  // Nobody types a certificate: it is read from a file.
  if (field.endsWith('Pem')) return { ...flag, name: name.replace(/-pem$/, '-file'), type: 'file', hint: 'FILE' }
  switch (def.type) {
    case 'boolean':
      return { ...flag, type: 'boolean', hint: '' }
    case 'number':
      return { ...flag, type: 'number', hint: 'N' }
    case 'array':
      return { ...flag, name: singular, alias: plural, type: 'list', hint: 'VALUE' }
    case 'record':
      return { ...flag, name: singular, alias: plural, type: 'mapping', hint: '"NAME: VALUE"' }
    case 'enum':
      return { ...flag, type: 'text', hint: Object.values(def.entries ?? {}).join('|') }
    default:
      return { ...flag, type: 'text', hint: 'TEXT' }
  }
}

function kebab(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
