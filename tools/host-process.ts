import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { cpSync, existsSync, symlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../apps/server/src/platform/db/embedded-postgres/probe.ts'
import { PYTHON_SOURCES, pythonWithFrameworks } from './python-environment.ts'

export type Language = keyof typeof STARTS

/** A running program with a package of ours in it. */
export type HostProcess = {
  readonly port: number
  readonly url: string
  /** Waits until it is gone. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

export type Command = readonly [program: string, ...args: string[]]

export type Start = {
  readonly command: Command
  readonly env?: Readonly<Record<string, string>>
}

const START_MS_MAX = 60_000
const BUILD_MS_MAX = 300_000 // all of Gin, where it was never built
const POLL_MS = 50
const NODE_MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))
const GO_MODULE = fileURLToPath(new URL('../sdks/go', import.meta.url))
const GO_NAME = 'github.com/usageflow/go'

/** Python finds the packages of this tree, and leaves nothing in it. */
export const PYTHON_ENV = {
  PYTHONPATH: PYTHON_SOURCES.join(path.delimiter),
  PYTHONDONTWRITEBYTECODE: '1',
}

/** Completes a folder with a program in it; returns how that is started. */
const STARTS = {
  node(folder: string, file: string): Start {
    const modules = path.join(folder, 'node_modules')
    if (!existsSync(modules)) symlinkSync(NODE_MODULES, modules)
    return { command: [process.execPath, file] }
  },

  python(_folder: string, file: string): Start {
    return { command: [pythonWithFrameworks(), file], env: PYTHON_ENV }
  },

  go(folder: string, file: string): Start {
    const versions = execFileSync('go', ['list', '-m', '-f', '{{.GoVersion}}'], { cwd: GO_MODULE })
    writeFileSync(
      path.join(folder, 'go.mod'),
      `module host\n\ngo ${versions}\nrequire ${GO_NAME} v0.0.0\n\nreplace ${GO_NAME} => ${GO_MODULE}\n`,
    )
    cpSync(path.join(GO_MODULE, 'go.sum'), path.join(folder, 'go.sum'))
    const build = ['build', '-mod=mod', '-o', 'host', file]
    execFileSync('go', build, { cwd: folder, timeout: BUILD_MS_MAX })
    return { command: [path.join(folder, 'host')], env: { GIN_MODE: 'release' } }
  },
}

/** Makes the program `file` of a folder ready to be started there, as often as one likes. */
export function prepareHost(language: Language, folder: string, file: string): Start {
  return STARTS[language](folder, file)
}

/**
 * Starts the program `file` of a folder that is thrown away, and waits until it listens at the port that it reads
 * from `PORT`. Rejects with why it does not.
 */
export async function startHost({
  language,
  folder,
  file,
  env,
}: {
  readonly language: Language
  readonly folder: string
  readonly file: string
  readonly env: Readonly<Record<string, string>>
}): Promise<HostProcess> {
  const start = prepareHost(language, folder, file)
  return startProgram(start.command, { folder, env: { ...start.env, ...env } })
}

/** Starts a program in its folder, and waits as `startHost` does. */
export async function startProgram(
  [program, ...args]: Command,
  {
    folder,
    env,
  }: { readonly folder: string; readonly env: Readonly<Record<string, string | undefined>> },
): Promise<HostProcess> {
  const port = await freePort()
  const child = spawn(program, args, {
    cwd: folder,
    env: { ...process.env, ...env, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (text: Buffer) => {
    said = `${said}${text}`.slice(-SAID_MAX)
  })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const stop = (signal: NodeJS.Signals = 'SIGKILL'): Promise<void> => {
    child.kill(signal)
    return ended
  }
  try {
    await untilListening(child, port)
  } catch (error) {
    await stop()
    throw new Error(`${(error as Error).message}: ${said}`)
  }
  return { port, url: `http://127.0.0.1:${port}`, stop }
}

const SAID_MAX = 4_000

/** Not by a request: the host would count it. */
export async function untilListening(child: ChildProcess, port: number): Promise<void> {
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
