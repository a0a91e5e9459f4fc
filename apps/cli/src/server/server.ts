import { adminTokenPath } from '@sonde/api/admin-token'
import { loadSettings, publicUrlOf, variables } from '@sonde/config'
import type { Problem } from '@sonde/core'
import { readKeptSecret } from '@sonde/secrets'
import { UsageError } from '../io.ts'

/** The API of a Sonde, for the commands that go there. */
export type Server = {
  url: string
  /** Asks and answers with what came back, parsed when it is JSON. Throws what the server has against it, field by field. */
  ask(method: string, path: string, options?: { body?: unknown; accept?: string }): Promise<unknown>
}

/** The server refuses: its status, and every field that is wrong. */
export class RefusedError extends UsageError {
  readonly status: number
  readonly problems: Problem[]

  constructor(status: number, message: string, problems: Problem[]) {
    super(message)
    this.name = 'RefusedError'
    this.status = status
    this.problems = problems
  }
}

// A document of 10,000 checks takes a busy server some seconds.
const patienceMs = 60_000

/** Where the API is: SONDE_URL, or else where this machine's listens. */
export function serverUrl(env: NodeJS.ProcessEnv): string {
  const { SONDE_URL, ...listening } = loadSettings(
    {
      SONDE_URL: variables.SONDE_URL,
      SONDE_HOST: variables.SONDE_HOST,
      SONDE_PORT: variables.SONDE_PORT,
      SONDE_TLS_CERT_FILE: variables.SONDE_TLS_CERT_FILE,
    },
    env,
  )
  return SONDE_URL ?? publicUrlOf(listening)
}

/** The API that the environment names, else this machine's, with the token for it. */
export function openServer(env: NodeJS.ProcessEnv): Server {
  const url = serverUrl(env)
  const token = serverToken(env)
  return { url, ask: (method, path, options = {}) => ask(url, token, method, path, options) }
}

function serverToken(env: NodeJS.ProcessEnv): string {
  const { SONDE_TOKEN, SONDE_ADMIN_TOKEN, SONDE_DATA_DIR } = loadSettings(
    {
      SONDE_TOKEN: variables.SONDE_TOKEN,
      SONDE_ADMIN_TOKEN: variables.SONDE_ADMIN_TOKEN,
      SONDE_DATA_DIR: variables.SONDE_DATA_DIR,
    },
    env,
  )
  const path = adminTokenPath(SONDE_DATA_DIR)
  const token = SONDE_TOKEN ?? SONDE_ADMIN_TOKEN ?? readKeptSecret(path)
  if (token === undefined) throw new UsageError(`SONDE_TOKEN: is not set, and there is no token at ${path}`)
  return token
}

async function ask(
  url: string,
  token: string,
  method: string,
  path: string,
  { body, accept }: { body?: unknown; accept?: string },
): Promise<unknown> {
  let response: Response
  let text: string
  try {
    response = await fetch(new URL(`/api/v1${path}`, url), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(accept === undefined ? {} : { accept }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patienceMs),
    })
    text = await response.text()
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    throw new Error(`no answer from the server at ${url}: ${reasonOf(cause)}`, { cause: error })
  }
  const json = /[/+]json\b/.test(response.headers.get('content-type') ?? '') ? parsed(text) : undefined
  if (response.ok) return json ?? text
  throw refusal(url, response.status, json)
}

// What OpenSSL says of a certificate that no authority vouches for which this machine knows.
const untrusted = /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY_LEAF|GET_ISSUER)\w*)$/

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const isUntrusted = 'code' in cause && untrusted.test(String(cause.code))
  return isUntrusted
    ? 'its certificate is of no authority that is known here; NODE_EXTRA_CA_CERTS names a file with one of your own'
    : cause.message || String(cause)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** An answer of RFC 9457 as an error; one of a server's own fault, or that is not Sonde's at all, is a failure and no wrong call. */
function refusal(url: string, status: number, answer: unknown): Error {
  const { detail, errors } = (answer ?? {}) as { detail?: unknown; errors?: unknown }
  if (typeof detail !== 'string') return new Error(`the server at ${url} answered ${status}, and not as Sonde does`)
  if (status >= 500) return new Error(`the server at ${url} answered ${status}: ${detail}`)
  const problems = (Array.isArray(errors) ? errors : []).filter(
    (one): one is Problem => typeof one?.path === 'string' && typeof one?.message === 'string',
  )
  const refused = new RefusedError(status, `the server answered ${status}: ${detail}`, problems)
  // Only a document that is wrong is the caller's mistake: with --dry-run that code says something else as well.
  return problems.length > 0 && status !== 409 ? refused : new Error(refused.message)
}
