import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../platform/db/test-db.ts'
import { OTHER_TENANT, READER, serveUsage, type TestUsage, WRITER } from './test-usage.ts'

let owner: pg.Client

beforeAll(async () => {
  owner = new pg.Client({ connectionString: (await testDatabase()).url })
  await owner.connect()
})

afterAll(() => owner.end())

const key = (text: string) => ({ 'idempotency-key': text })
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()

async function track(usage: TestUsage, fields: object = {}, headers = {}): Promise<string> {
  const event = { metric: 'API_CALL', customerId: 'user_123', amount: '12.5', ...fields }
  const { json, status } = await usage.post('/api/track', event, headers)
  expect(status).toBe(201)
  return json.eventId
}

/** What the worker of the roll-ups does: from now on the index finds what has come so far. */
async function index(envId: number): Promise<void> {
  await owner.query(
    `insert into events_by_customer (env_id, customer, occurred_at, key)
     select env_id, customer, occurred_at, key from usage_events where env_id = $1
     union select e.env_id, e.customer, c.occurred_at, e.key from event_corrections c join usage_events e using (env_id, key)
     where e.env_id = $1 and c.kind = 'amend'
     on conflict do nothing`,
    [envId],
  )
  await owner.query(
    `update event_cursors set position = txid_snapshot_xmin(txid_current_snapshot()) where name = 'customer_index'`,
  )
}

describe('reading an event', () => {
  test('shows it as it was received', async () => {
    const usage = await serveUsage()
    const timestamp = `${ago(60).slice(0, -1)}001Z`
    const metadata = { b: [1, true, null], a: { ä: '😀' } }
    const eventId = await track(usage, { timestamp, metadata, sequence: 7 }, key('k'))
    const { status, json } = await usage.get(`/api/v1/events/${eventId}`)
    expect(status).toBe(200)
    expect(json).toEqual({
      eventId,
      name: 'API_CALL',
      customerId: 'user_123',
      amount: '12.5',
      metadata,
      timestamp,
      sequence: 7,
      idempotencyKey: 'k',
      importId: null,
      effective: { amount: '12.5', metadata, timestamp },
      corrections: [],
    })
  })

  test('finds it by its idempotency key, and nothing under another', async () => {
    const usage = await serveUsage()
    const eventId = await track(usage, {}, key('order 1&2'))
    const found = await usage.get(
      `/api/v1/events?idempotencyKey=${encodeURIComponent('order 1&2')}`,
    )
    expect(found.json).toEqual({ data: [expect.objectContaining({ eventId })], nextCursor: null })
    const none = await usage.get('/api/v1/events?idempotencyKey=other')
    expect(none.json).toEqual({ data: [], nextCursor: null })
  })

  test('404 for an unknown id, one that is none, and one of another tenant, all alike', async () => {
    const usage = await serveUsage()
    const foreign = await track(usage, {}, OTHER_TENANT)
    for (const eventId of [foreign, 'evt_01h455vb4pex5vsknk084sn02q', 'nonsense']) {
      const { status, json } = await usage.get(`/api/v1/events/${eventId}`)
      expect([status, json.error.code]).toEqual([404, 'usage.event_not_found'])
      expect(json.error.message.replace(eventId, '')).toBe('There is no event "".')
    }
  })

  test('403 for a key that may only write', async () => {
    const usage = await serveUsage()
    expect((await usage.get('/api/v1/events?customerId=c', WRITER)).status).toBe(403)
  })
})

