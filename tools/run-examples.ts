/** A part of `npm run examples`: those of `examples/`, each set up, started, called and billed by a running server. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type ApiClient, apiClient } from '../apps/server/src/cli/api-client.ts'
import { type Command, PYTHON_ENV, startProgram } from './host-process.ts'
import { invoiceOfFirstMonth } from './month-end.ts'
import { pythonWithFrameworks } from './python-environment.ts'
import { openAccount, type ServerProcess, startServerProcess } from './server-process.ts'

type Example = {
  readonly folder: string
  /** What its README says: two commands. `work` is a folder that is thrown away. */
  readonly commands: (work: string) => Commands
  /** False for one that lets everybody ask as often as they like. */
  readonly isLimited?: false
  /** What Ann asks for, and the status of the answer. */
  readonly asks: readonly Ask[]
  /** How much usage that is, by meter, and what she pays for the month. */
  readonly usage: Readonly<Record<string, number>>
  readonly totalMinor: string
}

type Commands = {
  readonly setUp: Command
  readonly start: Command
  /** Run when the invoice is there. */
  readonly check?: Command
}

type Ask = {
  readonly method: string
  readonly target: string
  readonly body?: unknown
  readonly status: number
}

const EXAMPLES = fileURLToPath(new URL('../examples', import.meta.url))
const WAIT_MS_MAX = 60_000
const POLL_MS = 200
/** More than any of them lets through in a minute. */
const ASKS_MAX = 1_000
const BUILD_MS_MAX = 300_000

const node = () => ({
  setUp: [process.execPath, 'set-up.mjs'] as Command,
  start: [process.execPath, 'server.mjs'] as Command,
})
const python = () => ({
  setUp: [pythonWithFrameworks(), 'set_up.py'] as Command,
  start: [pythonWithFrameworks(), 'app.py'] as Command,
})

const ALL: readonly Example[] = [
  {
    folder: 'express-ai-api',
    commands: node,
    asks: [
      chat({ prompt: words(600) }),
      chat({ prompt: words(400), stream: true }),
      { method: 'POST', target: '/v1/chat', body: {}, status: 400 },
    ],
    usage: { AI_TOKEN: 2_000 },
    totalMinor: '2200', // 20.00, and 1,000 tokens beyond those included at 0.002
  },
  {
    folder: 'fastify-translations',
    commands: node,
    asks: [
      translation({ text: 'x'.repeat(4_000), to: ['de', 'fr'] }, 200),
      translation({ text: 'é'.repeat(4_000), to: ['ja'] }, 200),
      translation({ text: 'Good morning', to: ['tlh'] }, 400),
    ],
    usage: { CHARACTER: 12_000 },
    totalMinor: '220', // 10,000 at 0.0002, and 2,000 at 0.0001
  },
  {
    folder: 'nestjs-mails',
    commands: () => ({
      setUp: node().setUp,
      start: [process.execPath, '--import', 'tsx', 'main.ts'],
    }),
    asks: [
      mail({ to: ['a@example.com', 'b@example.com', 'nobody', 'c@example.com'], text: 'Hello' }),
      mail({ to: ['a@example.com', 'b@example.com'], text: words(4_000) }),
      { ...mail({ to: [], text: 'Hello' }), status: 400 },
    ],
    usage: { MAIL: 7 },
    totalMinor: '310', // 3.00, and 2 mails beyond those included at 0.05
  },
  {
    folder: 'fastapi-storage',
    commands: python,
    asks: [
      { method: 'PUT', target: '/v1/files/a/b', body: new Uint8Array(20_000_000), status: 201 },
      { method: 'GET', target: '/v1/files/a/b', status: 200 },
      { method: 'GET', target: '/v1/files/a/b', status: 200 },
      { method: 'GET', target: '/v1/files/a/c', status: 404 },
    ],
    usage: { UPLOADED_GB: 0.02, DOWNLOADED_GB: 0.04 },
    totalMinor: '1014', // 10.00, 0.02 GB at 5.00, and 0.04 GB at 1.00
  },
  {
    folder: 'flask-images',
    commands: python,
    asks: [
      image({ prompt: 'a lighthouse', n: 3 }, 200),
      image({ prompt: 'a lighthouse', n: 2, quality: 'hd' }, 200),
      image({ prompt: 'a lighthouse', n: 11 }, 400),
    ],
    usage: { STANDARD_IMAGE: 3, HD_IMAGE: 2 },
    totalMinor: '28',
  },
  {
    folder: 'image-generator',
    commands: () => ({ ...node(), check: [process.execPath, 'check-invoice.mjs'] }),
    isLimited: false,
    asks: [
      image({ prompt: 'a lighthouse' }, 201),
      image({ prompt: 'a harbour', quality: 'hd' }, 201),
      image({ prompt: 'a harbour at night', quality: 'hd' }, 201),
      image({ prompt: '???', quality: 'hd' }, 422),
      image({ prompt: 'a lighthouse', quality: 'best' }, 400),
    ],
    usage: { STANDARD_IMAGE: 1, HD_IMAGE: 2 },
    totalMinor: '20',
  },
  {
    folder: 'gin-sms',
    commands: (work) => {
      const program = path.join(work, 'sms')
      const build = ['build', '-o', program, '.']
      execFileSync('go', build, { cwd: path.join(EXAMPLES, 'gin-sms'), timeout: BUILD_MS_MAX })
      return { setUp: ['go', 'run', './set-up'], start: [program] }
    },
    asks: [
      message('Hello', 202),
      message('é'.repeat(161), 202),
      message('x'.repeat(1_600), 202),
      message('', 400),
    ],
    usage: { SMS: 13 },
    totalMinor: '503', // 5.00, and 3 segments beyond those included at 0.01
  },
]

