import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { rename } from 'node:fs/promises'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'
import type { OwnerOrder, OwnerWord } from './owner-program.ts'

/** A process of its own that serves a data folder, for tests that kill it. */
export type OwnerProcess = {
  readonly pid: number
  /** The first thing it said. */
  readonly word: OwnerWord
  /** Throws, with what it said instead, unless it serves. */
  url(): string
  /** Sends the signal and waits for the end. */
  end(signal: 'SIGTERM' | 'SIGKILL' | 'SIGUSR2'): Promise<void>
}

let bundle: Promise<string> | undefined

/** Starts `owner-program.ts` bundled, as it would be in production. */
export async function startOwner(
  order: OwnerOrder,
  env: Readonly<Record<string, string>> = {},
): Promise<OwnerProcess> {
  bundle ??= bundleProgram()
  const child = spawn(process.execPath, [await bundle, JSON.stringify(order)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const word = await firstWord(child)
  return {
    pid: child.pid ?? 0,
    word,
    url() {
      if ('url' in word) return word.url
      throw new Error(`${word.problem}: ${word.message}`)
    },
    async end(signal) {
      if (child.exitCode !== null || child.signalCode !== null) return
      const ended = once(child, 'exit')
      child.kill(signal)
      await ended
    },
  }
}

async function firstWord(child: ChildProcess): Promise<OwnerWord> {
  const { stdout } = child
  if (!stdout) throw new Error('the process has no standard output')
  const ended = once(child, 'exit')
  for await (const line of createInterface({ input: stdout })) return JSON.parse(line) as OwnerWord
  await ended
  throw new Error('the process ended without a word')
}

/** One file, as in production, in a folder that git and the next `npm ci` forget. */
async function bundleProgram(): Promise<string> {
  const folder = path.resolve('node_modules/.cache/usageflow')
  const draft = path.join(folder, `owner-program.${process.pid}.mjs`)
  await build({
    entryPoints: [fileURLToPath(new URL('./owner-program.ts', import.meta.url))],
    outfile: draft,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
  })
  const program = path.join(folder, 'owner-program.mjs')
  await rename(draft, program) // in one step: another test file may be starting it
  return program
}
