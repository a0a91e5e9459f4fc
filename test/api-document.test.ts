import { createConfig, lintFromString } from '@redocly/openapi-core'
import { startApi } from '@sonde/api'
import { clientTypes } from '@sonde/api-client/generate'
import { createLogger } from '@sonde/config'
import { createRegistry } from '@sonde/metrics'
import { freePort, freshDatabase } from '@sonde/testkit'
import { beforeAll, describe, expect, test } from 'vitest'
import { type ApiDocument, operationsOf, validatorOf } from './api-document.ts'

// Health is asked without a token or a parameter: there is nothing that the caller could do wrong.
const healthHasNoFaults = { 'operation-4xx-response': 'off' } as const

let text = ''
let document: ApiDocument
beforeAll(async () => {
  await using database = await freshDatabase()
  const api = await startApi(
    {
      databaseUrl: database.url,
      redisUrl: undefined,
      host: '127.0.0.1',
      port: await freePort(),
      adminToken: 'an-admin-token-for-tests',
      secretKey: undefined,
      metricsToken: undefined,
      metricsJob: undefined,
      egress: { deny: [], allow: [] },
      publicUrl: 'http://sonde.example',
    },
    createLogger('test', 'silent'),
    createRegistry(),
  )
  text = await (await fetch(`${api.url}/api/v1/openapi.json`)).text()
  document = JSON.parse(text) as ApiDocument
  await api.close()
})

test('the document is OpenAPI 3.1 as a linter wants it', async () => {
  expect(document.openapi).toMatch(/^3\.1\./)
  const config = await createConfig({ extends: ['recommended-strict'], rules: healthHasNoFaults })
  const problems = await lintFromString({ source: text, absoluteRef: 'openapi.json', config })
  const lines = problems.map(
    ({ ruleId, message, location }) => `${ruleId} at ${location.map((one) => one.pointer).join(' ')}: ${message}`,
  )
  expect(lines).toEqual([])
})

describe('every operation', () => {
  const eachOperation = () => operationsOf(document).map((one) => ({ ...one, id: one.operation.operationId }))
  const add = (id: string) => `add it under "${id}" in apps/api/src/examples/`

  test('has a name of its own', () => {
    const ids = eachOperation().map(({ id }) => id)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
  })

  test('has an example of what it is asked and what it answers', () => {
    const missing = eachOperation().flatMap(({ id, operation: { parameters = [], requestBody, responses } }) => [
      ...parameters
        .filter((parameter) => parameter.in === 'path' && parameter.example === undefined)
        .map(({ name }) => `${id}: no example of ${name} in the path: ${add(id)}, parameters`),
      ...Object.values(requestBody?.content ?? {})
        .filter(({ example }) => example === undefined)
        .map(() => `${id}: no example of a request: ${add(id)}, request`),
      ...Object.entries(responses)
        .filter(([status]) => status.startsWith('2'))
        .flatMap(([status, { content = {} }]) => Object.values(content).map((media) => ({ status, media })))
        .filter(({ media }) => media.example === undefined)
        .map(({ status }) => `${id}: no example of an answer with ${status}: ${add(id)}, responses`),
    ])
    expect(missing).toEqual([])
  })

  test('has examples that keep to its schemas', () => {
    const problemsOf = validatorOf(document)
    const wrong = eachOperation().flatMap(({ id, operation: { parameters = [], requestBody, responses } }) => {
      const media = [requestBody, ...Object.values(responses)].flatMap((part) => Object.values(part?.content ?? {}))
      return [...parameters, ...media].flatMap(({ schema, example }) =>
        schema === undefined || example === undefined
          ? []
          : problemsOf(schema, example).map((problem) => `${id}: ${problem}`),
      )
    })
    expect(wrong).toEqual([])
  })

  test('tells its problems, and asks for a token unless it is about health', () => {
    for (const { path, operation } of eachOperation()) {
      if (!path.startsWith('/api/v1')) expect(operation.security).toEqual([])
      else {
        expect(operation.security).not.toEqual([])
        expect(operation.responses['default']?.content).toHaveProperty(['application/problem+json'])
      }
    }
  })
})

test('the types of the client are those of the document', async () => {
  // When the API has changed: node_modules/.bin/vitest run test/api-document.test.ts -u
  await expect(await clientTypes(document)).toMatchFileSnapshot('../packages/api-client/src/openapi.d.ts')
}, 60_000)
