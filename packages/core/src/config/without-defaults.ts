import { isMapping, isSame, type Mapping } from '../mapping.ts'
import { z } from '../messages.ts'

/**
 * The shortest document that `schema` reads as `value`, which it has read before: fields that hold their default are left out, and
 * the others stand in the order of the schema.
 */
export function withoutDefaults(schema: z.core.$ZodType, value: unknown): unknown {
  return shortened(schema, value) ?? value
}

/** The value without what would be there anyway; undefined when that is all of it. */
function shortened(schema: z.core.$ZodType, value: unknown): unknown {
  if (value === undefined) return undefined
  if (schema instanceof z.ZodDefault)
    return isSame(value, schema.def.defaultValue) ? undefined : shortened(schema.def.innerType, value)
  if (schema instanceof z.ZodPrefault) {
    const inner = shortened(schema.def.innerType, value)
    return isSame(inner, schema.def.defaultValue) ? undefined : inner
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable)
    return value === null ? null : shortened(schema.def.innerType, value)
  if (schema instanceof z.ZodObject && isMapping(value)) return shortenedFields(schema.def.shape, value)
  if (schema instanceof z.ZodUnion) {
    const option = schema.def.options.find((one) => z.safeParse(one, value).success)
    return option === undefined ? value : shortened(option, value)
  }
  if (schema instanceof z.ZodArray && Array.isArray(value))
    return value.map((one: unknown) => withoutDefaults(schema.def.element, one))
  return value
}

function shortenedFields(shape: Record<string, z.core.$ZodType>, value: Mapping): Mapping {
  return Object.fromEntries(
    Object.entries(shape).flatMap(([name, field]) => {
      const kept = shortened(field, value[name])
      return kept === undefined ? [] : [[name, kept]]
    }),
  )
}
