import { mkdtempSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { type ApiClient, apiClient } from '../apps/server/src/cli/api-client.ts'
import { type Language, startHost } from './host-process.ts'
import { openAccount, type ServerProcess } from './server-process.ts'

/** A program with a package of ours in it. It listens at the port `PORT`. */
export type Host = {
  readonly language: Language
  /** The whole program: the example as it stands, and what is around it. `YOUR_API_KEY` is put in. */
  readonly program: (example: string) => string
  /** What is asked of it, like `GET /api/users`. */
  readonly asks: readonly string[]
  /** All that the server must know of its endpoints then. */
  readonly seen: readonly SeenEndpoint[]
  readonly prepare?: (api: ApiClient) => Promise<void>
  /** What else must hold; throws with what does not. */
  readonly check?: (api: ApiClient, answers: readonly Response[]) => Promise<void>
}

export type SeenEndpoint = {
  readonly method: string
  readonly route: string
  readonly requests: number
  readonly statuses: Readonly<Record<string, number>>
}

/** Who asks, by the header `x-user-id`. */
export const CALLER = 'user_42'

const SEEN_MS_MAX = 3_000
const POLL_MS = 50

const FILES: Readonly<Record<Language, string>> = {
  node: 'host.mjs',
  python: 'host.py',
  go: 'main.go',
}

/** Runs the program of an example, asks it, and waits until the server knows of that. */
export async function runHost(
  host: Host,
  example: string,
  { server, work }: { readonly server: ServerProcess; readonly work: string },
): Promise<void> {
  const { key } = await openAccount(server, 'A service')
  const api = apiClient(server.url, key)
  await host.prepare?.(api)
  const { language } = host
  const folder = mkdtempSync(path.join(work, 'host-'))
  const program = host.program(example).replaceAll('YOUR_API_KEY', key)
  const file = FILES[language]
  writeFileSync(path.join(folder, file), program)
  const env = { USAGEFLOW_URL: server.url }
  const running = await startHost({ language, folder, file, env })
  try {
    const answers: Response[] = []
    for (const ask of host.asks) answers.push(await answerTo(ask, running.url))
    await untilSeen(api, host.seen)
    await host.check?.(api, answers)
  } finally {
    await running.stop()
  }
}

async function answerTo(ask: string, url: string): Promise<Response> {
  const [method = '', route = ''] = ask.split(' ')
  const headers = { 'x-user-id': CALLER }
  const response = await fetch(`${url}${route}`, { method, headers })
  await response.arrayBuffer()
  return response
}

/** Endpoints with their counts, each with its latencies, and no others, within three seconds of the last answer. */
async function untilSeen(api: ApiClient, expected: readonly SeenEndpoint[]): Promise<void> {
  const endMs = Date.now() + SEEN_MS_MAX
  for (;;) {
    const { body } = await api.get('/api/v1/control/endpoints')
    const { data } = body as { data: (SeenEndpoint & { latencyMs: object | null })[] }
    const used = data.filter(({ requests }) => requests > 0)
    const seen = used.map(({ method, route, requests, statuses }) => ({
      ...{ method, route, requests, statuses },
    }))
    const areTimed = used.every(({ latencyMs }) => latencyMs !== null)
    if (areTimed && isDeepStrictEqual(byName(seen), byName(expected))) return
    if (Date.now() > endMs)
      throw new Error(`after ${SEEN_MS_MAX} ms the server knows of ${JSON.stringify(data)}`)
    await sleep(POLL_MS)
  }
}

function byName(endpoints: readonly SeenEndpoint[]): SeenEndpoint[] {
  const name = ({ method, route }: SeenEndpoint) => `${route} ${method}`
  return endpoints.toSorted((a, b) => (name(a) < name(b) ? -1 : 1))
}
