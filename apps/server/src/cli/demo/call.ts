import type { ApiClient } from '../api-client.ts'

/** Calls the public API of one environment; paths begin after `/api/v1`. Throws for every answer that is no success. */
export type Call = (
  method: string,
  path: string,
  body?: unknown,
) => Promise<Record<string, unknown>>

export function callOf(api: ApiClient): Call {
  return async (method, path, body) =>
    expectSuccess(`${method} ${path}`, await api.send(method, `/api/v1${path}`, body))
}

/** The body of an answer. Throws when it is no success: a demo that goes on regardless shows nonsense. */
export function expectSuccess(
  call: string,
  answer: { readonly status: number; readonly body: unknown },
): Record<string, unknown> {
  if (answer.status < 200 || answer.status > 299)
    throw new Error(`${call} was answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  return (answer.body ?? {}) as Record<string, unknown>
}
