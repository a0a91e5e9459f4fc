import { DomainError, mergePatch, problemsOf } from '@sonde/core'
import { z } from 'zod'

/** A JSON Merge Patch (RFC 7396): the fields to change, `null` for those to go back to their default. */
export const MergePatch = z.record(z.string(), z.unknown())

/** A hook for PUT: the key stands in the path, and a body that leaves it out means the same one. */
export async function keyFromPath(request: { body: unknown; params: unknown }): Promise<void> {
  const { body, params } = request as { body: unknown; params: { key: string } }
  if (typeof body === 'object' && body !== null && !('key' in body)) Object.assign(body, { key: params.key })
}

/** A DomainError when a document names another key than the path: it would be another document. */
export function assertKeyOfPath(params: { key: string }, document: { key: string }): void {
  if (document.key === params.key) return
  const message = `expected "${params.key}" as in the path, found "${document.key}"`
  throw new DomainError('invalid', `key: ${message}`, [{ path: 'key', message }])
}

/** The stored document with a patch, validated whole; a DomainError with every field that is wrong then. */
export function patched<Schema extends z.ZodType>(schema: Schema, current: unknown, patch: unknown): z.output<Schema> {
  const parsed = schema.safeParse(mergePatch(current, patch))
  if (parsed.success) return parsed.data
  const problems = problemsOf(parsed.error)
  throw new DomainError('invalid', problems.map(({ path, message }) => `${path}: ${message}`).join('; '), problems)
}
