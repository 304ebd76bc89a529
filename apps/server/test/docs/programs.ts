import { execFile } from 'node:child_process'
import { symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'

const MODULES = path.join(import.meta.dirname, '../../../../node_modules')
const PYTHON_CLIENT = path.join(import.meta.dirname, '../../../../sdks/python/core/src')
const RUN_MS_MAX = 60_000

export type Program = {
  /** A folder of its own. */
  readonly folder: string
  readonly language: string
  readonly text: string
  readonly variables: Readonly<Record<string, string>>
  /** Runs after the block, which is the module `block`; JavaScript only. */
  readonly use?: string
}

/** Runs a program of the guide as it stands there. Resolves to what it printed; rejects when it fails. */
export async function runProgram(program: Program): Promise<string> {
  const { folder, language, text, variables, use } = program
  const env = { ...process.env, ...variables }
  const options = { cwd: folder, env, timeout: RUN_MS_MAX }
  if (language === 'python') {
    writeFileSync(path.join(folder, 'block.py'), text)
    const withClient = { ...options, env: { ...env, PYTHONPATH: PYTHON_CLIENT } }
    return (await promisify(execFile)('python3', ['block.py'], withClient)).stdout
  }
  symlinkSync(MODULES, path.join(folder, 'node_modules'))
  writeFileSync(path.join(folder, 'block.mjs'), text)
  writeFileSync(path.join(folder, 'use.mjs'), use ?? `await import('./block.mjs')`)
  return (await promisify(execFile)(process.execPath, ['use.mjs'], options)).stdout
}

const WAIT = `const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms))`

/** Those that need something around them, by their places; the last thing they print is what is expected. */
export const USES: Readonly<Record<string, string>> = {
  'integrating#4': `${WAIT}
const { app } = await import('./block.mjs')
const server = app.listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
const answer = await fetch('http://127.0.0.1:' + server.address().port + '/v1/hello', { headers: { 'x-customer': 'of-express' } })
console.log(JSON.stringify(await answer.json()))
await wait(2500)
process.exit(0)`,
  'integrating#5': `${WAIT}
const { POST } = await import('./block.mjs')
const answer = await POST(new Request('http://localhost/', { method: 'POST', headers: { 'x-customer': 'of-next' }, body: '{"prompt":"Hi"}' }))
console.log(JSON.stringify(await answer.json()))
await wait(1000)`,
  'webhooks#3': `${WAIT}
globalThis.express = (await import('express')).default
globalThis.app = express()
const server = app.listen(0, '127.0.0.1')
await new Promise((resolve) => server.once('listening', resolve))
const call = async (path, body) => (await fetch(process.env.USAGEFLOW_URL + '/api/v1' + path, {
  ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
  headers: { 'x-usageflow-api-key': process.env.USAGEFLOW_API_KEY, 'content-type': 'application/json' },
})).json()
const url = 'http://127.0.0.1:' + server.address().port + '/webhooks/usageflow'
const { id, secret } = await call('/webhook-endpoints', { url, eventTypes: ['webhook.test'] })
process.env.USAGEFLOW_WEBHOOK_SECRET = secret
await import('./block.mjs')
await call('/webhook-endpoints/' + id + '/test', {})
for (let tries = 0; tries < 200; tries += 1) {
  const { data: [delivery] } = await call('/webhook-deliveries?endpointId=' + id)
  if (delivery?.state === 'delivered') { console.log('delivered'); process.exit(0) }
  await wait(100)
}
throw new Error('the webhook was not taken')`,
}

/** What they print at last. */
export const PRINTED: Readonly<Record<string, string>> = {
  'blueprints#1': '{ delivered: 2 }',
  'blueprints#3': '{ delivered: 5 }',
  'blueprints#5': '6',
  'image-generator#6': '{ delivered: 1 }',
  'integrating#2': '{ produced: 2, delivered: 2 }',
  'integrating#3': `[ 'recorded', 'recorded' ]`,
  'integrating#4': '{"hello":"there"}',
  'integrating#5': '{"text":"You said: Hi","tokens":2}',
  'integrating#6': `['recorded', 'duplicate']`,
  'webhooks#3': 'delivered',
}
