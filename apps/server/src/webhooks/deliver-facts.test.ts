import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { schedule } from '../platform/due/schedule.ts'
import { appendFact, FACT_KIND } from '../platform/facts/append-fact.ts'
import { rotateSecret } from './endpoint-secrets.ts'
import { changeEndpoint } from './manage-endpoints.ts'
import { replayDelivery } from './replay-delivery.ts'
import { sendTest } from './send-test.ts'
import { verified } from './test-receiver.ts'
import {
  aFact,
  anEndpoint,
  aReceiver,
  aTestEnvironment,
  attemptsOf,
  deliveriesOf,
  endpointNow,
  passTime,
  SEALER,
  startWork,
  until,
  untilNothingIsDue,
  untilSettled,
} from './test-webhooks.ts'

const SECOND_MS = 1_000
const HOUR_MS = 3_600 * SECOND_MS
const DAY_MS = 24 * HOUR_MS

describe('a fact', () => {
  test('reaches every endpoint that wants it, once, signed, and nobody else', async () => {
    const [env, otherEnv] = [await aTestEnvironment(), await aTestEnvironment()]
    const [all, invoices, subscriptions, stranger] = await Promise.all(
      Array.from({ length: 4 }, () => aReceiver()),
    )
    const { secret } = await anEndpoint(env, all?.url ?? '')
    await anEndpoint(env, invoices?.url ?? '', ['invoice.*'])
    await anEndpoint(env, subscriptions?.url ?? '', ['subscription.*'])
    await anEndpoint(otherEnv, stranger?.url ?? '')
    await startWork()
    const data = { invoiceId: 'inv_123', amount: 120, totalMinor: '12000' }
    const factId = await aFact(env, 'invoice.created', data)
    await until(() => invoices?.received.length === 1)
    await untilSettled(env)
    await sleep(300)

    const counts = [all, invoices, subscriptions, stranger].map((each) => each?.received.length)
    expect(counts).toEqual([1, 1, 0, 0])
    const [webhook] = all?.received ?? []
    if (!webhook) throw new Error('nothing came')
    const body = verified(webhook, secret)
    expect(body).toEqual({ type: 'invoice.created', timestamp: expect.any(String), data })
    expect(Object.keys(body)).toEqual(['type', 'timestamp', 'data'])
    expect(webhook.headers).toMatchObject({
      'webhook-id': factId,
      'content-type': 'application/json',
    })
  })

  test('that is handed on twice is delivered once', async () => {
    const env = await aTestEnvironment()
    const receiver = await aReceiver()
    await anEndpoint(env, receiver.url)
    await startWork()
    const factId = await aFact(env)
    await until(() => receiver.received.length === 1)
    await inOwnTransaction((tx) =>
      schedule(tx, env, { kind: FACT_KIND, ref: factId, at: new Date(0) }),
    )
    await untilNothingIsDue(env)
    expect(receiver.received).toHaveLength(1)
    expect(await deliveriesOf(env)).toHaveLength(1)
  })

  test('of a transaction that was rolled back is told nobody', async () => {
    const env = await aTestEnvironment()
    const receiver = await aReceiver()
    await anEndpoint(env, receiver.url)
    const failed = inOwnTransaction(async (tx) => {
      await appendFact(tx, env, { type: 'invoice.paid', at: new Date(), data: {} })
      throw new Error('after the fact')
    })
    await expect(failed).rejects.toThrow('after the fact')
    await startWork()
    await sleep(500)
    expect(receiver.received).toHaveLength(0)
  })

  test('that comes while the endpoint is busy waits for nobody and is not forgotten', async () => {
    const env = await aTestEnvironment()
    const receiver = await aReceiver((response) => setTimeout(() => response.end(), 400))
    await anEndpoint(env, receiver.url)
    await startWork()
    const first = await aFact(env)
    await until(() => receiver.received.length === 1)
    const second = await aFact(env)
    await until(() => receiver.received.length === 2, 10_000)
    await untilSettled(env)

    expect(receiver.received.map(({ headers }) => headers['webhook-id'])).toEqual([first, second])
    for (const { id } of await deliveriesOf(env)) expect(await attemptsOf(env, id)).toHaveLength(1)
  })
})

