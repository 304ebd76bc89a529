import { once } from 'node:events'
import { Agent, type IncomingMessage, request } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import {
  METERED_NAME,
  OTHER_TENANT,
  READER,
  SECOND_KEY,
  STRICT,
  serveUsage,
  type TestUsage,
} from './test-usage.ts'

const EVENT = {
  metric: 'API_CALL',
  customerId: 'user_123',
  amount: 1000,
  metadata: { endpoint: '/v1/chat' },
}
const ID = /^evt_[0-7][0-9a-hjkmnp-tv-z]{25}$/

const key = (text: string) => ({ 'idempotency-key': text })
const minutes = (count: number) => new Date(Date.now() + count * 60_000).toISOString()
const days = (count: number) => minutes(count * 24 * 60)

async function count(usage: TestUsage, customerId: string): Promise<number> {
  const { json } = await usage.get(`/api/v1/events?customerId=${encodeURIComponent(customerId)}`)
  return json.data.length
}

describe('POST /api/track', () => {
  test('answers 201 the first time and 200 with the same id for a repeat', async () => {
    const usage = await serveUsage()
    const first = await usage.post('/api/track', EVENT, key('a'))
    const repeat = await usage.post('/api/track', EVENT, key('a'))
    expect(first.status).toBe(201)
    expect(first.json).toEqual({
      success: true,
      eventId: expect.stringMatching(ID),
      duplicate: false,
    })
    expect(repeat.status).toBe(200)
    expect(repeat.json).toEqual({ success: true, eventId: first.json.eventId, duplicate: true })
    expect(await count(usage, 'user_123')).toBe(1)
  })

  test('stores an event without a key each time, and says that it was not deduplicated', async () => {
    const usage = await serveUsage()
    const answers = [await usage.post('/api/track', EVENT), await usage.post('/api/track', EVENT)]
    for (const { status, json } of answers) {
      expect(status).toBe(201)
      expect(json).toEqual({
        success: true,
        eventId: expect.stringMatching(ID),
        duplicate: false,
        deduplicated: false,
      })
    }
    expect(await count(usage, 'user_123')).toBe(2)
  })

  test('refuses other content under a used key with 422, and stores nothing', async () => {
    const usage = await serveUsage()
    await usage.post('/api/track', EVENT, key('a'))
    const other = await usage.post('/api/track', { ...EVENT, amount: 1 }, key('a'))
    expect(other.status).toBe(422)
    expect(other.json.error.code).toBe('usage.key_reused')
    expect(await count(usage, 'user_123')).toBe(1)
  })

  test('takes the same event written in another way for a repeat', async () => {
    const usage = await serveUsage()
    await usage.post('/api/track', EVENT, key('a'))
    const body =
      '{"metadata":{"endpoint":"\\/v1\\/chat"}, "customerId":"user_123","amount":"1000.0","metric":"API_CALL"}'
    const repeat = await usage.post('/api/track', body, {
      ...key('a'),
      'content-type': 'application/json',
    })
    expect([repeat.status, repeat.json.duplicate]).toEqual([200, true])
  })

  test('knows one event through every key of the environment and both routes', async () => {
    const usage = await serveUsage()
    const { metric, ...rest } = EVENT
    const first = await usage.post('/api/track', EVENT, key('a'))
    const second = await usage.post('/api/track', EVENT, { ...key('a'), ...SECOND_KEY })
    const third = await usage.post('/api/v1/events', { name: metric, ...rest, idempotencyKey: 'a' })
    const fourth = await usage.post('/api/v1/events', [
      { name: metric, ...rest, idempotencyKey: 'a' },
    ])
    expect(second.json).toEqual({ success: true, eventId: first.json.eventId, duplicate: true })
    expect(third.json).toEqual(second.json)
    expect(fourth.json).toEqual({ results: [{ status: 'duplicate', eventId: first.json.eventId }] })
  })

  test('keeps environments apart: the same key is another event there', async () => {
    const usage = await serveUsage()
    await usage.post('/api/track', EVENT, key('a'))
    const other = await usage.post(
      '/api/track',
      { ...EVENT, amount: 2 },
      { ...key('a'), ...OTHER_TENANT },
    )
    expect(other.status).toBe(201)
  })

  test('of many senders of one key at once exactly one is told 201', async () => {
    const usage = await serveUsage()
    const answers = await Promise.all(
      Array.from({ length: 64 }, () => usage.post('/api/track', EVENT, key('storm'))),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(63)
    expect(new Set(answers.map(({ json }) => json.eventId)).size).toBe(1)
  })

  test('401 without a valid key, 403 without the scope, and the connection goes on', async () => {
    const usage = await serveUsage()
    const none = await usage.post('/api/track', EVENT, { 'x-usageflow-api-key': 'nobody' })
    const reader = await usage.post('/api/track', EVENT, READER)
    expect([none.status, none.json.error.code]).toEqual([401, 'auth.key_refused'])
    expect([reader.status, reader.json.error.code]).toEqual([403, 'auth.scope_missing'])
    expect(reader.headers['x-request-id']).toMatch(/^req_/)
  })

  test.each([
    ['5 minutes ahead, less a moment', minutes(4.9), 201, null],
    ['more than 5 minutes ahead', minutes(6), 422, 'usage.timestamp_in_future'],
    ['35 days ago, less a moment', days(-34.99), 201, null],
    ['36 days ago', days(-36), 422, 'usage.timestamp_too_old'],
  ])('at the border of the time: %s', async (_when, timestamp, status, code) => {
    const usage = await serveUsage()
    const answer = await usage.post('/api/track', { ...EVENT, timestamp })
    expect([answer.status, answer.json.error?.code ?? null]).toEqual([status, code])
  })

  test('goes by the clock of the environment', async () => {
    const usage = await serveUsage()
    usage.setNow(new Date('2031-06-01T00:00:00Z'))
    const then = await usage.post('/api/track', { ...EVENT, timestamp: '2031-05-31T00:00:00Z' })
    const today = await usage.post('/api/track', { ...EVENT, timestamp: new Date().toISOString() })
    const unsaid = await usage.post('/api/track', { ...EVENT, customerId: 'unsaid' })
    expect([then.status, today.status, unsaid.status]).toEqual([201, 422, 201])
    const { json } = await usage.get('/api/v1/events?customerId=unsaid')
    expect(json.data[0].timestamp).toBe('2031-06-01T00:00:00.000Z')
  })

  test('refuses what no meter reads where the environment wants that, and nowhere else', async () => {
    const usage = await serveUsage()
    const unknown = await usage.post('/api/track', EVENT, STRICT)
    const known = await usage.post('/api/track', { ...EVENT, metric: METERED_NAME }, STRICT)
    expect([unknown.status, unknown.json.error.code]).toEqual([422, 'usage.meter_unknown'])
    expect(known.status).toBe(201)
  })

  test('503 with Retry-After when there is no room, and nothing is stored', async () => {
    const usage = await serveUsage({ eventsMax: 0 })
    const answer = await usage.post('/api/track', EVENT, key('a'))
    expect([answer.status, answer.json.error.code]).toEqual([503, 'usage.overloaded'])
    expect(answer.headers['retry-after']).toBe('1')
  })
})

describe('POST /api/v1/events', () => {
  const one = (overrides: object = {}) => ({
    name: 'API_CALL',
    customerId: 'user_123',
    ...overrides,
  })

  test('answers one event as /api/track does', async () => {
    const usage = await serveUsage()
    const first = await usage.post('/api/v1/events', one(), key('a'))
    const repeat = await usage.post('/api/v1/events', one({ idempotencyKey: 'a' }), key('a'))
    expect([first.status, repeat.status]).toEqual([201, 200])
    expect(repeat.json).toEqual({ success: true, eventId: first.json.eventId, duplicate: true })
  })

  test('refuses two different keys for one event', async () => {
    const usage = await serveUsage()
    const answer = await usage.post('/api/v1/events', one({ idempotencyKey: 'a' }), key('b'))
    expect([answer.status, answer.json.error.code]).toEqual([400, 'usage.two_keys'])
  })

  test('gives a result for each event of an array, in their order, and one bad event harms no other', async () => {
    const usage = await serveUsage()
    await usage.post('/api/v1/events', one({ idempotencyKey: 'used' }))
    const { status, json } = await usage.post('/api/v1/events', [
      one({ idempotencyKey: 'a' }),
      one({ idempotencyKey: 'a' }),
      one({ idempotencyKey: 'a', amount: 2 }),
      one({ idempotencyKey: 'used', amount: 2 }),
      one({ amount: -1 }),
      one({ timestamp: days(-40) }),
      one({ importId: 'imp_00000000000000000000000000' }),
      'not an event',
      null,
      one(),
      one({ idempotencyKey: 'b' }),
    ])
    expect(status).toBe(200)
    const summary = json.results.map(
      (result: { status: string; error?: { code: string } }) => result.error?.code ?? result.status,
    )
    expect(summary).toEqual([
      'recorded',
      'duplicate',
      'usage.key_reused',
      'usage.key_reused',
      'usage.malformed',
      'usage.timestamp_too_old',
      'usage.import_unknown',
      'usage.malformed',
      'usage.malformed',
      'recorded',
      'recorded',
    ])
    expect(json.results[1]).toEqual({ status: 'duplicate', eventId: json.results[0].eventId })
    expect(json.results[4]).toEqual({
      status: 'refused',
      error: { code: 'usage.malformed', message: expect.stringContaining('amount') },
    })
    expect(json.results[9]).toEqual({
      status: 'recorded',
      eventId: expect.stringMatching(ID),
      deduplicated: false,
    })
    expect(await count(usage, 'user_123')).toBe(4)
  })

  test('takes 1,000 events at once, and not one more or none', async () => {
    const usage = await serveUsage()
    const many = (length: number) =>
      Array.from({ length }, (_, index) => one({ customerId: `c${index}` }))
    const full = await usage.post('/api/v1/events', many(1_000))
    expect(
      full.json.results.filter((result: { status: string }) => result.status === 'recorded'),
    ).toHaveLength(1_000)
    for (const wrong of [many(1_001), []]) {
      const answer = await usage.post('/api/v1/events', wrong)
      expect([answer.status, answer.json.error.code]).toEqual([400, 'usage.batch_too_long'])
    }
  })

  test('refuses a key in the header of an array, which could not say which event it means', async () => {
    const usage = await serveUsage()
    const answer = await usage.post('/api/v1/events', [one()], key('a'))
    expect([answer.status, answer.json.error.code]).toEqual([400, 'usage.key_for_many'])
  })
})

describe('a body that cannot be taken', () => {
  const padded = (bytes: number) => JSON.stringify({ ...EVENT, metadata: {} }).padEnd(bytes, ' ')

  test.each([
    ['/api/track', 1024 * 1024],
    ['/api/v1/events', 5 * 1024 * 1024],
  ])('at the border of %s: %d bytes and one more', async (path, bytesMax) => {
    const post = await oneConnection()
    const fits = await post({ path, body: padded(bytesMax) })
    const over = await post({ path, body: padded(bytesMax + 1) })
    expect(fits.code).not.toBe('request.too_large')
    expect([over.status, over.code]).toEqual([400, 'request.too_large'])
  })

  test('leaves the connection to the next request, whatever was wrong with it', async () => {
    const post = await oneConnection()
    const large = padded(1024 * 1024 + 1)
    const answers = [
      await post({ body: large }),
      await post({ body: large, headers: { 'transfer-encoding': 'chunked' } }),
      await post({ body: '{' }),
      await post({ body: padded(200_000), headers: { 'x-usageflow-api-key': 'nobody' } }),
      await post({ body: JSON.stringify(EVENT) }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400, 401, 201])
    expect(new Set(answers.map(({ port }) => port)).size).toBe(1)
  })
})

type Post = {
  readonly path?: string
  readonly body: string
  readonly headers?: Record<string, string>
}

/** Posts over one connection only, and tells its local port so that one can see whether it was kept. */
async function oneConnection() {
  const usage = await serveUsage()
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  onTestFinished(() => agent.destroy())
  return async ({ path = '/api/track', body, headers = {} }: Post) => {
    const isChunked = headers['transfer-encoding'] !== undefined
    const outgoing = request({
      port: usage.port,
      path,
      method: 'POST',
      agent,
      headers: {
        'content-type': 'application/json',
        'x-usageflow-api-key': 'all',
        ...(isChunked ? {} : { 'content-length': Buffer.byteLength(body) }),
        ...headers,
      },
    })
    const answered = once(outgoing, 'response')
    const sent = once(outgoing, 'finish')
    outgoing.end(body)
    const [response] = (await answered) as [IncomingMessage]
    const port = response.socket.localPort
    let text = ''
    for await (const chunk of response) text += chunk
    await sent
    return { status: response.statusCode, code: JSON.parse(text).error?.code, port }
  }
}
