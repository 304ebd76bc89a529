import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { Failure } from '../errors.ts'
import { route } from './route.ts'
import { allPages, csvRecord, NDJSON_TYPE, namedType, ndjson } from './stream.ts'
import { KEY, serveForTest } from './test-app.ts'

const TYPES = ['application/x-ndjson', 'text/csv']

test.each([
  [undefined, null],
  ['*/*', null],
  ['application/json', null],
  ['text/csv', 'text/csv'],
  ['application/json;q=0.5, Text/CSV;q=0.9', 'text/csv'],
  ['text/csv-schema', null],
])('of the types that "%s" names the one that is served is %s', (accept, type) => {
  expect(namedType(accept, TYPES)).toBe(type)
})

test.each([
  ['=1+1', "'=1+1"],
  ['+41 44 123', "'+41 44 123"],
  ['-2+3', "'-2+3"],
  ['@SUM(A1)', "'@SUM(A1)"],
  [' =1+1', "' =1+1"],
  ['＝1+1', "'＝1+1"],
  ['\t=1', "'\t=1"],
  ['|calc', "'|calc"],
  ['-12.50', '-12.50'],
  ['12', '12'],
  ['a,b', '"a,b"'],
  ['a "b"', '"a ""b"""'],
  ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
  ['a\r\nb', '"a\r\nb"'],
  ['a=b', 'a=b'],
])('the cell %j is written as %s', (cell, written) => {
  expect(csvRecord([cell, null])).toBe(`${written},\r\n`)
})

test('pages are read until one is not full, each after the last row of the one before', async () => {
  const asked: (number | null)[] = []
  const read = async (last: number | null) => {
    asked.push(last)
    const next = (last ?? 0) + 1
    return [next, next + 1].filter((row) => row <= 5)
  }
  const pages: (readonly number[])[] = []
  for await (const page of allPages(2, read)) pages.push(page)
  expect(pages).toEqual([[1, 2], [3, 4], [5]])
  expect(asked).toEqual([null, 2, 4])
})

function serve(chunks: () => AsyncIterable<string>) {
  return serveForTest([
    route({
      method: 'GET',
      path: '/api/rows',
      tag: 'Rows',
      summary: 'Rows',
      scope: 'usage:read',
      replies: { 200: z.object({ data: z.array(z.string()) }) },
      stream: ({ accept }) =>
        namedType(accept, [NDJSON_TYPE]) ? { type: NDJSON_TYPE, chunks: chunks() } : null,
      handle: async () => ({ status: 200, body: { data: ['as always'] } }),
    }),
  ])
}

const ASKED = { headers: { ...KEY, accept: NDJSON_TYPE } }

test('a stream is sent to whoever asks for its type, and JSON to all others', async () => {
  const app = await serve(async function* () {
    yield ndjson([{ n: 1 }])
    yield ndjson([{ n: 2 }, { n: 3 }])
  })
  const streamed = await app.send('GET', '/api/rows', ASKED)
  expect(streamed.headers['content-type']).toBe('application/x-ndjson; charset=utf-8')
  expect(streamed.text).toBe('{"n":1}\n{"n":2}\n{"n":3}\n')
  expect((await app.send('GET', '/api/rows', { headers: KEY })).json.data).toEqual(['as always'])
})

test('what fails before the first chunk is answered like everywhere', async () => {
  const app = await serve(async function* () {
    yield await Promise.reject(new Failure('not_found', 'row.unknown', 'There is no row.'))
  })
  const { status, json } = await app.send('GET', '/api/rows', ASKED)
  expect([status, json.error.code]).toEqual([404, 'row.unknown'])
})

test('what fails later cuts the answer, which nobody can take for a whole one', async () => {
  const app = await serve(async function* () {
    yield 'a part\n'
    await sleep(20)
    throw new Error('the database is gone')
  })
  await expect(app.send('GET', '/api/rows', ASKED)).rejects.toThrow()
})

test('nothing more is made than a client reads, and nothing once it is gone', async () => {
  let made = 0
  let isOver = false
  const app = await serve(async function* () {
    try {
      for (; made < 10_000; made++) yield 'x'.repeat(100_000)
    } finally {
      isOver = true
    }
  })
  const gone = new AbortController()
  const url = `http://127.0.0.1:${app.port}/api/rows`
  const response = await fetch(url, { headers: ASKED.headers, signal: gone.signal })
  await response.body?.getReader().read()
  await sleep(300)
  const waiting = made
  expect(waiting).toBeLessThan(1_000) // of 1 GB: what sockets hold
  gone.abort()
  for (let n = 0; n < 3_000 && !isOver; n++) await sleep(20)
  expect([isOver, made < 1_000]).toEqual([true, true])
})
