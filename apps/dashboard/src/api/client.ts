import createClient, { type Client } from 'openapi-fetch'
import type { EnvironmentRef } from '../paths.ts'
import { ApiError, toApiError, unreachable } from './errors.ts'
import type { paths } from './schema.gen.ts'

export type Api = Client<paths>

/** The API of one environment, as the reader who is signed in. */
export function createApi(environment: EnvironmentRef): Api {
  return createClient<paths>({
    baseUrl: window.location.origin,
    headers: headersOf(environment),
    querySerializer: { array: { style: 'form', explode: true } },
  })
}

function headersOf({ organizationId, mode }: EnvironmentRef) {
  return { 'usageflow-organization': organizationId, 'usageflow-environment': mode }
}

/** Opens what an address of the environment answers, to be read as it comes. Rejects with an ApiError. */
export async function openStream(
  environment: EnvironmentRef,
  address: string,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  const request = fetch(address, { headers: headersOf(environment), signal })
  const response = await request.catch((failure: unknown) => {
    throw isAborted(failure) ? failure : unreachable()
  })
  if (!response.ok || !response.body)
    throw toApiError(response.status, await response.json().catch(() => null))
  return response.body
}

/** Resolves to what was answered; rejects with an ApiError for every failure, also of the network. */
export async function answered<T>(
  call: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await call.catch((failure: unknown) => {
    throw failure instanceof ApiError || isAborted(failure) ? failure : unreachable()
  })
  if (!response.ok) throw toApiError(response.status, error)
  return data as T // the types of the document say what a success holds
}

/** A call to an address that belongs to no environment, like that of the session. */
export async function callAccount<T>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  sent: { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> } = {},
): Promise<T> {
  const hasBody = sent.body !== undefined
  const init: RequestInit = {
    method,
    headers: {
      accept: 'application/json',
      ...(hasBody ? { 'content-type': 'application/json' } : {}),
      ...sent.headers,
    },
    ...(hasBody ? { body: JSON.stringify(sent.body) } : {}),
  }
  const response = await fetch(path, init).catch(() => {
    throw unreachable()
  })
  const text = await response.text()
  const answer = readJson(text)
  if (!response.ok) throw toApiError(response.status, betterAuthError(answer))
  return answer as T
}

/** The library that keeps the passwords has errors of its own shape. */
function betterAuthError(answer: unknown): unknown {
  const { message, code } = (answer ?? {}) as { message?: unknown; code?: unknown }
  if (typeof message !== 'string') return answer
  return { error: { code: typeof code === 'string' ? code : 'auth.refused', message } }
}

function readJson(text: string): unknown {
  try {
    return text === '' ? null : JSON.parse(text)
  } catch {
    return null
  }
}

function isAborted(failure: unknown): boolean {
  return failure instanceof DOMException && failure.name === 'AbortError'
}
