import type { Mapping } from '../mapping.ts'
import { type ConfigObject, configSections, type SectionName, sectionNames } from './sections.ts'
import { withoutDefaults } from './without-defaults.ts'

/**
 * The document that makes a server as this one is: sections in the order in which they are applied, objects in that of their keys
 * and fields in that of their schema, without what is at its default. `checks` is there even when it is empty.
 */
export function configDocument(objects: Partial<Record<SectionName, readonly ConfigObject[]>>): Mapping {
  return Object.fromEntries(
    sectionNames.flatMap((section) => {
      const list = objects[section] ?? []
      if (list.length === 0 && section !== 'checks') return []
      return [[section, list.map((object) => shortDocument(section, object))]]
    }),
  )
}

// What an object is comes before how it is: people read from the top.
const first = ['key', 'name', 'kind', 'target']

/** One object without what is at its default, as somebody would write it. */
export function shortDocument(section: SectionName, object: ConfigObject): Mapping {
  const fields = Object.entries(withoutDefaults(configSections[section].schema, object) as Mapping)
  const place = ([name]: [string, unknown]) => (first.includes(name) ? first.indexOf(name) : first.length)
  return Object.fromEntries(fields.toSorted((a, b) => place(a) - place(b)))
}