function chat(body: object): Ask {
  return { method: 'POST', target: '/v1/chat', body, status: 200 }
}

function translation(body: object, status: number): Ask {
  return { method: 'POST', target: '/v1/translations', body, status }
}

function mail(body: object): Ask {
  return { method: 'POST', target: '/v1/mails', body, status: 202 }
}

function image(body: object, status: number): Ask {
  return { method: 'POST', target: '/v1/images', body, status }
}

function message(text: string, status: number): Ask {
  return { method: 'POST', target: '/v1/messages', body: { to: '+4915112345678', text }, status }
}

function words(count: number): string {
  return 'word '.repeat(count)
}

async function runAll(): Promise<number> {
  const server = await startServerProcess()
  let passed = 0
  try {
    for (const example of ALL) passed += (await runOne(example, server)) ? 1 : 0
  } finally {
    await server.stop()
  }
  console.log(`${passed} passed, ${ALL.length - passed} failed`)
  return passed === ALL.length ? 0 : 1
}

async function runOne(example: Example, server: ServerProcess): Promise<boolean> {
  const work = mkdtempSync(path.join(tmpdir(), 'usageflow-example-'))
  try {
    await bill(example, server, work)
    console.log(`ok    examples/${example.folder}`)
    return true
  } catch (error) {
    console.log(`FAIL  examples/${example.folder}: ${(error as Error).message}`)
    return false
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}

/** Throws with what is not as the example says. */
async function bill(example: Example, server: ServerProcess, work: string): Promise<void> {
  const { key } = await openAccount(server, example.folder)
  const api = apiClient(server.url, key)
  const folder = path.join(EXAMPLES, example.folder)
  const env = {
    ...{ ...PYTHON_ENV, USAGEFLOW_URL: server.url, USAGEFLOW_API_KEY: key },
    PICTURES_FOLDER: path.join(work, 'pictures'),
  }
  const { setUp, start, check } = example.commands(work)
  const run = ([program, ...args]: Command): Buffer =>
    execFileSync(program, args, { cwd: folder, env: { ...process.env, ...env }, stdio: 'pipe' })
  for (const _ of ['once', 'again']) run(setUp)

  const running = await startProgram(start, { folder, env })
  try {
    const [first] = example.asks
    if (first !== undefined && example.isLimited !== false)
      await untilRefused(running.url, { ...first, body: small(first.body) })
    for (const ask of example.asks) {
      const { status } = await answerTo(running.url, ask, 'ann')
      if (status !== ask.status)
        throw new Error(`${ask.method} ${ask.target} is answered ${status}`)
    }
    await running.stop('SIGTERM')
  } finally {
    await running.stop()
  }
  for (const [meter, quantity] of Object.entries(example.usage))
    await untilMetered(api, meter, quantity)
  const { totalMinor } = await invoiceOfFirstMonth(api, 'ann')
  if (totalMinor !== example.totalMinor)
    throw new Error(`the invoice is of ${totalMinor}, not ${example.totalMinor}`)
  if (check !== undefined) run(check)
}

/** Bob's requests are refused when the limit is known, and used up. */
async function untilRefused(url: string, ask: Ask): Promise<void> {
  for (let asked = 0; asked < ASKS_MAX; asked += 1) {
    const { status, headers } = await answerTo(url, ask, 'bob')
    if (status !== 429) continue
    if (Number(headers.get('retry-after')) > 0) return
    throw new Error('who is refused is not told when to try again')
  }
  throw new Error(`${ASKS_MAX} requests passed the limit`)
}

/** What is tried often need not be long. */
function small(body: unknown): unknown {
  return body instanceof Uint8Array ? body.subarray(0, 1) : body
}

async function answerTo(
  url: string,
  { method, target, body }: Ask,
  who: string,
): Promise<Response> {
  const isJson = body !== undefined && !(body instanceof Uint8Array)
  const response = await fetch(`${url}${target}`, {
    method,
    headers: {
      authorization: `Bearer demo-key-of-${who}`,
      ...(isJson ? { 'content-type': 'application/json' } : {}),
    },
    ...(body === undefined
      ? {}
      : { body: isJson ? JSON.stringify(body) : (body as Uint8Array<ArrayBuffer>) }),
  })
  await response.arrayBuffer()
  return response
}

/** What was measured is counted a moment later. */
async function untilMetered(api: ApiClient, meter: string, quantity: number): Promise<void> {
  const now = Date.now()
  const [from, to] = [now - 86_400_000, now + 86_400_000].map((ms) => new Date(ms).toISOString())
  const query = `meter=${meter}&customerId=ann&from=${from}&to=${to}`
  let counted: unknown
  for (const endMs = now + WAIT_MS_MAX; Date.now() < endMs; await sleep(POLL_MS)) {
    const { body } = await api.get(`/api/v1/usage?${query}`)
    counted = (body as { total?: { quantity: string } }).total?.quantity
    if (Number(counted) === quantity) return
  }
  throw new Error(`${counted} ${meter} were counted, not ${quantity}`)
}

process.exitCode = await runAll()
