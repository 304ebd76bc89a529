import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const MAIN = path.join(import.meta.dirname, '../../src/main.ts')
const TSX = import.meta.resolve('tsx')

/** One shell, in which what a block sets is there for the next. */
export type Shell = {
  /** Runs the text. Rejects with what it printed when a command of it fails. */
  run(text: string): Promise<string>
  close(): void
}

/**
 * Opens a shell in `folder` where `curl` fails for an answer that is no success, `usageflow` is the program as its
 * sources are, beside the server at `url`, and `npm start` does nothing, since that server is there already.
 */
export function openShell(
  folder: string,
  variables: Readonly<Record<string, string>>,
  { url, dataFolder }: { readonly url: string; readonly dataFolder: string },
): Shell {
  const programs = path.join(folder, 'bin')
  mkdirSync(programs)
  const curl = execFileSync('sh', ['-c', 'command -v curl'], { encoding: 'utf8' }).trim()
  program(programs, 'curl', `exec ${curl} -sS --fail-with-body "$@"`)
  program(
    programs,
    'usageflow',
    `case "$1" in verify|import) set -- "$@" --url '${url}';; *) set -- "$@" --data '${dataFolder}';; esac
exec '${process.execPath}' --import '${TSX}' '${MAIN}' "$@"`,
  )
  program(programs, 'npx', 'program=$1; shift; exec "$program" "$@"')
  program(programs, 'npm', NPM)
  const shell = spawn('bash', ['--noprofile', '--norc'], {
    cwd: folder,
    env: { ...process.env, ...variables, PATH: `${programs}:${process.env.PATH}` },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [shell.stdout, shell.stderr])
    stream.setEncoding('utf8').on('data', (part: string) => {
      printed += part
    })
  const ended = new Promise<void>((resolve) => shell.once('close', () => resolve()))
  // What a block left running ends with the shell, also with one that a command made fail.
  shell.stdin.write("trap 'jobs -p | xargs -r kill' EXIT\n")
  let number = 0
  return {
    async run(text) {
      const from = printed.length
      number += 1
      const end = `--- end of block ${number}`
      shell.stdin.write(`set -eo pipefail\n${text}\necho '${end}'\n`)
      const isOver = () => printed.includes(end, from)
      await Promise.race([ended, until(isOver)])
      if (!isOver()) throw new Error(`a command failed:\n${printed.slice(from)}`)
      return printed.slice(from, printed.indexOf(end, from))
    },
    close: () => shell.kill(),
  }
}

/** What it names must be there: the commands themselves are suites of their own. */
const NPM = `case "$1" in
  start) exit 0;;
  run) grep -q "\\"$2\\":" '${path.join(import.meta.dirname, '../../../../package.json')}';;
  *) exit 1;;
esac`

function program(folder: string, name: string, text: string): void {
  const file = path.join(folder, name)
  writeFileSync(file, `#!/bin/sh\n${text}\n`)
  chmodSync(file, 0o755)
}

const POLL_MS = 20

async function until(isTrue: () => boolean): Promise<void> {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, POLL_MS))
}
