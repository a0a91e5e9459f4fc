import { expect, test } from 'vitest'
import { isTransient, sqlState } from './database.ts'

const failed = (code: string) =>
  new Error('Failed query: …', { cause: Object.assign(new Error('its reason'), { code }) })

test.each([
  ['the disk is full', '53100'],
  ['memory ran out', '53200'],
  ['there are too many connections', '53300'],
  ['the database is read-only', '25006'],
  ['a statement took too long', '57014'],
  ['the server shuts down', '57P01'],
  ['the server starts up', '57P03'],
  ['a lock was not to be had', '55P03'],
  ['two waited for each other', '40P01'],
  ['a file could not be read', '58030'],
  ['a table is being changed', '42P01'],
  ['a partition was attached just now', '23514'],
  ['the connection was refused', 'ECONNREFUSED'],
])('when %s, it is worth another try (%s)', (_, code) => {
  expect(isTransient(failed(code))).toBe(true)
  expect(sqlState(failed(code))).toBe(code)
})

test.each([
  ['a number is out of its range', '22003'],
  ['a text is no date', '22007'],
  ['a text holds a null character', '22P05'],
  ['a key is missing', '23503'],
  ['a statement is wrong', '42601'],
])('when %s, it is not (%s)', (_, code) => {
  expect(isTransient(failed(code))).toBe(false)
})
