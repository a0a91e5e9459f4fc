import type { ErrorObject } from 'ajv'
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'

type Media = { schema?: object; example?: unknown }
type Answer = { content?: Record<string, Media>; headers?: Record<string, { example?: unknown }> }
export type Operation = {
  operationId: string
  summary?: string
  security?: object[]
  parameters?: { in: string; name: string; schema: object; example?: unknown }[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, Answer>
}
export type ApiDocument = { openapi: string; paths: Record<string, Record<string, Operation>>; components: object }

/** Each operation of the document with the path it is at. */
export function operationsOf(document: ApiDocument): { path: string; method: string; operation: Operation }[] {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
}

/** Answers what of a value is not as a schema of the document says, each a line; none when all of it is. */
export function validatorOf(document: ApiDocument): (schema: object, value: unknown) => string[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true, validateFormats: true })
  formats.default(ajv)
  ajv.addSchema({ $id: 'document', components: document.components })
  const compiled = new Map<object, ReturnType<typeof ajv.compile>>()
  return (schema, value) => {
    let validate = compiled.get(schema)
    if (validate === undefined) {
      const absolute = JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/')
      validate = ajv.compile(JSON.parse(absolute) as object)
      compiled.set(schema, validate)
    }
    return validate(value) ? [] : (validate.errors ?? []).map(line)
  }
}

function line({ instancePath, message, params }: ErrorObject): string {
  return `${instancePath || '/'} ${message} ${JSON.stringify(params)}`
}
