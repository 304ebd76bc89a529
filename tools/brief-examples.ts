/** `npm run examples`: every example of the product's texts, run as it stands there against a running server. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { type ApiClient, apiClient } from '../apps/server/src/cli/api-client.ts'
import { openReceiver } from '../apps/server/src/cli/demo/receiver.ts'
import { liveThrough, STORY_START } from '../apps/server/src/cli/demo/story.ts'
import { runHost } from './brief-hosts.ts'
import { HOSTS } from './brief-hosts-list.ts'
import { openAccount, type ServerProcess, startServerProcess } from './server-process.ts'

type Example = {
  readonly file: string
  readonly kind: keyof typeof RUNNERS
  readonly metric?: string
  readonly amount?: string
  readonly customerId?: string
}

type Ground = {
  readonly server: ServerProcess
  readonly api: ApiClient
  readonly key: string
  /** A folder with our `node_modules`, for the files that run. */
  readonly work: string
}

const FOLDER = fileURLToPath(new URL('../docs/brief-examples/', import.meta.url))
const NODE_MODULES = fileURLToPath(new URL('../node_modules', import.meta.url))
const ADDRESS = 'https://your-domain.com'

/** What stands around a block so that it runs: its own lines are not touched. */
const EXPRESS_AROUND = {
  before: `import express from "express";
const app = express();
app.use((req, res, next) => { req.user = { id: USER }; next(); });
`,
  after: `
const server = app.listen(0, "127.0.0.1", async () => {
  const response = await globalThis.fetch(\`http://127.0.0.1:\${server.address().port}/api/chat\`, { method: "POST" });
  if (response.status !== 200) process.exitCode = 1;
  server.close();
});
`,
}

const RUNNERS = {
  http: async (example: Example, ground: Ground) => {
    const [head = '', ...body] = text(example).split('\n\n')
    const [requestLine = ''] = head.split('\n')
    const [method = '', route = ''] = requestLine.split(' ')
    const headers = { 'x-usageflow-api-key': ground.key, 'content-type': 'application/json' }
    const response = await fetch(new URL(route, ground.server.url), {
      method,
      headers,
      body: body.join('\n\n'),
    })
    if (response.status !== 201)
      throw new Error(`was answered ${response.status}: ${await response.text()}`)
  },
  'track-body': async (example: Example, ground: Ground) => track(ground, text(example)),
  metadata: async (example: Example, ground: Ground) =>
    track(
      ground,
      JSON.stringify({
        metric: example.metric,
        customerId: example.customerId,
        metadata: JSON.parse(text(example)),
      }),
    ),
  'webhook-body': checkWebhookShape,
  host: async (example: Example, ground: Ground) => {
    const host = HOSTS[example.file]
    if (!host) throw new Error('nobody knows what stands around it')
    await runHost(host, text(example), ground)
  },
  'record-usage': async (example: Example, ground: Ground) =>
    runNode(ground, `${text(example)}\nawait recordUsage("${example.customerId}");\n`),
  'express-route': async (example: Example, ground: Ground) => {
    const before = `${EXPRESS_AROUND.before.replace('USER', JSON.stringify(example.customerId))}${read('record-usage.mjs')}`
    runNode(ground, before + text(example) + EXPRESS_AROUND.after)
  },
  'express-middleware': async (example: Example, ground: Ground) => {
    const before = EXPRESS_AROUND.before.replace('USER', JSON.stringify(example.customerId))
    const route =
      '\napp.use(usageMiddleware);\napp.post("/api/chat", (req, res) => res.send({ ok: true }));\n'
    runNode(ground, before + text(example) + route + EXPRESS_AROUND.after)
  },
  'next-route': async (example: Example, ground: Ground) => {
    const after = `
const response = await POST(new Request("http://localhost/api/usage", { method: "POST" }));
if ((await response.json()).success !== true) process.exitCode = 1;
`
    runNode(ground, text(example) + after)
  },
  python: async (example: Example, ground: Ground) => {
    const program = `${text(example)}\nrecord_usage("${example.customerId}")\n`
    execFileSync(pythonWithRequests(ground.work), [
      '-c',
      placed(program, ground).replace('YOUR_API_KEY', ground.key),
    ])
  },
}

async function runAll(): Promise<number> {
  const examples = JSON.parse(read('examples.json')) as Example[]
  const server = await startServerProcess({ USAGEFLOW_WEBHOOK_NETWORKS: '127.0.0.1/32' })
  const work = mkdtempSync(path.join(tmpdir(), 'usageflow-examples-'))
  symlinkSync(NODE_MODULES, path.join(work, 'node_modules'))
  let passed = 0
  try {
    const { key } = await openAccount(server, 'Examples')
    const ground = { server, api: apiClient(server.url, key), key, work }
    for (const example of examples) passed += (await runOne(example, ground)) ? 1 : 0
  } finally {
    await server.stop()
    rmSync(work, { recursive: true, force: true })
  }
  console.log(`${passed} passed, ${examples.length - passed} failed`)
  return passed === examples.length && examples.length > 0 ? 0 : 1
}

