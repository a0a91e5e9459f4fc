import { type components, apiClient as generated, type Middleware } from '@sonde/api-client'
import type { Result } from '@sonde/core'
import { type ApiDocument, operationsOf, validatorOf } from '../api-document.ts'

export type Answer = { status: number; body: Record<string, unknown>; type: string }

/** A check as one sends it. */
export type CheckBody = components['schemas']['CheckInput']

/** The REST API as a client sees it that is made from its document; each answer is held against that document too. */
export function apiClient(url: string, token: string) {
  const client = generated(url, token)
  client.use(holdToDocument(url))
  return {
    ...client,
    results: async (key: string): Promise<Result[]> => {
      const { data } = await client.GET('/api/v1/checks/{key}/results', {
        params: { path: { key }, query: { limit: 1000 } },
      })
      return data?.items ?? []
    },
    metrics: async (): Promise<string> => (await fetch(`${url}/metrics`)).text(),
  }
}

/** What was answered, whether the document knows it as an answer or as a problem. */
export async function answered(
  asked: Promise<{ data?: unknown; error?: unknown; response: Response }>,
): Promise<Answer> {
  const { data, error, response } = await asked
  return {
    status: response.status,
    body: (data ?? error ?? {}) as Record<string, unknown>,
    type: response.headers.get('content-type') ?? '',
  }
}

/** Fails a test whose API answers what its document does not say. */
function holdToDocument(url: string): Middleware {
  let reading: Promise<(path: string, method: string, response: Response) => Promise<string[]>> | undefined
  return {
    onResponse: async ({ schemaPath, request, response }) => {
      reading ??= readDocument(url)
      const wrong = await (await reading)(schemaPath, request.method.toLowerCase(), response.clone())
      if (wrong.length > 0) throw new Error(`${request.method} ${schemaPath}: ${wrong.join('; ')}`)
    },
  }
}

async function readDocument(url: string) {
  const document = (await (await fetch(`${url}/api/v1/openapi.json`)).json()) as ApiDocument
  const problemsOf = validatorOf(document)
  const operations = new Map(
    operationsOf(document).map(({ path, method, operation }) => [`${method} ${path}`, operation]),
  )
  return async (path: string, method: string, response: Response): Promise<string[]> => {
    const responses = operations.get(`${method} ${path}`)?.responses
    const said = responses?.[response.status] ?? responses?.['default']
    if (said === undefined) return [`${response.status} is not in the document`]
    const text = await response.text()
    if (said.content === undefined) return text === '' ? [] : ['a body is not in the document']
    const [type = ''] = (response.headers.get('content-type') ?? '').split(';')
    const { schema } = said.content[type] ?? {}
    if (schema === undefined) return [`${type} is not in the document`]
    return problemsOf(schema, type.endsWith('json') && !type.endsWith('ndjson') ? JSON.parse(text) : text)
  }
}
