import type { Answer } from './api-client.ts'

/** The REST API for requests that its document does not know, as wrong ones: whatever is sent and answered is taken as it is. */
export function rawClient(url: string, token: string) {
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
  return { ask, metrics: async (): Promise<string> => (await fetch(`${url}/metrics`)).text() }
}
