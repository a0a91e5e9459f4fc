import { checkKinds } from '../kinds/registry.ts'
import { isMapping, type Mapping } from '../mapping.ts'
import { z } from '../messages.ts'
import { descriptionOf } from './descriptions.ts'
import { configSections, type SectionName, sectionNames } from './sections.ts'
import { withSharedParts } from './shared-parts.ts'

/** A reference may stand wherever a text does: what it leads to is not known to whoever reads the file. */
export const reference = { type: 'string', pattern: String.raw`\$\{` }
export const durationPattern = String.raw`^\d{1,9}(ms|s|m|h|d)$`
const templateNames = { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }
const nothing = { type: 'null' }

/**
 * The JSON Schema (2020-12) of a configuration file, for editors and for checks in other languages. It takes all that `apply` takes;
 * what hangs on several fields at once (a timeout below its interval, names that lead somewhere) only `sonde validate` tells.
 */
export function configJsonSchema(): Mapping {
  const check = sectionSchema('checks')
  const kinds = (check.anyOf as Mapping[]).map(fileCheck)
  const part = partOfCheck(kinds)
  return withSharedParts({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Sonde configuration',
    description: 'What `sonde apply` takes: checks, and what is around them.',
    type: 'object',
    properties: {
      $schema: { type: 'string' },
      manager: described('manager', { type: 'string', pattern: '^[a-z0-9-]{1,64}$' }),
      defaults: described('defaults', part),
      templates: described('templates', {
        type: 'object',
        additionalProperties: { ...part, properties: { template: templateNames, ...(part.properties as Mapping) } },
      }),
      ...Object.fromEntries(sectionNames.map((section) => [section, described(section, listOf(section, kinds))])),
    },
    patternProperties: { '^x-': {} },
    additionalProperties: false,
    anyOf: [...sectionNames, 'templates'].map((field) => ({ required: [field] })),
    // Where the defaults have no kind, a check has one of its own or a template.
    if: { required: ['defaults'], properties: { defaults: { required: ['kind'] } } },
    else: { properties: { checks: { items: { anyOf: [{ required: ['kind'] }, { required: ['template'] }] } } } },
  })
}

function listOf(section: SectionName, kinds: Mapping[]): Mapping {
  const list = (items: unknown) => ({ anyOf: [{ type: 'array', items }, nothing] })
  if (section === 'checks')
    return list({ anyOf: kinds, allOf: [{ anyOf: [{ required: ['target'] }, { required: ['template'] }] }] })
  const schema = sectionSchema(section)
  return list(section === 'regions' ? { anyOf: [{ type: 'string' }, schema] } : schema)
}

/** The schema of one object, described, as zod has it. */
export function sectionSchema(section: SectionName): Mapping {
  const { $schema: _, ...whole } = z.toJSONSchema(configSections[section].schema, {
    io: 'input',
    unrepresentable: 'any',
    override: ({ jsonSchema }) => loosen(jsonSchema as Mapping),
  }) as Mapping
  // What has a name of its own, as it has in the description of the API, comes as a reference to itself.
  const { oneOf, ...rest } = isMapping(whole.$defs) ? (Object.values(whole.$defs)[0] as Mapping) : whole
  // Only one of them ever fits, and editors tell more of `anyOf`.
  return describeFields(section, oneOf === undefined ? rest : { ...rest, anyOf: oneOf }) as Mapping
}

/** Texts of a certain form may also be references. */
function loosen(schema: Mapping): void {
  if (schema.pattern === durationPattern) {
    // What the field means goes into its description.
    schema.$comment = schema.description
    delete schema.description
  }
  if (schema.type !== 'string' || (schema.pattern === undefined && schema.format === undefined)) return
  const { description, examples, default: fallback, ...form } = schema
  for (const name of Object.keys(schema)) delete schema[name]
  Object.assign(schema, {
    ...(description === undefined ? {} : { description }),
    ...(examples === undefined ? {} : { examples }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [form, reference],
  })
}

/** A check as a file has it: what it inherits may be missing, and null takes it away. */
function fileCheck(check: Mapping): Mapping {
  const fields = Object.entries(check.properties as Mapping).map(([name, schema]) => [
    name,
    name === 'key' || name === 'kind' || name === 'target' ? schema : orNull(schema as Mapping),
  ])
  return {
    ...check,
    properties: { ...Object.fromEntries(fields), template: described('template', templateNames) },
    required: ['key'],
  }
}

function orNull({ description, default: fallback, ...schema }: Mapping): Mapping {
  return {
    ...(description === undefined ? {} : { description }),
    ...(fallback === undefined ? {} : { default: fallback }),
    anyOf: [withNullValues(schema), nothing],
  }
}

/** The values of a free mapping, such as labels, are taken away one by one. */
function withNullValues(schema: Mapping): Mapping {
  const { additionalProperties: values } = schema
  return isMapping(values) && Object.keys(values).length > 0
    ? { ...schema, additionalProperties: { anyOf: [values, nothing] } }
    : schema
}

/** What defaults and templates may have: fields of a check of any kind but its key. */
function partOfCheck(kinds: readonly Mapping[]): Mapping {
  const all = Object.assign({}, ...kinds.map(({ properties }) => properties as Mapping)) as Mapping
  const { key: _key, template: _template, ...fields } = all
  return {
    type: 'object',
    properties: { ...fields, kind: { enum: Object.keys(checkKinds) }, target: { type: 'string' } },
    additionalProperties: false,
  }
}

function described(path: string, schema: object): Mapping {
  const description = descriptionOf(path)
  return { ...schema, ...(description === undefined ? {} : { description }) }
}

/** Puts the description of each field at its schema, wherever options and lists lie between. */
function describeFields(path: string, schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((one: unknown) => describeFields(path, one))
  if (!isMapping(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([name, value]) => {
      if (name === 'properties' && isMapping(value))
        return [
          name,
          Object.fromEntries(
            Object.entries(value).map(([field, inner]) => {
              const under = `${path}.${field}`
              return [field, described(under, describeFields(under, inner) as Mapping)]
            }),
          ),
        ]
      return [name, ['anyOf', 'oneOf', 'items', 'allOf'].includes(name) ? describeFields(path, value) : value]
    }),
  )
}
