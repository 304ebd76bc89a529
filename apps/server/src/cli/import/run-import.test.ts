import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { runImport } from './run-import.ts'

type Event = { readonly idempotencyKey: string; readonly customerId: string }

/** A file beside its notes, and a server that stops taking events after `batchesMax` requests. */
async function aPlace(lines: readonly string[]) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-import-'))
  const file = path.join(folder, 'usage.ndjson')
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''))
  const place = { file, keys: [] as string[], batchesMax: Number.POSITIVE_INFINITY, url: '' }
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request
      .on('data', (chunk) => chunks.push(chunk))
      .on('end', () => {
        const events = JSON.parse(Buffer.concat(chunks).toString()) as Event[]
        place.batchesMax -= 1
        if (place.batchesMax < 0) {
          response.writeHead(403).end('{"error":{"message":"no more"}}')
          return
        }
        const results = events.map(({ idempotencyKey, customerId }) => {
          if (customerId === 'nobody') return { status: 'refused', error: { message: 'nobody' } }
          place.keys.push(idempotencyKey)
          return { status: 'recorded' }
        })
        response.end(JSON.stringify({ results }))
      })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  place.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return place
}

const line = (n: number) =>
  n % 600 === 1
    ? `{"name":"a"} ${n}`
    : JSON.stringify({ name: 'a', customerId: n % 600 === 2 ? 'nobody' : 'b' })
const lines = (count: number) => Array.from({ length: count }, (_, index) => line(index + 1))

function run(place: { file: string; url: string }, key = 'uf_test_1') {
  const flags = { format: 'ndjson' as const, map: {}, set: {}, metadata: [], json: true }
  const { stdout } = process
  const write = stdout.write
  stdout.write = () => true
  return runImport(place.file, { ...flags, url: place.url, key }).finally(() => {
    stdout.write = write
  })
}

const REFUSED = [
  '1: cannot be read',
  '2: nobody',
  '601: cannot be read',
  '602: nobody',
  '1201: cannot be read',
]

function refusedIn(file: string): string[] {
  return readFileSync(`${file}.refused`, 'utf8').trim().split('\n')
}

test('an interrupted import goes on and its report stays whole', async () => {
  const place = await aPlace(lines(1_201))
  place.batchesMax = 1
  await expect(run(place)).rejects.toThrow('no more')
  expect(place.keys).toHaveLength(498)
  expect(existsSync(`${place.file}.usageflow-import`)).toBe(true)

  place.batchesMax = 99
  await run(place)
  expect(place.keys).toHaveLength(1_201 - REFUSED.length)
  expect(new Set(place.keys).size).toBe(place.keys.length)
  expect(refusedIn(place.file)).toEqual(
    REFUSED.map((text) => expect.stringContaining(`line ${text}`)),
  )
  expect(existsSync(`${place.file}.usageflow-import`)).toBe(false)
})

test.each<[string, (place: { file: string; url: string }) => string]>([
  [
    'the file has changed',
    ({ file }) => {
      appendFileSync(file, `${line(3)}\n`)
      return 'uf_test_1'
    },
  ],
  ['it goes to another environment', () => 'uf_test_2'],
])('nothing is left out when %s since the interruption', async (_what, change) => {
  const place = await aPlace(lines(1_201))
  place.batchesMax = 1
  await expect(run(place)).rejects.toThrow('no more')
  place.batchesMax = 99
  place.keys = []
  const key = change(place)
  const { length } = readFileSync(place.file, 'utf8').trim().split('\n')
  await run(place, key)
  expect(place.keys).toHaveLength(length - REFUSED.length)
})

test('a clean import leaves no file behind', async () => {
  const place = await aPlace(Array.from({ length: 10 }, () => line(3)))
  await run(place)
  expect(place.keys).toHaveLength(10)
  for (const suffix of ['refused', 'usageflow-import', 'usageflow-import.new'])
    expect(existsSync(`${place.file}.${suffix}`)).toBe(false)
})

test('a file that is not there is said so', async () => {
  const place = await aPlace([])
  await expect(run({ ...place, file: '/nowhere/at.all' })).rejects.toThrow(
    'there is no file /nowhere/at.all',
  )
})
