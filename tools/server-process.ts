import { execFile, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const PROGRAM = fileURLToPath(new URL('../apps/server/bin/usageflow.mjs', import.meta.url))
const START_MS_MAX = 120_000

/** The built program as a user runs it, on a data folder that is thrown away. */
export type ServerProcess = {
  readonly url: string
  /** Where it keeps its data. */
  readonly folder: string
  /** What it has logged so far, the first line first. */
  readonly logged: readonly Readonly<Record<string, unknown>>[]
  /** Runs another command of the program beside it and gives what it printed with `--json`, parsed. */
  run(...args: readonly string[]): Promise<unknown>
  /** Stops it as a supervisor does, waits, and removes its folder. */
  stop(): Promise<void>
}

/** Starts `usageflow start` on a free port. Rejects with what it printed when it does not come up. */
export async function startServerProcess(
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const folder = mkdtempSync(path.join(tmpdir(), 'usageflow-'))
  const env = { ...process.env, USAGEFLOW_METRICS_PORT: 'off', ...settings, USAGEFLOW_DATA: folder }
  const server = spawn(process.execPath, [PROGRAM, 'start', '--port', '0'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    server.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const logged: Record<string, unknown>[] = []
    const url = await addressOf(createInterface({ input: server.stdout }), { ended, logged })
    const run = async (...args: readonly string[]): Promise<unknown> => {
      const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, ...args], {
        env,
        maxBuffer: 1e8,
      })
      return JSON.parse(stdout)
    }
    return { url, folder, logged, run, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Makes an organization with a key of its test environment. */
export async function openAccount(
  server: ServerProcess,
  name: string,
  testClock?: string,
): Promise<{ readonly organizationId: string; readonly key: string }> {
  const clock = testClock === undefined ? [] : ['--test-clock', testClock]
  const { id } = (await server.run('org', 'create', name, ...clock, '--json')) as { id: string }
  const { key } = (await server.run('key', 'create', id, '--mode', 'test', '--json')) as {
    key: string
  }
  return { organizationId: id, key }
}

/** Reads the log until the line that says where the server listens; goes on reading, so that it never blocks. */
function addressOf(
  lines: AsyncIterable<string>,
  { ended, logged }: { ended: Promise<void>; logged: Record<string, unknown>[] },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (why: string): void =>
      reject(new Error([`${why}:`, ...logged.map((line) => JSON.stringify(line))].join('\n')))
    const timer = setTimeout(() => fail('the server did not come up in time'), START_MS_MAX)
    ended.then(() => fail('the server ended'), reject)
    const read = async (): Promise<void> => {
      for await (const line of lines) {
        const entry = JSON.parse(line) as Record<string, unknown>
        logged.push(entry)
        if (typeof entry.address === 'string') {
          clearTimeout(timer)
          resolve(entry.address)
        }
      }
    }
    read().catch(reject)
  })
}
