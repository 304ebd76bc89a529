import { inspect } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import { UsageFlow, type UsageFlowError } from '../src/index.ts'
import { aWorld, CUSTOMER, expectExact, onceEach, trackMany, WAIT_MS } from './world.ts'

const EVENT = { name: 'API_CALL', customerId: CUSTOMER }

describe('track', () => {
  test('sends what is gathered at the next flush, together, without being told to', async () => {
    const { server, client: open, stored } = await aWorld()
    const client = open()
    trackMany(client, 120)
    expect(client.stats()).toMatchObject({ produced: 120, queued: 120 })
    await expect.poll(() => client.stats().delivered).toBe(120)
    expect(server.requests.map(({ events }) => events)).toEqual([120])
    expect(await stored()).toEqual(onceEach(120))
  })

  test('sends as soon as a batch is full, in batches of that size', async () => {
    const { server, client: open, stored } = await aWorld()
    const client = open({ flushMs: 60_000, batchEventsMax: 40 })
    trackMany(client, 100)
    await expect.poll(() => client.stats().delivered).toBe(100)
    expect(server.requests.map(({ events }) => events)).toEqual([40, 40, 20])
    expect(await stored()).toEqual(onceEach(100))
  })

  test('reports what is no event, and does not throw', async () => {
    const { errors, client: open } = await aWorld()
    const client = open()
    for (const event of [null, {}, { ...EVENT, amount: -1 }, { ...EVENT, typo: 1 }])
      client.track(event as never)
    expect(errors.map(({ kind, code }) => [kind, code])).toEqual(
      Array.from({ length: 4 }, () => ['invalid', 'client.invalid_event']),
    )
    expect(client.stats()).toMatchObject({ produced: 4, refused: 4, queued: 0 })
  })

  test('reports what the server refuses, sends it no more, and its neighbours are recorded', async () => {
    const { server, errors, client: open, stored } = await aWorld()
    const client = open()
    trackMany(client, 3)
    client.track({ ...EVENT, amount: 77, timestamp: '2001-01-01T00:00:00Z' })
    client.track({
      ...EVENT,
      amount: 78,
      metadata: Object.fromEntries(Array(51).fill(1).entries()),
    })
    expect(await client.flush(WAIT_MS)).toMatchObject({
      produced: 5,
      delivered: 3,
      refused: 2,
      queued: 0,
    })
    expect(errors.map(({ kind, code, event }) => [kind, code, event?.amount])).toEqual([
      ['refused', 'usage.timestamp_too_old', '77'],
      ['refused', 'usage.malformed', '78'],
    ])
    expect(server.requests).toHaveLength(1)
    expect(await stored()).toEqual(onceEach(3))
  })

  test('one event that makes a request unreadable does not take the others with it', async () => {
    const { errors, client: open, stored } = await aWorld()
    const client = open()
    trackMany(client, 6)
    const deep = JSON.parse(`${'{"a":'.repeat(20)}1${'}'.repeat(20)}`)
    client.track({ ...EVENT, amount: 77, metadata: deep })
    expect(await client.flush(WAIT_MS)).toMatchObject({
      produced: 7,
      delivered: 6,
      refused: 1,
      queued: 0,
    })
    expect(errors.map(({ code }) => code)).toEqual(['json.depth'])
    expect(await stored()).toEqual(onceEach(6))
  })

  test('beyond the bound it drops and counts, and tells so together', async () => {
    const { server, errors, client: open } = await aWorld()
    const client = open({ queueEventsMax: 50 })
    server.setFault('no answer')
    trackMany(client, 80)
    expect(client.stats()).toMatchObject({ produced: 80, queued: 50, dropped: 30 })
    await expect.poll(() => errors.filter(({ kind }) => kind === 'dropped')).toHaveLength(1)
    expect(errors.find(({ kind }) => kind === 'dropped')).toMatchObject({ count: 30 })
    expectExact(client)
  })

  test('sums usage of a second exactly into one event a customer, name and metadata, if told to', async () => {
    const { client: open, stored } = await aWorld()
    const client = open({ aggregate: true })
    for (let call = 0; call < 10; call += 1) client.track({ ...EVENT, amount: 0.1 })
    client.track({ ...EVENT, amount: '0.5', metadata: { model: 'large' } })
    expect(client.stats()).toMatchObject({ produced: 11, queued: 11 })
    expect(await client.flush(WAIT_MS)).toMatchObject({ produced: 11, delivered: 11, queued: 0 })
    expect(await stored()).toEqual({ '1': 1, '0.5': 1 })
  })

  test('a listener that throws or rejects harms nobody', async () => {
    const { client: open } = await aWorld()
    const client = open({
      onError: vi
        .fn()
        .mockImplementationOnce(() => {
          throw new Error('thrown')
        })
        .mockImplementationOnce(() => Promise.reject(new Error('rejected'))),
    })
    client.track({} as never)
    client.track({} as never)
    await new Promise((resolve) => setTimeout(resolve, 10)) // a rejection would fail the run
    expect(client.stats().refused).toBe(2)
  })

  test('who listens to nothing is warned on the console, and not for every event', async () => {
    const { client: open } = await aWorld()
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const client = open({ onError: undefined })
    for (let call = 0; call < 5; call += 1) client.track({} as never)
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^\[usageflow\] name: .*invalid_event/)],
    ])
    warn.mockRestore()
  })

  test('a repeat with a key of its own counts once', async () => {
    const { client: open, stored } = await aWorld()
    const client = open()
    const order = { ...EVENT, amount: 9, idempotencyKey: 'order-1', timestamp: new Date() }
    for (let call = 0; call < 3; call += 1) client.track(order)
    expect(await client.flush(WAIT_MS)).toMatchObject({ delivered: 3, duplicates: 2 })
    expect(await stored()).toEqual({ '9': 1 })
  })
})

