import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, openSync } from 'node:fs'
import { createServer } from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import {
  type Language,
  prepareHost,
  type Start,
  untilListening,
} from '../../../tools/host-process.ts'

/**
 * The programs of `faults/hosts`, each of which answers the same requests in its framework: with our package, or
 * without it where `BARE` is set. They print a line for each error that they are told of, and end well at SIGTERM.
 */
const PROGRAMS = {
  express: { language: 'node', file: 'express.mjs' },
  fastify: { language: 'node', file: 'fastify.mjs' },
  nestjs: { language: 'node', file: 'nestjs.mjs' },
  'nestjs-fastify': { language: 'node', file: 'nestjs.mjs', env: { HOST_ADAPTER: 'fastify' } },
  flask: { language: 'python', file: 'flask.py' },
  fastapi: { language: 'python', file: 'fastapi.py' },
  gin: { language: 'go', file: 'gin.go' },
} as const satisfies Readonly<Record<string, Program>>

type Program = {
  readonly language: Language
  readonly file: string
  readonly env?: Readonly<Record<string, string>>
}

export type Framework = keyof typeof PROGRAMS
export const FRAMEWORKS = Object.keys(PROGRAMS) as readonly Framework[]

const HOSTS = fileURLToPath(new URL('../../hosts', import.meta.url))
const END_MS_MAX = 15_000

/** Nobody is left behind when the run is broken off. */
const running = new Set<ChildProcess>()
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** A program of a framework, ready to be started as often as one likes. */
export type HostProgram = {
  readonly framework: Framework
  readonly language: Language
  readonly folder: string
  readonly start: Start
}

/** What a program told of. */
export type Told = { readonly kind?: string; readonly code?: string; readonly count?: number }

export type RunningHost = {
  readonly port: number
  readonly pid: number
  readonly told: readonly Told[]
  /** Set once it has ended, however it came to that. */
  readonly ended: string | null
  /** Asks it to end, waits, and says how it ended and after how long. */
  stop(): Promise<{ readonly how: string; readonly tookMs: number }>
}

export function prepare(framework: Framework, folder: string): HostProgram {
  const { language, file, env }: Program = PROGRAMS[framework]
  const own = path.join(folder, framework)
  mkdirSync(own, { recursive: true })
  // Under another name: in Python a file called as its framework would be imported in its place.
  const name = `host_program${path.extname(file)}`
  cpSync(path.join(HOSTS, file), path.join(own, name))
  const start = prepareHost(language, own, name)
  return { framework, language, folder: own, start: { ...start, env: { ...start.env, ...env } } }
}

/** Starts it with what `env` says; resolves when it listens. What it prints beside what it tells goes to a log. */
export async function startHost(
  { start, folder }: HostProgram,
  name: string,
  env: Readonly<Record<string, string>>,
): Promise<RunningHost> {
  const port = await freePort()
  const [file, ...args] = start.command
  const child = spawn(file, args, {
    cwd: folder,
    env: { ...process.env, ...start.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'pipe', openSync(path.join(folder, `${name}.log`), 'a')],
  })
  const told: Told[] = []
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  lines.on('line', (line) => told.push(readTold(line)))
  running.add(child)
  child.once('exit', () => running.delete(child))
  await untilListening(child, port)
  return {
    ...{ port, pid: child.pid ?? 0, told },
    get ended() {
      return endOf(child)
    },
    stop: () => stop(child),
  }
}

/** What a line says, or the line itself: what a program should not have printed is a mistake to be shown. */
export function readTold(line: string): Told {
  try {
    return JSON.parse(line) as Told
  } catch {
    return { kind: line }
  }
}

async function stop(child: ChildProcess): Promise<{ how: string; tookMs: number }> {
  const startedAt = performance.now()
  const before = endOf(child)
  if (before !== null) return { how: `by itself, with ${before}`, tookMs: 0 }
  const closed = once(child, 'close') // when all that it printed was read, too
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), END_MS_MAX)
  await closed
  clearTimeout(timer)
  return { how: endOf(child) ?? '', tookMs: performance.now() - startedAt }
}

function endOf({ exitCode, signalCode }: ChildProcess): string | null {
  if (signalCode !== null) return signalCode
  return exitCode === null ? null : `exit ${exitCode}`
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  return typeof address === 'object' && address ? address.port : 0
}
