import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { isDeepStrictEqual } from 'node:util'
import { type ApiClient, apiClient } from '../apps/server/src/cli/api-client.ts'
import { freePort } from '../apps/server/src/platform/db/embedded-postgres/probe.ts'
import { PYTHON_SOURCES, pythonWithFrameworks } from './python-environment.ts'
import { openAccount, type ServerProcess } from './server-process.ts'

/** A program with a package of ours in it. It listens at the port `PORT`. */
export type Host = {
  readonly language: keyof typeof STARTS
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

const SEEN_MS_MAX = 3_000
const START_MS_MAX = 60_000
const BUILD_MS_MAX = 300_000 // all of Gin, where it was never built
const POLL_MS = 50
const NODE_MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))
const GO_MODULE = fileURLToPath(new URL('../sdks/go', import.meta.url))

type Start = {
  readonly command: readonly [program: string, ...args: string[]]
  readonly env?: Readonly<Record<string, string>>
}

/** Writes a program into a folder; returns how it is started. */
const STARTS = {
  node(folder: string, program: string): Start {
    symlinkSync(NODE_MODULES, path.join(folder, 'node_modules'))
    writeFileSync(path.join(folder, 'host.mjs'), program)
    return { command: [process.execPath, 'host.mjs'] }
  },

  python(folder: string, program: string): Start {
    writeFileSync(path.join(folder, 'host.py'), program)
    const env = { PYTHONPATH: PYTHON_SOURCES.join(path.delimiter), PYTHONDONTWRITEBYTECODE: '1' }
    return { command: [pythonWithFrameworks(), 'host.py'], env }
  },

  go(folder: string, program: string): Start {
    const name = 'github.com/usageflow/go'
    const versions = execFileSync('go', ['list', '-m', '-f', '{{.GoVersion}}'], { cwd: GO_MODULE })
    writeFileSync(
      path.join(folder, 'go.mod'),
      `module host\n\ngo ${versions}\nrequire ${name} v0.0.0\n\nreplace ${name} => ${GO_MODULE}\n`,
    )
    cpSync(path.join(GO_MODULE, 'go.sum'), path.join(folder, 'go.sum'))
    writeFileSync(path.join(folder, 'main.go'), program)
    const build = ['build', '-mod=mod', '-o', 'host', '.']
    execFileSync('go', build, { cwd: folder, timeout: BUILD_MS_MAX })
    return { command: [path.join(folder, 'host')], env: { GIN_MODE: 'release' } }
  },
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
  const folder = mkdtempSync(path.join(work, 'host-'))
  const program = host.program(example).replaceAll('YOUR_API_KEY', key)
  const { command, env } = STARTS[host.language](folder, program)
  const port = await freePort()
  const [file, ...args] = command
  const child = spawn(file, args, {
    cwd: folder,
    env: { ...process.env, ...env, USAGEFLOW_URL: server.url, PORT: String(port) },
    stdio: 'ignore',
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  try {
    await untilListening(child, port)
    const answers: Response[] = []
    for (const ask of host.asks) answers.push(await answerTo(ask, port))
    await untilSeen(api, host.seen)
    await host.check?.(api, answers)
  } finally {
    child.kill('SIGKILL')
    await ended
  }
}

/** Not by a request: the host would count it. */
async function untilListening(child: ChildProcess, port: number): Promise<void> {
  for (const endMs = Date.now() + START_MS_MAX; Date.now() < endMs; await sleep(POLL_MS)) {
    if (child.exitCode !== null) throw new Error(`the program ended with ${child.exitCode}`)
    if (await listens(port)) return
  }
  throw new Error('the program does not listen')
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const tell = (isThere: boolean) => () => {
      socket.destroy()
      resolve(isThere)
    }
    socket.once('connect', tell(true)).once('error', tell(false))
  })
}

async function answerTo(ask: string, port: number): Promise<Response> {
  const [method = '', route = ''] = ask.split(' ')
  const headers = { 'x-user-id': 'user_42' }
  const response = await fetch(`http://127.0.0.1:${port}${route}`, { method, headers })
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