describe('send', () => {
  test('resolves to what the server has done', async () => {
    const { client: open, stored } = await aWorld()
    const client = open()
    const event = { ...EVENT, amount: 5, idempotencyKey: 'k', timestamp: new Date() }
    const first = await client.send(event)
    const repeat = await client.send(event)
    expect(first).toMatchObject({ status: 'recorded', idempotencyKey: 'k' })
    expect(repeat).toEqual({ ...first, status: 'duplicate' })
    expect(await stored()).toEqual({ '5': 1 })
    expect(client.stats()).toMatchObject({ produced: 2, delivered: 2, duplicates: 1, queued: 0 })
  })

  test('throws what the server refuses, and what is no event', async () => {
    const { client: open } = await aWorld()
    const client = open()
    const old = client.send({ ...EVENT, timestamp: '2001-01-01T00:00:00Z' })
    await expect(old).rejects.toMatchObject({ kind: 'refused', code: 'usage.timestamp_too_old' })
    await expect(client.send({} as never)).rejects.toMatchObject({ kind: 'invalid' })
    expect(client.stats()).toMatchObject({ produced: 2, refused: 2, queued: 0 })
  })

  test('throws at once what trying again does not mend: a key that is refused', async () => {
    const { usage, client: open } = await aWorld()
    usage.revoke('all')
    const sent = open().send(EVENT)
    await expect(sent).rejects.toMatchObject({ kind: 'refused', status: 401 })
  })

  test('tries again with the same key until there is an answer', async () => {
    const { server, client: open, stored } = await aWorld()
    const client = open()
    server.setFault('an answer that is lost after the commit')
    const sent = client.send({ ...EVENT, amount: 5 })
    await expect.poll(() => server.requests.length).toBe(1)
    expect(client.stats()).toMatchObject({ produced: 1, queued: 1 })
    server.setFault('none')
    expect(await sent).toMatchObject({ status: 'duplicate' })
    expect(await stored()).toEqual({ '5': 1 })
  })

  test('gives up at its deadline with the event, which sent again counts once', async () => {
    const { server, client: open, stored } = await aWorld()
    const client = open()
    server.setFault('an answer that is lost after the commit')
    const error: UsageFlowError = await client
      .send({ ...EVENT, amount: 5 }, { deadlineMs: 600 })
      .then(
        () => expect.unreachable(),
        (error) => error,
      )
    expect(error).toMatchObject({ kind: 'unavailable', code: 'client.no_answer' })
    expect(client.stats()).toMatchObject({ produced: 1, dropped: 1, queued: 0 })
    server.setFault('none')
    if (error.event) await client.send(error.event)
    expect(await stored()).toEqual({ '5': 1 })
  })
})

