import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { configDocs } from './generate-config-docs.ts'

test('docs/configuration-fields.md is what the schemas say (else: node scripts/generate-config-docs.ts)', () => {
  expect(readFileSync(`${import.meta.dirname}/../docs/configuration-fields.md`, 'utf8')).toBe(configDocs())
})