describe("listing a customer's events", () => {
  test('shows the latest first, page by page, those that the index has not reached included', async () => {
    const usage = await serveUsage()
    const ids: string[] = []
    for (let minutes = 10; minutes > 4; minutes--)
      ids.push(await track(usage, { timestamp: ago(minutes) }))
    await index(usage.envId)
    for (let minutes = 4; minutes > 0; minutes--)
      ids.push(await track(usage, { timestamp: ago(minutes) }))
    await track(usage, { customerId: 'somebody else' })
    const pages: string[] = []
    let cursor = ''
    do {
      const { json } = await usage.get(`/api/v1/events?customerId=user_123&limit=3${cursor}`)
      pages.push(...json.data.map((event: { eventId: string }) => event.eventId))
      cursor = json.nextCursor ? `&cursor=${json.nextCursor}` : ''
    } while (cursor !== '')
    expect(pages).toEqual(ids.reverse())
  })

  test('pages through events of one instant without missing or repeating any', async () => {
    const usage = await serveUsage()
    const timestamp = ago(5)
    const ids = await Promise.all(Array.from({ length: 7 }, () => track(usage, { timestamp })))
    await index(usage.envId)
    const seen: string[] = []
    let cursor = ''
    do {
      const { json } = await usage.get(`/api/v1/events?customerId=user_123&limit=2${cursor}`)
      seen.push(...json.data.map((event: { eventId: string }) => event.eventId))
      cursor = json.nextCursor ? `&cursor=${json.nextCursor}` : ''
    } while (cursor !== '')
    expect(seen.toSorted()).toEqual(ids.toSorted())
  })

  test.each([true, false])(
    'filters by time and name, and takes each event at the time at which it counts (indexed: %s)',
    async (isIndexed) => {
      const usage = await serveUsage()
      const early = await track(usage, { timestamp: ago(30) })
      const late = await track(usage, { timestamp: ago(10), metric: 'OTHER' })
      const moved = await track(usage, { timestamp: ago(29) })
      await usage.post(`/api/v1/events/${moved}/amend`, { timestamp: ago(9) })
      const gone = await track(usage, { timestamp: ago(8) })
      await usage.post(`/api/v1/events/${gone}/void`, {})
      if (isIndexed) await index(usage.envId)
      const list = async (query: string) => {
        const { json } = await usage.get(`/api/v1/events?customerId=user_123${query}`)
        return json.data.map((event: { eventId: string }) => event.eventId)
      }
      expect(await list('')).toEqual([gone, moved, late, early])
      expect(await list(`&from=${ago(20)}`)).toEqual([gone, moved, late])
      expect(await list(`&to=${ago(20)}`)).toEqual([early])
      expect(await list(`&from=${ago(20)}&name=OTHER`)).toEqual([late])
    },
  )

  test.each([
    ['neither customer nor key', ''],
    ['both', '?customerId=c&idempotencyKey=k'],
    ['an unknown parameter', '?customerId=c&env=1'],
    ['a parameter twice', '?customerId=c&customerId=d'],
    [
      'a cursor of somebody else',
      `?customerId=c&cursor=${Buffer.from('["1","2"]').toString('base64url')}`,
    ],
    ['no cursor at all', '?customerId=c&cursor=%27'],
    ['a limit that is too large', '?customerId=c&limit=1000000'],
    ['a time without a zone', '?customerId=c&from=2026-01-01T00:00:00'],
  ])('400 for %s', async (_what, query) => {
    const usage = await serveUsage()
    expect((await usage.get(`/api/v1/events${query}`)).status).toBe(400)
  })
})

describe('voiding an event', () => {
  test('keeps what was received and says that it counts no longer', async () => {
    const usage = await serveUsage()
    const eventId = await track(usage)
    const { status, json } = await usage.post(`/api/v1/events/${eventId}/void`, {
      reason: 'sent by mistake',
    })
    expect(status).toBe(200)
    expect(json).toMatchObject({
      amount: '12.5',
      effective: null,
      corrections: [{ kind: 'void', reason: 'sent by mistake', at: expect.stringMatching(/Z$/) }],
    })
    expect((await usage.get(`/api/v1/events/${eventId}`)).json).toEqual(json)
  })

  test('409 for an event that is void, which also takes no amendment', async () => {
    const usage = await serveUsage()
    const eventId = await track(usage)
    await usage.post(`/api/v1/events/${eventId}/void`, {})
    const again = await usage.post(`/api/v1/events/${eventId}/void`, {})
    const amended = await usage.post(`/api/v1/events/${eventId}/amend`, { amount: 1 })
    expect([again.status, again.json.error.code]).toEqual([409, 'usage.event_void'])
    expect(amended.status).toBe(409)
  })

  test('of many at once exactly one voids, and a retry with its key gets its answer again', async () => {
    const usage = await serveUsage()
    const eventId = await track(usage)
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        usage.post(`/api/v1/events/${eventId}/void`, {}, key(`v${index}`)),
      ),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, ...Array(7).fill(409)])
    const winner = answers.findIndex(({ status }) => status === 200)
    const retry = await usage.post(`/api/v1/events/${eventId}/void`, {}, key(`v${winner}`))
    expect(retry.json).toEqual(answers[winner]?.json)
  })

  test('needs the right to write, and an event of this environment', async () => {
    const usage = await serveUsage()
    const foreign = await track(usage, {}, OTHER_TENANT)
    expect((await usage.post(`/api/v1/events/${foreign}/void`, {})).status).toBe(404)
    expect((await usage.post(`/api/v1/events/${foreign}/amend`, { amount: 1 })).status).toBe(404)
    expect((await usage.post(`/api/v1/events/${foreign}/void`, {}, READER)).status).toBe(403)
  })
})

