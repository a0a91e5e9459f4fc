import {
  type ConfigObject,
  configSections,
  differences,
  escapePlaceholders,
  expandChecks,
  fillPlaceholders,
  isMapping,
  isSealed,
  keyOf,
  type Mapping,
  readConfigFile,
  type SectionName,
  sectionNames,
  shortDocument,
} from '@sonde/core'
import { isMap, isSeq, type YAMLSeq } from 'yaml'
import { parseSources, type Source } from './documents.ts'
import { keepLayout } from './keep-layout.ts'
import { referenceReader } from './references.ts'
import { release, releaseAlias } from './release.ts'

/**
 * The texts of files, which are one configuration, brought up to what the server exports: values that differ are replaced where they
 * stand, what the server has no more goes, what no file has comes at the end of its section, in the last file that has one. Comments,
 * order, defaults, templates and references stay; a secret that a file has is left as it is, as only the server could tell whether it
 * is another. A text itself comes back when nothing differs. Throws a DomainError when this version does not know what the server
 * exports.
 */
export function mergeInto(sources: readonly Source[], exported: unknown, env: NodeJS.ProcessEnv): string[] {
  const config = readConfigFile(exported)
  const templates = Object.assign({}, ...sources.map((source) => templatesIn(source, env))) as Mapping
  const mergers = sources.map((source) => new Merger(source, templates, env))
  for (const section of sectionNames) {
    const wanted = new Map<string, ConfigObject>(config[section].map((object) => [keyOf(object), object]))
    for (const merger of mergers) merger.mergeSection(section, wanted)
    const last = mergers.findLast((merger) => merger.hasSection(section)) ?? mergers[0]
    last?.add(section, [...wanted.values()])
  }
  return mergers.map((merger) => merger.text())
}

function templatesIn({ value, file }: Source, env: NodeJS.ProcessEnv): Mapping {
  const templates = isMapping(value) && isMapping(value.templates) ? value.templates : {}
  return fillPlaceholders(templates, referenceReader(env, file)).value as Mapping
}

// Long texts are not folded: a line that did not change is to stay as it was.
const layout = { lineWidth: 0 }

function valueOf(text: string): unknown {
  return parseSources('', text).sources[0]?.value
}

class Merger {
  private readonly source: Source
  private readonly lookup: ReturnType<typeof referenceReader>
  private readonly printed: string
  /** Those of all files. */
  private readonly templates: Mapping
  private changed = false

  constructor(source: Source, templates: Mapping, env: NodeJS.ProcessEnv) {
    this.source = source
    this.templates = templates
    this.printed = source.document.toString(layout)
    this.lookup = referenceReader(env, source.file)
  }

  text(): string {
    const { document, text, file } = this.source
    if (!this.changed) return text
    const after = document.toString(layout)
    const kept = keepLayout(text, this.printed, after)
    // Spaces may mean something, as in a text over several lines: then the printer's are the right ones.
    const { sources, mistakes } = parseSources(file, kept)
    const isSame =
      mistakes.length === 0 && sources.length === 1 && differences(sources[0]?.value, valueOf(after)).length === 0
    return isSame ? kept : after
  }

  hasSection(section: SectionName): boolean {
    return isSeq(this.source.document.get(section))
  }

  /** Brings what the file has of a section up to what is wanted, and takes that off the list. */
  mergeSection(section: SectionName, wanted: Map<string, ConfigObject>): void {
    const existing = this.source.document.get(section)
    if (!isSeq(existing)) return
    const gone = existing.items.filter((_, index) => !wanted.has(this.keyAt(section, index)))
    for (const item of gone) release(this.source.document, item)
    const kept = existing.items.filter((item) => !gone.includes(item))
    if (gone.length > 0) {
      existing.items = kept
      this.changed = true
    }
    const present = kept.map((_, index) => this.keyAt(section, index))
    for (const [index, key] of present.entries()) {
      const object = wanted.get(key)
      if (object !== undefined) this.mergeObject(section, index, object)
      wanted.delete(key)
    }
  }

  /** Puts what no file has at the end of a section. */
  add(section: SectionName, objects: readonly ConfigObject[]): void {
    if (objects.length === 0) return
    const { document } = this.source
    if (!this.hasSection(section)) document.set(section, document.createNode([]))
    const list = document.get(section) as YAMLSeq
    list.flow = false
    for (const object of objects) {
      list.add(document.createNode(this.written(section, object)))
      this.changed = true
      this.mergeObject(section, list.items.length - 1, object)
    }
  }

  private keyAt(section: SectionName, index: number): string {
    const value = this.own(section, index)
    return String(isMapping(value) ? value[configSections[section].keyField] : value)
  }

