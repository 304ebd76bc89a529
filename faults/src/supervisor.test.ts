import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import type { ProcessSpec, Product } from './product.ts'
import { type SelfExit, supervise } from './supervisor.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-supervisor-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** A program that says it is ready, and ends by itself when it is asked at `/end`. */
const program = path.join(folder, 'program.mjs')
writeFileSync(
  program,
  `import { createServer } from 'node:http'
   createServer((request, response) => {
     if (request.url === '/end') process.exit(3)
     response.end(String(process.pid))
   }).listen(Number(process.env.USAGEFLOW_PORT), '127.0.0.1')
   process.once('SIGTERM', () => process.exit(0))`,
)

const product: Product = { program, folder, databaseUrl: null, encryptionKey: 'none' }

function start(port: number) {
  const selfExits: SelfExit[] = []
  const spec: ProcessSpec = { name: `program-${port}`, role: 'api', port }
  return { selfExits, process: supervise(product, spec, (exit) => selfExits.push(exit)) }
}

test('a killed process is started again and is nobody else’s fault', async () => {
  const { process, selfExits } = start(20_000 + (globalThis.process.pid % 10_000))
  await process.ready()
  const before = process.pid()
  const { readyMs } = await process.kill()
  expect(process.pid()).not.toBe(before)
  expect(readyMs).toBeGreaterThan(10)
  expect(await process.stop()).toBe('exit 0')
  expect(selfExits).toEqual([])
})

test('a process that ends by itself is started again, and remembered', async () => {
  const port = 30_000 + (globalThis.process.pid % 10_000)
  const { process, selfExits } = start(port)
  await process.ready()
  const before = process.pid()
  await fetch(`http://127.0.0.1:${port}/end`).catch(() => {})
  while (process.pid() === before) await sleep(20)
  await process.ready()
  expect(selfExits.map(({ how }) => how)).toEqual(['exit 3'])
  await process.stop()
})
