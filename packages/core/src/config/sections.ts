import { Channel } from '../channel.ts'
import { Check, RegionName } from '../check.ts'
import { MaintenanceWindow } from '../maintenance.ts'
import { RegionFacts } from '../region.ts'

/** A region in a file: its name, and what is said of it. */
export const ConfigRegion = RegionFacts.extend({ name: RegionName })
export type ConfigRegion = { name: string } & RegionFacts

/**
 * The lists of a configuration document, in the order in which they are applied: what others name comes first. `keyField` is the
 * field that tells two objects of one list apart.
 */
export const configSections = {
  regions: { schema: ConfigRegion, keyField: 'name', noun: 'region' },
  channels: { schema: Channel, keyField: 'key', noun: 'channel' },
  checks: { schema: Check, keyField: 'key', noun: 'check' },
  maintenance: { schema: MaintenanceWindow, keyField: 'key', noun: 'maintenance window' },
} as const

export type SectionName = keyof typeof configSections
export const sectionNames = Object.keys(configSections) as SectionName[]

/** What each section holds. */
export type ConfigObjects = { regions: ConfigRegion; channels: Channel; checks: Check; maintenance: MaintenanceWindow }
export type ConfigObject = ConfigObjects[SectionName]

export function keyOf(object: ConfigObject): string {
  return 'name' in object && !('key' in object) ? object.name : (object as { key: string }).key
}
