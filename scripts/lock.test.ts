import { expect, test } from 'vitest'
import { missingOptional, readLock } from './lock.ts'

test('the lock names the packages of every platform, as npm ci wants it (if not: node scripts/lock.ts)', () => {
  expect(missingOptional(readLock()).map(({ name }) => name)).toEqual([])
})

test('the lock names no address of a registry (if it does: npm install with the .npmrc of this folder)', () => {
  const addresses = Object.values(readLock().packages).flatMap(({ resolved }) => resolved ?? [])
  expect(addresses.filter((address) => /^https?:/.test(address))).toEqual([])
})
