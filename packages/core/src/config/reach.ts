import { isWithin, type LabelSelector, selectorText } from '../token.ts'
import type { Issue } from './issues.ts'
import { type ConfigObject, configSections, keyOf, type SectionName } from './sections.ts'

/** Whether a token with these labels has anything to do with an object: those of a team are checks alone. */
export function reaches(selector: LabelSelector, object: ConfigObject): boolean {
  return Object.keys(selector).length === 0 || ('target' in object && isWithin(object.labels, selector))
}

/** What a file has in one section that its token may not write, neither as it is to be nor as it is now. */
export function beyondReach(
  section: SectionName,
  wanted: readonly ConfigObject[],
  current: readonly ConfigObject[],
  selector: LabelSelector,
): Issue[] {
  if (Object.keys(selector).length === 0) return []
  const { keyField, noun } = configSections[section]
  const byKey = new Map(current.map((object) => [keyOf(object), object]))
  return wanted.flatMap((object, index): Issue[] => {
    if (section !== 'checks')
      return [
        {
          at: [section, index],
          message: `a ${noun} is of no team, and this token is bound to ${selectorText(selector)}`,
        },
      ]
    if (!reaches(selector, object))
      return [
        { at: [section, index, 'labels'], message: `expected ${selectorText(selector)}, which this token is bound to` },
      ]
    const existing = byKey.get(keyOf(object))
    if (existing === undefined || reaches(selector, existing)) return []
    return [{ at: [section, index, keyField], message: `"${keyOf(object)}" is taken` }]
  })
}
