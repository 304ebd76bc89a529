import type { ProxyOptions } from 'vite'

/**
 * Sends what belongs to the server to the one at `server`, so that it and the pages have one origin.
 * With `key`, calls go by that API key instead of a session: for a server without accounts.
 */
export function serverAt(
  server: string,
  key: string | undefined,
): Readonly<Record<string, ProxyOptions>> {
  const target: ProxyOptions = { target: server, changeOrigin: true }
  const withKey: ProxyOptions = {
    ...target,
    headers: key === undefined ? {} : { 'x-usageflow-api-key': key },
  }
  return { '/api': withKey, '/docs': target, '/ready': target }
}
