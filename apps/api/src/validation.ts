import { DomainError, type Problem, problemsOf } from '@sonde/core'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'

// The order in which Fastify takes the parts of a request; it stops with the first that is wrong.
const parts = ['params', 'body', 'querystring'] as const

/** Has every part of a request validated by its zod schema, and answers made as they are: they were validated when they were stored. */
export function validateByZod(app: FastifyInstance): void {
  app.setValidatorCompiler<z.ZodType>(({ schema, httpPart = 'body' }) => (data: unknown) => {
    const parsed = schema.safeParse(data)
    if (parsed.success) return { value: parsed.data }
    const problems = problemsIn(parsed.error, httpPart)
    const error = new DomainError(
      'invalid',
      problems.map(({ path, message }) => `${path}: ${message}`).join('; '),
      problems,
    )
    return { error }
  })
  app.setSerializerCompiler(() => (data) => JSON.stringify(data))
}

/** What is wrong with the parts of a request that were not looked at any more after `error`: all of it is told at once. */
export function problemsOfLaterParts(error: Error, request: FastifyRequest): Problem[] {
  const part = 'validationContext' in error ? error.validationContext : undefined
  const found = parts.findIndex((name) => name === part)
  if (found === -1) return []
  const schemas = request.routeOptions.schema ?? {}
  return parts.slice(found + 1).flatMap((name) => {
    const schema = schemas[name]
    if (!(schema instanceof z.ZodType)) return []
    const parsed = schema.safeParse(name === 'querystring' ? request.query : request[name])
    return parsed.success ? [] : problemsIn(parsed.error, name)
  })
}

function problemsIn(error: z.ZodError, part: string): Problem[] {
  return problemsOf(error).map((problem) => (problem.path === '' ? { ...problem, path: part } : problem))
}
