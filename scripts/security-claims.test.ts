import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const page = new URL('../docs/security.md', import.meta.url)
const [, table = ''] = readFileSync(page, 'utf8').split('## OWASP ASVS 5.0')
const claims = table
  .split('\n')
  .filter((line) => /^\| \d/.test(line))
  .map((line) => {
    const [, requirements = '', , shownBy = ''] = line.split('|').map((cell) => cell.trim())
    return { requirements, shownBy }
  })

// How many requirements each section of ASVS 5.0.0 that is spoken of has, from its published table.
const requirementsIn: Readonly<Record<string, number>> = {
  '1.2': 10,
  '1.3': 12,
  '2.2': 3,
  '2.3': 5,
  '2.4': 2,
  '3.2': 3,
  '3.4': 8,
  '3.5': 8,
  '3.6': 1,
  '4.1': 5,
  '7.2': 4,
  '7.4': 5,
  '8.2': 4,
  '8.3': 3,
  '8.4': 2,
  '11.2': 5,
  '11.3': 5,
  '11.4': 4,
  '11.5': 2,
  '12.1': 5,
  '12.3': 5,
  '13.2': 6,
  '13.3': 4,
  '14.2': 8,
  '15.2': 5,
  '15.3': 7,
  '15.4': 4,
  '16.2': 5,
  '16.3': 4,
  '16.4': 3,
  '16.5': 4,
}

test('each requirement that is claimed is one of the standard, and is claimed once', () => {
  const numbers = claims.flatMap(({ requirements }) => requirements.replace(/ \(level \d\)$/, '').split(', '))
  expect(numbers.length).toBeGreaterThan(50)
  expect(new Set(numbers).size).toBe(numbers.length)
  for (const number of numbers) {
    const [, section = '', last] = /^(\d+\.\d+)\.(\d+)$/.exec(number) ?? []
    expect(Number(last), number).toBeLessThanOrEqual(requirementsIn[section] ?? 0)
  }
})

test.each(claims)('what shows $requirements is there, and is a test', ({ shownBy }) => {
  const files = [...shownBy.matchAll(/\]\(([^)]+)\)/g)].map(([, path = '']) => fileURLToPath(new URL(path, page)))
  expect(files.length).toBeGreaterThan(0)
  for (const file of files) {
    expect(file).toMatch(/\.test\.ts$/)
    expect(existsSync(file), file).toBe(true)
  }
})