describe('a delivery that fails', () => {
  test('is repeated ten times over three days, never early, with one id and one body', async () => {
    const env = await aTestEnvironment()
    const receiver = await aReceiver((response) => response.writeHead(500).end('no'))
    const { endpoint, secret } = await anEndpoint(env, receiver.url)
    await startWork({ random: () => 0.5 })
    const factId = await aFact(env)
    await passTime(env, 4 * DAY_MS)

    const [delivery] = await deliveriesOf(env)
    expect(delivery).toMatchObject({ state: 'failed', attempts: 10, nextAttemptAt: null, factId })
    const attempts = await attemptsOf(env, delivery?.id ?? '')
    expect(attempts.every(({ status, response }) => status === 500 && response === 'no')).toBe(true)
    const delaysS = attempts.slice(1).map(({ at }, index) => {
      return Math.floor((at.getTime() - (attempts[index]?.at.getTime() ?? 0)) / SECOND_MS)
    })
    const scheduledS = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400]
    expect(delaysS).toEqual(scheduledS.map((seconds) => Math.floor(seconds * 1.05)))
    for (const webhook of receiver.received) verified(webhook, secret)
    expect(new Set(receiver.received.map(({ headers }) => headers['webhook-id']))).toEqual(
      new Set([factId]),
    )
    expect(new Set(receiver.received.map(({ body }) => body)).size).toBe(1)
    expect((await endpointNow(env, endpoint.id)).status).toBe('enabled')
  })

  test('leaves the endpoint healthy again after a success', async () => {
    const env = await aTestEnvironment()
    let isBroken = true
    const receiver = await aReceiver((response) => response.writeHead(isBroken ? 503 : 200).end())
    const { endpoint } = await anEndpoint(env, receiver.url)
    await startWork()
    await aFact(env)
    await until(async () => (await endpointNow(env, endpoint.id)).health !== null)
    isBroken = false
    await passTime(env, 10 * SECOND_MS)

    expect((await endpointNow(env, endpoint.id)).health).toBeNull()
    expect(await deliveriesOf(env)).toMatchObject([{ state: 'delivered', attempts: 2 }])
  })

  test('heeds Retry-After, and so does everything else for that endpoint', async () => {
    const env = await aTestEnvironment()
    let answers = 0
    const receiver = await aReceiver((response) => {
      answers += 1
      if (answers === 1) response.writeHead(429, { 'retry-after': '3600' }).end()
      else response.writeHead(200).end()
    })
    await anEndpoint(env, receiver.url)
    await startWork()
    await aFact(env)
    await until(() => receiver.received.length === 1)
    await aFact(env)
    await passTime(env, 3_590 * SECOND_MS)
    expect(receiver.received).toHaveLength(1)
    await passTime(env, 20 * SECOND_MS)
    expect(receiver.received).toHaveLength(3)
    expect(await deliveriesOf(env, { state: 'delivered' })).toHaveLength(2)
  })

  test('does not make somebody wait who asks for a test now', async () => {
    const env = await aTestEnvironment()
    const receiver = await aReceiver((response) =>
      response.writeHead(503, { 'retry-after': '86400' }).end(),
    )
    const { endpoint } = await anEndpoint(env, receiver.url)
    await startWork()
    await aFact(env)
    await until(async () => (await endpointNow(env, endpoint.id)).pausedUntil !== null)
    await inOwnTransaction((tx) => sendTest(tx, env, endpoint.id, new Date()))
    await until(() => receiver.received.length === 2)
  })
})

describe('an endpoint', () => {
  test('that answers 410 is disabled at once, and its owners are told, but not by itself', async () => {
    const env = await aTestEnvironment()
    const gone = await aReceiver((response) => response.writeHead(410).end())
    const other = await aReceiver()
    const { endpoint } = await anEndpoint(env, gone.url)
    await anEndpoint(env, other.url, ['webhook_endpoint.*'])
    await startWork()
    await aFact(env)
    await until(() => other.received.length === 1)
    await aFact(env)
    await sleep(600)

    expect(await endpointNow(env, endpoint.id)).toMatchObject({
      status: 'disabled',
      disabledReason: 'gone',
    })
    expect(gone.received).toHaveLength(1)
    expect(JSON.parse(other.received[0]?.body ?? '')).toMatchObject({
      type: 'webhook_endpoint.disabled',
      data: { webhookEndpointId: endpoint.id, reason: 'gone' },
    })
    expect(await deliveriesOf(env, { endpointId: endpoint.id })).toMatchObject([
      { state: 'failed', attempts: 1 },
    ])
  })

  test('that fails for five days is disabled, and all that was pending has an end', async () => {
    const env = await aTestEnvironment()
    const broken = await aReceiver((response) => response.writeHead(500).end())
    const other = await aReceiver()
    const { endpoint } = await anEndpoint(env, broken.url, ['invoice.*'])
    await anEndpoint(env, other.url, ['webhook_endpoint.*'])
    await startWork()
    for (let day = 0; day < 5; day++) {
      await aFact(env)
      await passTime(env, DAY_MS)
      expect((await endpointNow(env, endpoint.id)).status).toBe('enabled')
    }
    await passTime(env, DAY_MS)

    expect(await endpointNow(env, endpoint.id)).toMatchObject({ disabledReason: 'failing' })
    expect(await deliveriesOf(env, { state: 'pending' })).toEqual([])
    expect(other.received).toHaveLength(1)
    const { data, timestamp } = JSON.parse(other.received[0]?.body ?? '')
    expect(data).toMatchObject({ webhookEndpointId: endpoint.id, reason: 'failing' })
    expect(Date.parse(timestamp) - Date.parse(data.failingSince)).toBeGreaterThanOrEqual(5 * DAY_MS)
  })

  test('that its owner disables is sent nothing more, and after enabling only what is new', async () => {
    const env = await aTestEnvironment()
    const receiver = await aReceiver((response) => response.writeHead(500).end())
    const { endpoint } = await anEndpoint(env, receiver.url)
    const change = (status: 'enabled' | 'disabled') =>
      inOwnTransaction((tx) => changeEndpoint(tx, env, { id: endpoint.id, status }, new Date()))
    await startWork()
    await aFact(env)
    await until(() => receiver.received.length === 1)
    await change('disabled')
    await aFact(env)
    await passTime(env, DAY_MS)
    expect(receiver.received).toHaveLength(1)

    await change('enabled')
    const fresh = await aFact(env)
    await until(() => receiver.received.length === 2)
    expect(receiver.received[1]?.headers['webhook-id']).toBe(fresh)
  })

  test('is signed to with both secrets for a day after a rotation, then with the new one', async () => {
    const env = await aTestEnvironment()
    const receiver = await aReceiver()
    const { endpoint, secret: old } = await anEndpoint(env, receiver.url)
    const rotation = { sealer: SEALER, now: new Date(), oldValidHours: 24 }
    const fresh = await inOwnTransaction((tx) => rotateSecret(tx, env, endpoint.id, rotation))
    await startWork()
    await aFact(env)
    await until(() => receiver.received.length === 1)
    await passTime(env, DAY_MS)
    await aFact(env)
    await until(() => receiver.received.length === 2)

    const [during, after] = receiver.received
    if (!during || !after) throw new Error('nothing came')
    for (const secret of [old, fresh]) verified(during, secret)
    verified(after, fresh)
    expect(() => verified(after, old)).toThrow()
  })
})

