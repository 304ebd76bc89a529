import { spawn } from 'node:child_process'
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { type ClusterPlace, type DataFolder, reachableData, startFailure } from './data-folder.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { type Door, probe } from './probe.ts'
import { mayServe } from './processes.ts'
import type { ServerSettings } from './server-settings.ts'

/** Everything that is needed to start the server of one data folder, again and again. */
export type Site = ClusterPlace & {
  readonly door: Door
  readonly settings: ServerSettings
}

/** A running PostgreSQL server: ours from its birth, or adopted. */
export type Postmaster = {
  readonly pid: number
  /** Resolves, once the process has ended, to how it ended. */
  readonly ended: Promise<string>
}

/** Processes of a killed server still hold its memory or its folder; they leave within seconds. */
export class OrphansLeft extends Error {
  override readonly name = 'OrphansLeft'
}

const READY_TIMEOUT_MS = 600_000 // crash recovery replays up to `max_wal_size`, on a slow disk too
const READY_POLL_MS = 10
const WATCH_POLL_MS = 250

/**
 * Starts the server and waits until it serves. Throws `OrphansLeft` when it must be tried again
 * later, `port_taken`, `disk_full`, or `did_not_start` with what PostgreSQL said.
 */
export async function launch(site: Site): Promise<Postmaster> {
  const { folder, door } = site
  const saidBefore = statSync(folder.logFile, { throwIfNoEntry: false })?.size ?? 0
  const postmaster = spawnServer(site)
  let how: string | undefined
  void postmaster.ended.then((end) => {
    how = end
  })
  const deadline = performance.now() + READY_TIMEOUT_MS
  while (performance.now() < deadline) {
    if (how !== undefined) throw refusal(site, `${textSince(folder.logFile, saidBefore)}\n${how}`)
    if ((await probe(door)) === 'ready' && how === undefined) return postmaster
    await sleep(READY_POLL_MS)
  }
  await stopServer(postmaster)
  throw startFailure('it did not serve within ten minutes', folder.pgData)
}

function spawnServer({ folder, binaries, account, door, settings }: Site): Postmaster {
  const all = { ...settings, port: String(door.port) }
  const options = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const log = openSync(folder.logFile, 'a', 0o600)
  const child = spawn(
    binaries.postgres,
    ['-D', reachableData(folder.pgData, account), ...options],
    {
      cwd: folder.pgData,
      env: { ...process.env, ...acceptedStrangerOf(folder) },
      // A session of its own: Ctrl-C on the terminal must reach Node first, which still needs the database.
      detached: true,
      stdio: ['ignore', log, log],
      ...account,
    },
  )
  closeSync(log)
  child.unref()
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, signal) => resolve(signal ? `killed by ${signal}` : `exit ${code}`))
  })
  return { pid: child.pid ?? 0, ended }
}

/**
 * PostgreSQL takes any live process with the number in `postmaster.pid` for another server, which
 * after a restart of a container may be a thread of Node, or a dead one that nobody buried. It
 * makes an exception for the number in this variable (pg_ctl sets it), and then still looks
 * whether the memory of the old server is in use. So the file itself is never touched.
 */
function acceptedStrangerOf(folder: DataFolder): NodeJS.ProcessEnv {
  const pid = recordedPostmaster(folder)?.pid
  return pid === undefined || mayServe(pid, folder.pgData)
    ? {}
    : { PG_GRANDPARENT_PID: String(pid) }
}

function refusal({ folder, door }: Site, said: string): Error {
  if (/could not bind .*Address already in use/.test(said)) return portTaken(door.port)
  if (/lock file .* already exists|pre-existing shared memory block/.test(said)) {
    return new OrphansLeft(said)
  }
  return startFailure(said.trim(), folder.pgData)
}

/** Another program listens on the port that was asked for. */
export function portTaken(port: number): EmbeddedPostgresError {
  return new EmbeddedPostgresError(
    'port_taken',
    `Port ${port} on 127.0.0.1 is taken by another program. Choose another port, or none: then ` +
      'a free one is found.',
  )
}

const SAID_BYTES_MAX = 8_000

function textSince(file: string, start: number): string {
  const log = openSync(file, 'r')
  try {
    const buffer = Buffer.alloc(SAID_BYTES_MAX)
    return buffer.toString('utf8', 0, readSync(log, buffer, 0, SAID_BYTES_MAX, start))
  } finally {
    closeSync(log)
  }
}

/** What `postmaster.pid` says of the server that wrote it, which may be dead by now. */
export type PostmasterRecord = { readonly pid: number; readonly port: number }

/** Undefined after a clean stop, and before the first start. */
export function recordedPostmaster(folder: DataFolder): PostmasterRecord | undefined {
  let lines: string[]
  try {
    lines = readFileSync(path.join(folder.pgData, 'postmaster.pid'), 'utf8').split('\n')
  } catch {
    return undefined
  }
  const pid = Number(lines[0])
  return Number.isInteger(pid) && pid > 0 ? { pid, port: Number(lines[3] ?? 0) } : undefined
}

/** A server that another process started: no signal tells of its end, so it is looked at. */
export function adopt(pid: number, pgData: string): Postmaster {
  const ended = new Promise<string>((resolve) => {
    const timer = setInterval(() => {
      if (mayServe(pid, pgData)) return
      clearInterval(timer)
      resolve('adopted, and gone')
    }, WATCH_POLL_MS)
    timer.unref()
  })
  return { pid, ended }
}

const STOP_TIMEOUT_MS = 30_000

/**
 * Ends all sessions, writes what is in memory, and stops the server. Resolves to false when it is
 * still writing after 30 s: it is left to finish, since killing it only moves the work to the next start.
 */
export async function stopServer(postmaster: Postmaster): Promise<boolean> {
  signal(postmaster.pid, 'SIGINT')
  const deadline = performance.now() + STOP_TIMEOUT_MS
  let isEnded = false
  void postmaster.ended.then(() => {
    isEnded = true
  })
  while (performance.now() < deadline) {
    await sleep(READY_POLL_MS)
    if (isEnded) return true
  }
  return false
}

/** SIGINT is PostgreSQL's fast shutdown. A process that has ended is no error. */
export function signal(pid: number, name: 'SIGINT'): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}
