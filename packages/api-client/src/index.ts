import createClient, { type Client, type Middleware } from 'openapi-fetch'
import type { paths } from './openapi.d.ts'

export type { components, operations, paths } from './openapi.d.ts'
export type ApiClient = Client<paths>
export type { Middleware }

/** A client of the API at `url`, typed by its OpenAPI document: what that does not have does not compile. */
export function apiClient(url: string, token: string): ApiClient {
  return createClient<paths>({ baseUrl: url, headers: { authorization: `Bearer ${token}` } })
}
