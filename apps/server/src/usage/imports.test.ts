import { describe, expect, test } from 'vitest'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { claimDue } from '../platform/due/due.store.ts'
import type { Job } from '../platform/due/job.ts'
import { REVERT_KIND, usageHandlers } from './revert-import.ts'
import { OTHER_TENANT, READER, serveUsage, type TestUsage } from './test-usage.ts'

const WINDOW = { source: 'access.log', from: '2024-05-01T00:00:00Z', to: '2024-06-01T00:00:00Z' }

async function anImport(usage: TestUsage, headers = {}): Promise<string> {
  const { status, json } = await usage.post('/api/v1/imports', WINDOW, headers)
  expect(status).toBe(201)
  return json.id
}

const event = (importId: string, overrides: object = {}) => ({
  name: 'REQUESTS',
  customerId: 'user_123',
  timestamp: '2024-05-17T10:05:03Z',
  importId,
  ...overrides,
})

/** What a worker does with the due work of usage that many hours from now. */
async function runDueWork(hours: number): Promise<number> {
  const { database } = await testDatabase()
  const [handler] = usageHandlers({ db: database })
  const jobs: Job[] = await inOwnTransaction((tx) =>
    claimDue(tx, {
      kinds: [REVERT_KIND],
      limit: 10,
      leaseMs: 60_000,
      systemNow: new Date(Date.now() + hours * 3_600_000),
    }),
  )
  await handler?.run(jobs)
  return jobs.length
}

/** Of other tests. */
async function forgetDueWork(): Promise<void> {
  await inOwnTransaction((tx) => tx.deleteFrom('due').execute())
}

describe('an import', () => {
  test('takes events that are older than others may be, and names itself on them', async () => {
    const usage = await serveUsage()
    const importId = await anImport(usage)
    const { status, json } = await usage.post(
      '/api/v1/events',
      event(importId, { idempotencyKey: 'line 1' }),
    )
    expect(status).toBe(201)
    expect((await usage.get(`/api/v1/events/${json.eventId}`)).json.importId).toBe(importId)
    const alone = await usage.post('/api/v1/events', event(importId, { importId: undefined }))
    expect(alone.json.error.code).toBe('usage.timestamp_too_old')
  })

  test.each([
    ['at the beginning of its window', WINDOW.from, 201],
    ['before it', '2024-04-30T23:59:59.999999Z', 422],
    ['just before its end', '2024-05-31T23:59:59.999999Z', 201],
    ['at its end', WINDOW.to, 422],
    ['now, since no time was sent', undefined, 422],
  ])('takes or refuses an event %s', async (_when, timestamp, status) => {
    const usage = await serveUsage()
    const answer = await usage.post('/api/v1/events', event(await anImport(usage), { timestamp }))
    expect([answer.status, answer.json.error?.code ?? 'fine']).toEqual([
      status,
      status === 201 ? 'fine' : 'usage.outside_import',
    ])
  })

  test('changes nothing when its file is sent again, also through another import', async () => {
    const usage = await serveUsage()
    const lines = Array.from({ length: 50 }, (_, at) => ({
      idempotencyKey: `line ${at}`,
      sequence: at,
    }))
    const send = (importId: string) =>
      usage.post(
        '/api/v1/events',
        lines.map((line) => event(importId, line)),
      )
    const first = await send(await anImport(usage))
    const second = await send(await anImport(usage))
    expect(new Set(first.json.results.map(({ status }: { status: string }) => status))).toEqual(
      new Set(['recorded']),
    )
    expect(new Set(second.json.results.map(({ status }: { status: string }) => status))).toEqual(
      new Set(['duplicate']),
    )
  })

  test('is unknown to another environment', async () => {
    const usage = await serveUsage()
    const importId = await anImport(usage, OTHER_TENANT)
    const answer = await usage.post('/api/v1/events', event(importId))
    expect([answer.status, answer.json.error.code]).toEqual([422, 'usage.import_unknown'])
    for (const request of [
      usage.get(`/api/v1/imports/${importId}`),
      usage.send('POST', `/api/v1/imports/${importId}/revert`),
      usage.get('/api/v1/imports/imp_none'),
    ])
      expect((await request).status).toBe(404)
  })

  test('is listed, the latest first', async () => {
    const usage = await serveUsage()
    const ids = [await anImport(usage), await anImport(usage), await anImport(usage)]
    const first = await usage.get('/api/v1/imports?limit=2')
    const second = await usage.get(`/api/v1/imports?limit=2&cursor=${first.json.nextCursor}`)
    const listed = [...first.json.data, ...second.json.data].map(({ id }: { id: string }) => id)
    expect(listed).toEqual(ids.reverse())
    expect(second.json.nextCursor).toBeNull()
    expect(first.json.data[0]).toEqual({
      id: ids[0],
      source: 'access.log',
      from: '2024-05-01T00:00:00.000Z',
      to: '2024-06-01T00:00:00.000Z',
      createdAt: expect.stringMatching(/Z$/),
      revertedAt: null,
    })
  })

  test.each([
    ['that ends before it begins', { ...WINDOW, to: '2024-04-01T00:00:00Z' }, 422],
    ['of nothing', { ...WINDOW, to: WINDOW.from }, 422],
    ['of the future', { ...WINDOW, to: '2099-01-01T00:00:00Z' }, 422],
    ['without a source', { from: WINDOW.from, to: WINDOW.to }, 400],
    ['with a field that is none', { ...WINDOW, envId: 1 }, 400],
  ])('cannot be opened for a window %s', async (_what, body, status) => {
    const usage = await serveUsage()
    expect((await usage.post('/api/v1/imports', body)).status).toBe(status)
  })

  test('needs the right to write', async () => {
    const usage = await serveUsage()
    expect((await usage.post('/api/v1/imports', WINDOW, READER)).status).toBe(403)
    expect((await usage.get('/api/v1/imports', READER)).status).toBe(200)
  })
})

