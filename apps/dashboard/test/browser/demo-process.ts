import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const PROGRAM = fileURLToPath(new URL('../../../server/bin/usageflow.mjs', import.meta.url))
const START_MS_MAX = 300_000

/** The demo as a visitor starts it, in a folder that is thrown away. */
export type Demo = {
  /** Signs one browser in, once. */
  readonly link: string
  readonly said: readonly string[]
  stop(): Promise<void>
}

/** Resolves when it shows the link. Rejects with what it said when it ends before, or takes minutes. */
export async function startDemo(): Promise<Demo> {
  const folder = mkdtempSync(path.join(tmpdir(), 'usageflow-demo-'))
  const demo = spawn(process.execPath, [PROGRAM, 'demo', '--port', '0'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise<void>((resolve) => demo.once('exit', () => resolve()))
  const stop = async (): Promise<void> => {
    demo.kill('SIGTERM')
    await ended
    rmSync(folder, { recursive: true, force: true })
  }
  const said: string[] = []
  try {
    const link = await new Promise<string>((resolve, reject) => {
      const fail = (why: string) => reject(new Error([`${why}:`, ...said].join('\n')))
      const timer = setTimeout(() => fail('the demo showed no link'), START_MS_MAX)
      ended.then(() => fail('the demo ended'), reject)
      createInterface({ input: demo.stdout }).on('line', (line) => {
        said.push(line)
        const [found] = /http:\S+\/sign-in\/\S+/.exec(line) ?? []
        if (!found) return
        clearTimeout(timer)
        resolve(found)
      })
    })
    return { link, said, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
