import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { errorDocs } from './generate-error-docs.ts'

test('docs/errors.md is what the table of failures says (else: node scripts/generate-error-docs.ts)', () => {
  expect(readFileSync(`${import.meta.dirname}/../docs/errors.md`, 'utf8')).toBe(errorDocs())
})
