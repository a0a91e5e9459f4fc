import {
  type ConfigFile,
  checkReferences,
  configDocument,
  configSections,
  fillPlaceholders,
  type Issue,
  isMapping,
  keyOf,
  type Mapping,
  nearlyReferences,
  pathText,
  readConfig,
  type SectionName,
  sectionNames,
} from '@sonde/core'
import type { Source } from './documents.ts'
import { locate } from './locate.ts'
import { inOrder, type Mistake, MistakesError } from './mistake.ts'
import { referenceReader } from './references.ts'
import { readSources } from './sources.ts'

export type LoadedConfig = {
  config: ConfigFile
  /** How many objects the files have in each section, also those that refer to what is not here. */
  counts: Record<SectionName, number>
  /** For POST apply: whatever was inherited or referred to is in it. */
  document: Mapping
  /** What the files name and do not have: it may be on the server. */
  warnings: Mistake[]
  /** Those of them that the server cannot tell, as they are about how the files are written. */
  remarks: Mistake[]
  /** Where in the files a field of `document` comes from. */
  locate(at: readonly PropertyKey[], message: string): Mistake
}

/**
 * Reads files and folders as one configuration. Defaults hold for the checks of their own document; templates are known to all of
 * them. Throws a MistakesError with every mistake, where it stands.
 *
 * With `lenient`, a reference to a variable or a file that is not there is a warning, and what it would hold is not looked at: a
 * pull request is checked where there are no secrets.
 */
export function loadConfig(names: readonly string[], env: NodeJS.ProcessEnv, options: LoadOptions = {}): LoadedConfig {
  return loadSources(readSources(names), env, options)
}

export type LoadOptions = { lenient?: boolean; manager?: string | undefined }

/** The same of files that have been read. */
export function loadSources(
  read: { sources: readonly Source[]; mistakes: readonly Mistake[] },
  env: NodeJS.ProcessEnv,
  options: LoadOptions = {},
): LoadedConfig {
  const { sources } = read
  const mistakes = [...read.mistakes]
  const files = sources.map(({ file }) => file)
  const filled = sources.map((source) => fill(sources, source, env))
  const unfilled = filled.flatMap(({ problems }) => problems)
  const unfilledAt = new Set(unfilled.map(placeText))
  const shared = sharedTemplates(filled)
  mistakes.push(...shared.mistakes)
  if (!(options.lenient ?? false)) mistakes.push(...unfilled)

  const origins = Object.fromEntries(sectionNames.map((section) => [section, [] as Place[]])) as Record<
    SectionName,
    Place[]
  >
  const config: ConfigFile = { ...readConfig({ checks: [] }).config }
  for (const { source, value } of filled) {
    const part = readConfig(isMapping(value) ? { ...value, templates: shared.templates } : value)
    const isPart = sources.length > 1 && isMapping(value)
    const told = part.issues.filter(({ at }) => !(isPart && at.length === 0))
    const found = told.map((issue) => located(sources, source, issue))
    // Where something could not be filled in, it is not known what would stand there.
    mistakes.push(...found.filter((mistake) => !unfilledAt.has(placeText(mistake))))
    for (const section of sectionNames) {
      const { keyField } = configSections[section]
      const places = new Map(listIn(value, section).map((object, index) => [nameIn(object, keyField), index]))
      Object.assign(config, { [section]: [...config[section], ...part.config[section]] })
      origins[section].push(
        ...part.config[section].map((object) => ({ source, index: places.get(keyOf(object)) ?? 0 })),
      )
    }
  }
  mistakes.push(...acrossFiles(filled))
  config.manager = options.manager ?? managerOf(filled, mistakes) ?? config.manager
  if (files.length > 1 && mistakes.length === 0 && !filled.some(({ value }) => hasSection(value)))
    mistakes.push({
      file: files[0] ?? '',
      line: 1,
      column: 1,
      path: '',
      message: 'there is no section in any of the files',
    })

  const place = (at: readonly PropertyKey[], message: string): Mistake => {
    const [section, index, ...rest] = at
    const found = origins[section as SectionName]?.[Number(index)]
    if (found === undefined) return { file: files[0] ?? '', line: 1, column: 1, path: pathText(at), message }
    return locate(sources, found.source, [section as SectionName, found.index, ...rest], message)
  }
  const references = checkReferences(config, namesIn(filled))
  if (mistakes.length === 0) mistakes.push(...references.issues.map(({ at, message }) => place(at, message)))
  if (mistakes.length > 0) throw new MistakesError(inOrder(mistakes, files))
  const nearly = sources.flatMap((source) =>
    nearlyReferences(source.value).map(({ at, message }) => locate(sources, source, at, message)),
  )
  const warnings = [...references.warnings.map(({ at, message }) => place(at, message)), ...unfilled, ...nearly]
  return {
    config,
    counts: Object.fromEntries(
      sectionNames.map((section) => [section, filled.flatMap(({ value }) => listIn(value, section)).length]),
    ) as Record<SectionName, number>,
    document: { manager: config.manager, ...configDocument(config) },
    warnings: inOrder(warnings, files),
    remarks: inOrder(nearly, files),
    locate: place,
  }
}

