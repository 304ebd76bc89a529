/**
 * `npm run test:sdks`: the tests of the packages in other languages than TypeScript, against a running server.
 * Needs Python and Go, and once a registry of Python packages. A test that was skipped guards nothing, and fails the run.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { pythonWithFrameworks } from './python-environment.ts'
import { openAccount, startServerProcess } from './server-process.ts'

type Tally = { readonly passed: number; readonly failed: number; readonly skipped: number }

type Suite = {
  readonly name: string
  readonly command: readonly [program: string, ...args: string[]]
  readonly folder: string
  readonly env?: Readonly<Record<string, string>>
  tally(output: string): Tally
}

const SDKS = fileURLToPath(new URL('../sdks', import.meta.url))

const GO_SUITES: readonly Suite[] = [
  {
    name: 'Go, vetted',
    command: ['go', 'vet', './...'],
    folder: `${SDKS}/go`,
    tally: () => ({ passed: 1, failed: 0, skipped: 0 }),
  },
  {
    name: 'Go',
    command: ['go', 'test', '-count=1', '-v', './...'],
    folder: `${SDKS}/go`,
    tally: ofGoTest,
  },
]

/** Of the packages for frameworks, with helpers of the core's tests. */
function pythonSuites(): Suite[] {
  const python = pythonWithFrameworks()
  const suite = (name: string, program: string, folder: string, tests: string): Suite => ({
    name,
    command: [program, '-m', 'unittest', 'discover', '-s', tests, '-t', '.'],
    folder: `${SDKS}/python/${folder}`,
    env: {
      PYTHONPATH: '../core/src:src:../core',
      PYTHONDONTWRITEBYTECODE: '1',
      PYTHONWARNINGS: 'error',
    },
    tally: ofUnittest,
  })
  return [
    suite('Python', 'python3', 'core', 'tests'),
    suite('Flask', python, 'flask', 'flask_tests'),
    suite('FastAPI', python, 'fastapi', 'fastapi_tests'),
    suite('wheels', python, '.', 'wheels_tests'),
  ]
}

/** What the last lines of `python3 -m unittest` say. */
function ofUnittest(output: string): Tally {
  const number = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? 0)
  const failed = number(/failures=(\d+)/) + number(/errors=(\d+)/)
  const skipped = number(/skipped=(\d+)/)
  return { passed: number(/^Ran (\d+) tests?/m) - failed - skipped, failed, skipped }
}

/** Tests of the top; what they are made of is indented. */
function ofGoTest(output: string): Tally {
  const times = (pattern: RegExp): number => output.match(pattern)?.length ?? 0
  return {
    passed: times(/^--- PASS/gm),
    failed: times(/^--- FAIL/gm),
    skipped: times(/^ *--- SKIP/gm),
  }
}

type Ended = { readonly output: string; readonly why: string | null }

/** Not in step with us: we read what the server logs meanwhile. */
function outputOf({ command, folder, env }: Suite, server: Record<string, string>): Promise<Ended> {
  const [program, ...args] = command
  const child = spawn(program, args, { cwd: folder, env: { ...process.env, ...env, ...server } })
  let output = ''
  const note = (text: Buffer): void => {
    output += text
  }
  child.stdout.on('data', note)
  child.stderr.on('data', note)
  return new Promise((resolve) => {
    child.once('error', ({ message }) =>
      resolve({ output, why: `${program} does not start, is it installed? (${message})` }),
    )
    child.once('close', (code) =>
      resolve({ output, why: code === 0 ? null : `${program} ended with ${code}` }),
    )
  })
}

async function run(suite: Suite, server: Record<string, string>): Promise<Tally> {
  const { output, why } = await outputOf(suite, server)
  const tally = suite.tally(output)
  const isCounted = tally.failed + tally.skipped > 0
  const isGood = why === null && !isCounted && tally.passed > 0
  if (!isGood) console.log(`\n${output}\n${why ?? 'a test was skipped, or none ran'}`)
  console.log(`${isGood ? 'ok  ' : 'FAIL'} ${suite.name.padEnd(12)} ${tally.passed} passed`)
  return isGood || isCounted ? tally : { ...tally, failed: 1 }
}

const server = await startServerProcess()
try {
  const { key } = await openAccount(server, 'Tests of the packages')
  const env = { USAGEFLOW_TEST_URL: server.url, USAGEFLOW_TEST_KEY: key }
  const tallies: Tally[] = []
  for (const suite of [...pythonSuites(), ...GO_SUITES]) tallies.push(await run(suite, env))
  const sum = (of: keyof Tally): number => tallies.reduce((total, tally) => total + tally[of], 0)
  console.log(
    `\n Tests  ${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`,
  )
  process.exitCode = sum('failed') + sum('skipped') === 0 ? 0 : 1
} finally {
  await server.stop()
}