describe('close', () => {
  test('sends what waits, and drops and counts what comes after', async () => {
    const { errors, client: open, stored } = await aWorld()
    const client = open({ flushMs: 60_000 })
    trackMany(client, 10)
    expect(await client.close(WAIT_MS)).toMatchObject({ produced: 10, delivered: 10 })
    client.track(EVENT)
    await expect(client.send(EVENT)).rejects.toMatchObject({ kind: 'dropped' })
    expect(client.stats()).toMatchObject({ produced: 12, delivered: 10, dropped: 2, queued: 0 })
    expect(errors).toMatchObject([{ code: 'client.closed' }])
    expect(await stored()).toEqual(onceEach(10))
  })

  test('ends at its deadline, whatever the server does, and counts what it leaves', async () => {
    const { server, client: open } = await aWorld()
    const client = open({ timeoutMs: 60_000 })
    server.setFault('no answer')
    trackMany(client, 10)
    const startMs = performance.now()
    expect(await client.close(200)).toMatchObject({ produced: 10, dropped: 10, queued: 0 })
    expect(performance.now() - startMs).toBeLessThan(5_000)
  })
})

describe('the client', () => {
  test('asks for what it cannot do without, in words that name it', () => {
    const make = (options: object) => () => new UsageFlow(options)
    const variables = { ...process.env }
    delete process.env.USAGEFLOW_API_KEY
    delete process.env.USAGEFLOW_URL
    expect(make({})).toThrow(/USAGEFLOW_API_KEY/)
    expect(make({ apiKey: 'k' })).toThrow(/USAGEFLOW_URL/)
    expect(make({ apiKey: 'k', baseUrl: 'ftp://a' })).toThrow(/http/)
    expect(make({ apiKey: 'k', baseUrl: 'http://u:p@a' })).toThrow(/password/)
    expect(make({ apiKey: 'k\n', baseUrl: 'http://a' })).toThrow(/^(?!.*k\n)/)
    expect(make({ apiKey: 'k', baseUrl: 'http://a', batchEventsMax: 1_001 })).toThrow(/1000/)
    process.env.USAGEFLOW_API_KEY = 'k'
    process.env.USAGEFLOW_URL = 'http://127.0.0.1:1/base/'
    expect(make({})).not.toThrow()
    process.env = variables
  })

  test('shows its key to nobody: not when it is printed, nor in an error, though a server repeats it', async () => {
    const errors: UsageFlowError[] = []
    const client = new UsageFlow({
      ...{ apiKey: 'uf_live_secret', baseUrl: 'http://127.0.0.1:1', flushMs: 1 },
      fetch: async () =>
        Response.json({ error: { code: 'x', message: 'No key uf_live_secret' } }, { status: 403 }),
      onError: (error) => errors.push(error),
    })
    client.track(EVENT)
    await expect.poll(() => errors.length).toBeGreaterThan(0)
    await client.close(1)
    const shown =
      inspect([client, errors], { depth: 10, showHidden: true }) + JSON.stringify(errors)
    expect(shown).toContain('No key (key)')
    expect(shown).not.toContain('secret')
  })

  test('of a server that fails five times running it asks no more than one event, as a probe', async () => {
    const asked: number[] = []
    const client = new UsageFlow({
      ...{ apiKey: 'k', baseUrl: 'http://127.0.0.1:1', onError: () => {} },
      fetch: async (_url, init) => {
        const { length } = JSON.parse((init as { body: string }).body)
        asked.push(length)
        if (asked.length < 6) throw new TypeError('fetch failed')
        return Response.json({ results: Array(length).fill({ status: 'recorded', eventId: 'e' }) })
      },
    })
    for (let call = 0; call < 20; call += 1) client.track(EVENT)
    for (let tries = 0; tries < 5; tries += 1) await client.flush(200) // too short for another try
    expect(client.stats()).toMatchObject({ queued: 20, circuit: 'open' })
    expect(await client.flush(WAIT_MS)).toMatchObject({ delivered: 20, circuit: 'closed' })
    expect(asked).toEqual([20, 20, 20, 20, 20, 1, 19])
  })
})
