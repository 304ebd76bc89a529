/** Talks to a running server as any customer's program would. */
export type ApiClient = {
  get(path: string): Promise<{ status: number; body: unknown }>
  post(
    path: string,
    body: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ status: number; body: unknown }>
  /** As `post`, by any method; without a body it sends none. */
  send(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
}

const TIMEOUT_MS = 90_000 // a clock that moves through a year takes a while

/** Answers with status and parsed body; rejects only when no answer came. */
export function apiClient(url: string, key: string): ApiClient {
  const call = async (path: string, init: RequestInit) => {
    const response = await fetch(new URL(path, url), {
      ...init,
      headers: { 'x-usageflow-api-key': key, ...init.headers },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const text = await response.text()
    return { status: response.status, body: text === '' ? null : (JSON.parse(text) as unknown) }
  }
  return {
    get: (path) => call(path, {}),
    post: (path, body, headers = {}) =>
      call(path, {
        method: 'POST',
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    send: (method, path, body) =>
      call(path, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      }),
  }
}
