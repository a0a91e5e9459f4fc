import type { Result } from '@sonde/core'

export type Answer = { status: number; body: Record<string, unknown>; type: string }

/** The REST API as a client sees it. */
export function apiClient(url: string, token: string) {
  const ask = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return {
      status: response.status,
      type: response.headers.get('content-type') ?? '',
      body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
    }
  }
  return {
    ask,
    results: async (key: string): Promise<Result[]> =>
      (await ask('GET', `/checks/${key}/results?limit=1000`)).body.items as Result[],
    metrics: async (): Promise<string> => (await fetch(`${url}/metrics`)).text(),
  }
}