describe('reverting an import', () => {
  test('voids its events and no others, once, and it takes no more', async () => {
    const usage = await serveUsage()
    const importId = await anImport(usage)
    const sent = await usage.post('/api/v1/events', [
      event(importId),
      event(importId, { timestamp: WINDOW.from }),
      event(importId),
      { name: 'REQUESTS', customerId: 'user_123' },
    ])
    const [one, two, amended, own] = sent.json.results.map(
      ({ eventId }: { eventId: string }) => eventId,
    )
    await usage.post(`/api/v1/events/${two}/void`, { reason: 'before' })
    await usage.post(`/api/v1/events/${amended}/amend`, { amount: 5 })

    const reverted = await usage.send('POST', `/api/v1/imports/${importId}/revert`)
    const again = await usage.send('POST', `/api/v1/imports/${importId}/revert`)
    expect([reverted.status, again.status]).toEqual([200, 200])
    expect(again.json.revertedAt).toBe(reverted.json.revertedAt)

    const read = async (id: string) => (await usage.get(`/api/v1/events/${id}`)).json
    expect(await read(one)).toMatchObject({
      effective: null,
      corrections: [{ kind: 'void', reason: `import ${importId} was reverted` }],
    })
    expect((await read(two)).corrections).toMatchObject([{ reason: 'before' }])
    expect(await read(amended)).toMatchObject({
      effective: null,
      corrections: [{ kind: 'amend' }, { kind: 'void' }],
    })
    expect((await read(own)).effective).not.toBeNull()

    await new Promise((resolve) => setTimeout(resolve, 1_100)) // as long as an import is remembered
    const late = await usage.post('/api/v1/events', event(importId))
    expect(late.json.error.code).toBe('usage.import_reverted')
  })

  test('also voids what was on its way meanwhile, some time later', async () => {
    await forgetDueWork()
    const usage = await serveUsage()
    const importId = await anImport(usage)
    await usage.post('/api/v1/events', event(importId))
    await usage.send('POST', `/api/v1/imports/${importId}/revert`)
    const { json } = await usage.post('/api/v1/events', event(importId)) // the window is remembered for a second
    expect(json.success).toBe(true)
    expect(await runDueWork(1)).toBe(1)
    expect((await usage.get(`/api/v1/events/${json.eventId}`)).json.effective).toBeNull()
    expect(await runDueWork(2)).toBe(1) // looks once more, since something was found
    expect(await runDueWork(3)).toBe(0)
  })
})