describe('amending an event', () => {
  test('replaces what is sent and keeps the rest, one amendment on top of the other', async () => {
    const usage = await serveUsage()
    const timestamp = ago(5)
    const eventId = await track(usage, { metadata: { a: 1 }, timestamp })
    await usage.post(`/api/v1/events/${eventId}/amend`, { amount: 3, reason: 'miscounted' })
    await usage.post(`/api/v1/events/${eventId}/amend`, { metadata: { b: 2 } })
    const { json } = await usage.post(`/api/v1/events/${eventId}/amend`, {
      timestamp: `${ago(6).slice(0, -1)}001Z`,
    })
    expect(json).toMatchObject({ amount: '12.5', metadata: { a: 1 }, timestamp })
    expect(json.effective).toEqual({
      amount: '3',
      metadata: { b: 2 },
      timestamp: expect.stringMatching(/001Z$/),
    })
    expect(
      json.corrections.map(({ kind, reason, amount }: Record<string, unknown>) => [
        kind,
        reason,
        amount,
      ]),
    ).toEqual([
      ['amend', 'miscounted', '3'],
      ['amend', null, '3'],
      ['amend', null, '3'],
    ])
    expect((await usage.get(`/api/v1/events/${eventId}`)).json).toEqual(json)
  })

  test('loses none of several that come at once', async () => {
    const usage = await serveUsage()
    const eventId = await track(usage)
    const changes = [{ amount: 2 }, { metadata: { a: 1 } }, { timestamp: ago(3) }]
    const answers = await Promise.all(
      changes.map((change) => usage.post(`/api/v1/events/${eventId}/amend`, change)),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const { json } = await usage.get(`/api/v1/events/${eventId}`)
    expect(json.effective).toEqual({
      amount: '2',
      metadata: { a: 1 },
      timestamp: changes[2]?.timestamp,
    })
    expect(json.corrections).toHaveLength(3)
  })

  test.each([
    ['nothing', {}, 400],
    ['a reason alone', { reason: 'why not' }, 400],
    ['a negative amount', { amount: -1 }, 400],
    ['null as amount', { amount: null }, 400],
    ['an amount that a double cannot hold', { amount: 9007199254740991 }, 422],
    ['metadata that is none', { metadata: [] }, 400],
    ['a time that is none', { timestamp: 'yesterday' }, 400],
    ['a time in the future', { timestamp: ago(-10) }, 422],
    ['a time too long ago', { timestamp: ago(40 * 24 * 60) }, 422],
    ['another customer', { customerId: 'c' }, 400],
  ])('refuses %s', async (_what, change, status) => {
    const usage = await serveUsage()
    const eventId = await track(usage)
    const answer = await usage.send('POST', `/api/v1/events/${eventId}/amend`, {
      body: JSON.stringify(change),
      headers: { 'content-type': 'application/json' },
    })
    expect(answer.status).toBe(status)
    expect((await usage.get(`/api/v1/events/${eventId}`)).json.corrections).toEqual([])
  })
})