describe('a replay', () => {
  test('begins a new series under the same id, also of what was delivered', async () => {
    const env = await aTestEnvironment()
    let status = 500
    const receiver = await aReceiver((response) => response.writeHead(status).end())
    await anEndpoint(env, receiver.url)
    await startWork()
    const factId = await aFact(env)
    await passTime(env, 4 * DAY_MS)
    const [{ id } = { id: '' }] = await deliveriesOf(env, { state: 'failed' })

    status = 200
    const replay = async () => {
      const before = receiver.received.length
      const [{ createdAt = new Date() } = {}] = await deliveriesOf(env)
      const now = new Date(createdAt.getTime() + 4 * DAY_MS)
      const replayed = await inOwnTransaction((tx) => replayDelivery(tx, env, id, now))
      expect(replayed).toMatchObject({ state: 'pending', attempts: 0, endedAt: null })
      await until(() => receiver.received.length === before + 1)
      await untilSettled(env)
      expect(await deliveriesOf(env)).toMatchObject([{ id, state: 'delivered', attempts: 1 }])
    }
    await replay()
    await replay()

    expect(await attemptsOf(env, id)).toHaveLength(12)
    const ids = receiver.received.map(({ headers }) => headers['webhook-id'])
    expect(new Set(ids)).toEqual(new Set([factId]))
  })
})

describe('a test', () => {
  test('goes to its endpoint alone, whatever that wants, and leaves its delivery in the log', async () => {
    const env = await aTestEnvironment()
    const [tested, other] = [await aReceiver(), await aReceiver()]
    const { endpoint, secret } = await anEndpoint(env, tested.url, ['invoice.paid'])
    await anEndpoint(env, other.url)
    await startWork()
    const id = await inOwnTransaction((tx) => sendTest(tx, env, endpoint.id, new Date()))
    await untilSettled(env)
    await sleep(300)

    expect(other.received).toHaveLength(0)
    const [webhook] = tested.received
    if (!webhook) throw new Error('nothing came')
    expect(verified(webhook, secret)).toMatchObject({ type: 'webhook.test' })
    expect(await deliveriesOf(env)).toMatchObject([{ id, state: 'delivered' }])
  })

  test('to an endpoint that resolves to a private host is refused like any delivery', async () => {
    const env = await aTestEnvironment()
    const canary = await aReceiver()
    const url = `https://rebound.test:${canary.port}/`
    const { endpoint } = await anEndpoint(env, url)
    await startWork({ allowedNetworks: [], resolve: async () => ['127.0.0.1'] })
    const id = await inOwnTransaction((tx) => sendTest(tx, env, endpoint.id, new Date()))
    await until(async () => (await attemptsOf(env, id)).length === 1)
    expect(await attemptsOf(env, id)).toMatchObject([
      { status: null, error: 'unreachable', response: null },
    ])
    expect(canary.received).toHaveLength(0)
  })
})