  /** Brings one object up to what the server has, field by field, or writes it anew where that does not lead there. */
  private mergeObject(section: SectionName, index: number, object: ConfigObject): void {
    if (this.mergeFields(section, index, object)) return
    const { document } = this.source
    release(document, document.getIn([section, index], true))
    document.setIn([section, index], document.createNode(escapePlaceholders(object)))
    this.changed = true
    // What is inherited beside it is taken away.
    this.mergeFields(section, index, object)
  }

  /** Answers whether the file says of the object what the server does, afterwards. */
  private mergeFields(section: SectionName, index: number, object: ConfigObject): boolean {
    const now = this.read(section, index, object)
    if (now === undefined) return false
    for (const { at, from, to } of differences(now, object)) {
      if (isKeptSecret(from, to)) continue
      this.setField(section, index, at, object)
      this.changed = true
    }
    const then = this.read(section, index, object)
    return then !== undefined && differences(then, object).every(({ from, to }) => isKeptSecret(from, to))
  }

  private setField(section: SectionName, index: number, at: PropertyKey[], object: ConfigObject): void {
    const { document } = this.source
    if (!isMap(document.getIn([section, index])))
      document.setIn([section, index], document.createNode({ [configSections[section].keyField]: keyOf(object) }))
    const path = this.pathToSet(section, index, at, object)
    const full = [section, index, ...path]
    for (let depth = 2; depth < full.length; depth += 1) releaseAlias(document, full.slice(0, depth))
    release(document, document.getIn(full, true))
    const value = valueAt(object, path)
    if (value !== undefined) {
      document.setIn(full, document.createNode(escapePlaceholders(value)))
      return
    }
    if (document.hasIn(full)) document.deleteIn(full)
    // What comes from the defaults or a template is taken away by null.
    if (section === 'checks' && valueAt(this.expanded(this.own(section, index)), path) !== undefined)
      document.setIn(full, null)
  }

  /** A field that goes takes along what is around it and goes too; a list of another length, or one that is inherited, is written whole. */
  private pathToSet(section: SectionName, index: number, at: PropertyKey[], object: ConfigObject): PropertyKey[] {
    const gone = at.findIndex((_, depth) => valueAt(object, at.slice(0, depth + 1)) === undefined)
    const path = gone === -1 ? at : at.slice(0, gone + 1)
    const list = path.findIndex((step) => typeof step === 'number')
    if (list === -1) return path
    const listPath = path.slice(0, list)
    const existing = this.source.document.getIn([section, index, ...listPath])
    return isSameLength(existing, valueAt(object, listPath)) ? path : listPath
  }

  /** The object as the file has it, whole; undefined where that cannot be read. */
  private read(section: SectionName, index: number, server: ConfigObject): ConfigObject | undefined {
    const { value, issues } = fillPlaceholders(this.own(section, index), this.lookup)
    // What a reference would hold is not known here: it is taken to be what the server has.
    const known = issues.reduce((filled, { at }) => replacedAt(filled, at, valueAt(server, at)), value)
    const whole = section === 'checks' ? this.expanded(known) : typeof known === 'string' ? { name: known } : known
    const parsed = configSections[section].schema.safeParse(whole)
    return parsed.success ? parsed.data : undefined
  }

  private expanded(check: unknown): unknown {
    const own = isMapping(this.source.value) ? this.source.value.defaults : undefined
    const defaults = fillPlaceholders(own, this.lookup).value
    return expandChecks({ defaults, templates: this.templates, checks: [check] }).checks[0]
  }

  private own(section: SectionName, index: number): unknown {
    const { document } = this.source
    const node = document.getIn([section, index], true)
    return typeof node === 'object' && node !== null && 'toJS' in node ? (node as YAMLSeq).toJS(document) : undefined
  }

  private written(section: SectionName, object: ConfigObject): unknown {
    return escapePlaceholders(shortDocument(section, object))
  }
}

/** The server's secret is sealed, and the file has one: whether it is the same is not seen from here. */
function isKeptSecret(from: unknown, to: unknown): boolean {
  return typeof to === 'string' && isSealed(to) && typeof from === 'string' && !isSealed(from)
}

function isSameLength(node: unknown, value: unknown): boolean {
  return isSeq(node) && Array.isArray(value) && node.items.length === value.length
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, step) =>
      typeof inner === 'object' && inner !== null ? (inner as Record<PropertyKey, unknown>)[step] : undefined,
    value,
  )
}

function replacedAt(value: unknown, [step, ...rest]: readonly PropertyKey[], by: unknown): unknown {
  if (step === undefined) return by
  if (Array.isArray(value))
    return value.map((one: unknown, index) => (index === step ? replacedAt(one, rest, by) : one))
  if (!isMapping(value)) return by
  return Object.fromEntries(
    Object.entries({ ...value, [String(step)]: replacedAt(value[String(step)], rest, by) }).filter(
      ([, one]) => one !== undefined,
    ),
  )
}