/** Runs an example and looks whether the server now has exactly one event more of what it says. */
async function runOne(example: Example, ground: Ground): Promise<boolean> {
  try {
    const before = await storedEvents(example, ground)
    await RUNNERS[example.kind](example, ground)
    if (example.metric !== undefined) await waitForOneMore(example, ground, before)
    console.log(`ok    ${example.file}`)
    return true
  } catch (error) {
    console.log(`FAIL  ${example.file}: ${(error as Error).message}`)
    return false
  }
}

async function storedEvents(example: Example, ground: Ground): Promise<number> {
  if (example.customerId === undefined) return 0
  const query = `customerId=${example.customerId}&name=${example.metric}&limit=200`
  const { status, body } = await ground.api.get(`/api/v1/events?${query}`)
  if (status !== 200) throw new Error(`the events could not be read: ${JSON.stringify(body)}`)
  return (body as { data: { amount: string }[] }).data.filter(
    ({ amount }) => amount === example.amount,
  ).length
}

/** What was stored can be searched a moment later. */
async function waitForOneMore(example: Example, ground: Ground, before: number): Promise<void> {
  for (let tries = 0; tries < 100; tries += 1) {
    const stored = await storedEvents(example, ground)
    if (stored === before + 1) return
    if (stored > before + 1) throw new Error(`stored ${stored - before} events instead of one`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(
    `no event ${example.metric} of ${example.amount} for ${example.customerId} was stored`,
  )
}

async function track(ground: Ground, body: string): Promise<void> {
  const headers = { 'x-usageflow-api-key': ground.key, 'content-type': 'application/json' }
  const response = await fetch(new URL('/api/track', ground.server.url), {
    method: 'POST',
    headers,
    body,
  })
  if (response.status !== 201)
    throw new Error(`was answered ${response.status}: ${await response.text()}`)
}

/** A real `invoice.created` of the same month has the fields of the example, of the same kinds, and its amount. */
async function checkWebhookShape(example: Example, ground: Ground): Promise<void> {
  const expected = JSON.parse(text(example)) as { type: string; data: Record<string, unknown> }
  const { key } = await openAccount(ground.server, 'CloudAI', STORY_START.toISOString())
  const receiver = await openReceiver()
  try {
    const api = apiClient(ground.server.url, key)
    const { webhooks } = await liveThrough({ api, receiver, tell: () => {}, onSent: () => {} })
    const got = webhooks.find(({ type }) => type === expected.type)
    if (!got) throw new Error(`no ${expected.type} arrived`)
    for (const [field, value] of Object.entries(expected.data)) {
      if (typeof got.data[field] !== typeof value)
        throw new Error(`${field} is ${JSON.stringify(got.data[field])}`)
    }
    if (got.data.amount !== expected.data.amount)
      throw new Error(`the amount is ${String(got.data.amount)}`)
    if (!String(got.data.invoiceId).startsWith('inv_'))
      throw new Error(`the id is ${String(got.data.invoiceId)}`)
  } finally {
    await receiver.close()
  }
}

function runNode(ground: Ground, program: string): void {
  const file = path.join(ground.work, 'example.mjs')
  writeFileSync(file, placed(program, ground))
  execFileSync(process.execPath, [file], {
    env: { ...process.env, USAGEFLOW_API_KEY: ground.key },
    timeout: 120_000,
  })
}

/** Python with the library that the example imports: the machine's, or one of our own for the time being. */
function pythonWithRequests(work: string): string {
  try {
    execFileSync('python3', ['-c', 'import requests'], { stdio: 'ignore' })
    return 'python3'
  } catch {
    const place = path.join(work, 'python')
    execFileSync('python3', ['-m', 'venv', place])
    execFileSync(path.join(place, 'bin', 'pip'), ['install', '--quiet', 'requests'])
    return path.join(place, 'bin', 'python')
  }
}

function placed(program: string, ground: Ground): string {
  if (!program.includes(ADDRESS)) throw new Error(`does not name ${ADDRESS}`)
  return program.replaceAll(ADDRESS, ground.server.url)
}

function text(example: Example): string {
  return read(example.file)
}

function read(file: string): string {
  return readFileSync(path.join(FOLDER, file), 'utf8')
}

process.exitCode = await runAll()
