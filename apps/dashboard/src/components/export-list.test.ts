import { afterEach, expect, test, vi } from 'vitest'
import type { Environment } from '../api/environment.tsx'
import { exportList } from './export-list.ts'
import type { FetchPage } from './list-query.ts'

const ROWS = 12_345
const environment = { organizationId: 'org_1', mode: 'test' } as Environment // all that an export looks at
const columns = [{ id: 'no', header: 'No', value: ({ no }: { no: number }) => no }]

afterEach(() => vi.unstubAllGlobals())

function aWatch() {
  const told: string[] = []
  const controller = new AbortController()
  const onProgress = (soFar: string) => told.push(soFar)
  return { told, stop: () => controller.abort(), watch: { signal: controller.signal, onProgress } }
}

/** Answers rows by their numbers, as a list of the API does; `before` is told where each page begins. */
function pagesOf(
  count: number,
  before: (from: number) => void = () => {},
): FetchPage<{ no: number }> {
  return async (_, { cursor = '0', limit }) => {
    const from = Number(cursor)
    before(from)
    const to = Math.min(from + limit, count)
    const data = Array.from({ length: to - from }, (_each, index) => ({ no: from + index }))
    return { data, nextCursor: to < count ? String(to) : null }
  }
}

test('all rows are there, each once and in their order, however many pages they fill', async () => {
  const { told, watch } = aWatch()
  const file = await exportList({ columns, fetchPage: pagesOf(ROWS) }, environment, {}, watch)
  const [head, ...rows] = (await file.text()).split('\r\n').slice(0, -1)
  expect(head).toBe('No')
  expect(rows).toEqual(Array.from({ length: ROWS }, (_, no) => String(no)))
  expect(told.at(-1)).toBe('12,345 rows')
  expect(told).toHaveLength(Math.ceil(ROWS / 200))
})

test('a page that does not come makes no file', async () => {
  const failing = pagesOf(ROWS, (from) => {
    if (from === 10_000) throw new Error('the server cannot be reached')
  })
  const { watch } = aWatch()
  await expect(exportList({ columns, fetchPage: failing }, environment, {}, watch)).rejects.toThrow(
    'the server cannot be reached',
  )
})

test('what is stopped makes no file, and asks for no further page', async () => {
  const { stop, watch } = aWatch()
  const asked: number[] = []
  const fetchPage = pagesOf(ROWS, (from) => {
    asked.push(from)
    if (from === 400) stop()
  })
  await expect(exportList({ columns, fetchPage }, environment, {}, watch)).rejects.toThrow(/abort/i)
  expect(asked).toEqual([0, 200, 400])
})

test('where the server writes the file it is that file, of the environment that is looked at', async () => {
  const text = `No\r\n${Array.from({ length: ROWS }, (_, no) => `${no}\r\n`).join('')}`
  const asked: [string, RequestInit][] = []
  vi.stubGlobal('fetch', async (address: string, request: RequestInit) => {
    asked.push([address, request])
    return new Response(text)
  })
  const { watch } = aWatch()
  const exportAddress = (_: Environment, filters: object) =>
    `/api/v1/exports/rows?${new URLSearchParams({ ...filters, format: 'csv' })}`
  const list = { columns, fetchPage: pagesOf(0), exportAddress }
  const file = await exportList(list, environment, { status: 'paid' }, watch)
  expect(await file.text()).toBe(text)
  expect(asked).toMatchObject([
    [
      '/api/v1/exports/rows?status=paid&format=csv',
      { headers: { 'usageflow-organization': 'org_1', 'usageflow-environment': 'test' } },
    ],
  ])
})

test('an export that the server breaks off makes no file', async () => {
  const broken = new ReadableStream({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('No\r\n0\r\n'))
    },
    pull(controller) {
      controller.error(new TypeError('terminated'))
    },
  })
  vi.stubGlobal('fetch', async () => new Response(broken))
  const { watch } = aWatch()
  const list = { columns, fetchPage: pagesOf(0), exportAddress: () => '/api/v1/exports/rows' }
  await expect(exportList(list, environment, {}, watch)).rejects.toThrow('terminated')
})