function placeText({ file, line, column }: Mistake): string {
  return `${file}:${line}:${column}`
}

type Place = { source: Source; index: number }
type Filled = { source: Source; value: unknown; problems: Mistake[] }

function fill(sources: readonly Source[], source: Source, env: NodeJS.ProcessEnv): Filled {
  const { value, issues } = fillPlaceholders(source.value, referenceReader(env, source.file))
  return { source, value, problems: issues.map(({ at, message }) => locate(sources, source, at, message)) }
}

function located(sources: readonly Source[], source: Source, { at, message }: Issue): Mistake {
  // Templates are put together for every document, and told of where they stand.
  const owner = at[0] === 'templates' ? (sources.find((one) => hasField(one, at.slice(0, 2))) ?? source) : source
  return locate(sources, owner, at, message)
}

function hasField({ value }: Source, at: readonly PropertyKey[]): boolean {
  return at.reduce<unknown>((inner, step) => (isMapping(inner) ? inner[String(step)] : undefined), value) !== undefined
}

/** The templates of all documents; a name that stands in two of them is a mistake in the second. */
function sharedTemplates(filled: readonly Filled[]): { templates: Mapping; mistakes: Mistake[] } {
  const owners = new Map<string, Source>()
  const mistakes: Mistake[] = []
  const templates = filled.flatMap(({ source, value }) => {
    const own = isMapping(value) && isMapping(value.templates) ? value.templates : {}
    return Object.entries(own).filter(([name]) => {
      const owner = owners.get(name)
      if (owner === undefined) owners.set(name, source)
      else mistakes.push(twice(source, ['templates', name], `template "${name}"`, owner, ['templates', name]))
      return owner === undefined
    })
  })
  return { templates: Object.fromEntries(templates), mistakes }
}

/** Objects of one section that stand in two documents under the same key. Within one document the reader has told of them. */
function acrossFiles(filled: readonly Filled[]): Mistake[] {
  return sectionNames.flatMap((section) => {
    const { keyField, noun } = configSections[section]
    const owners = new Map<string, Place>()
    return filled.flatMap(({ source, value }) =>
      listIn(value, section).flatMap((object, index): Mistake[] => {
        const key = nameIn(object, keyField)
        if (key === undefined) return []
        const owner = owners.get(key)
        if (owner === undefined) owners.set(key, { source, index })
        if (owner === undefined || owner.source === source) return []
        const at = isMapping(object) ? [section, index, keyField] : [section, index]
        return [twice(source, at, `${noun} "${key}"`, owner.source, [section, owner.index])]
      }),
    )
  })
}

function twice(source: Source, at: PropertyKey[], what: string, owner: Source, ownerAt: PropertyKey[]): Mistake {
  const first = locate([owner], owner, ownerAt, '')
  return locate([source], source, at, `the ${what} stands in ${first.file}:${first.line} already`)
}

/** The manager that the documents name; two of them are a mistake. */
function managerOf(filled: readonly Filled[], mistakes: Mistake[]): string | undefined {
  const named = filled.filter(({ value }) => isMapping(value) && typeof value.manager === 'string')
  const managers = named.map(({ source, value }) => ({ source, manager: String((value as Mapping).manager) }))
  const [first] = managers
  for (const { source, manager } of managers)
    if (first !== undefined && manager !== first.manager)
      mistakes.push(
        locate(
          [source],
          source,
          ['manager'],
          `expected "${first.manager}" as in ${first.source.file}, found "${manager}"`,
        ),
      )
  return first?.manager
}

/** Every name in the files, also of what has mistakes: it is there, whatever is wrong with it. */
function namesIn(filled: readonly Filled[]) {
  const names = (section: SectionName) =>
    filled.flatMap(({ value }) =>
      listIn(value, section).flatMap((object) => nameIn(object, configSections[section].keyField) ?? []),
    )
  return {
    regions: names('regions'),
    channels: names('channels'),
    checks: names('checks').map((key) => ({ key, dependsOn: [] })),
  }
}

function listIn(value: unknown, section: SectionName): unknown[] {
  const list = isMapping(value) ? value[section] : undefined
  return Array.isArray(list) ? list : []
}

function nameIn(object: unknown, keyField: string): string | undefined {
  const name = isMapping(object) ? object[keyField] : object
  return typeof name === 'string' ? name : undefined
}

function hasSection(value: unknown): boolean {
  return isMapping(value) && sectionNames.some((section) => section in value)
}
