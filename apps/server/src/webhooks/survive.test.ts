import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { schedule } from '../platform/due/schedule.ts'
import { DUE_KIND } from './endpoint.ts'
import { changeEndpoint, deleteEndpoint } from './manage-endpoints.ts'
import {
  aFact,
  anEndpoint,
  aReceiver,
  aTestEnvironment,
  attemptsOf,
  deliveriesOf,
  endpointNow,
  someFacts,
  startWork,
  until,
  untilNothingIsDue,
  untilSettled,
} from './test-webhooks.ts'

function ids(receiver: { received: { headers: Record<string, unknown> }[] }): string[] {
  return receiver.received.map(({ headers }) => String(headers['webhook-id']))
}

function manyFacts(env: number, count: number): Promise<string[]> {
  return someFacts(env, Array(count).fill({ type: 'invoice.created', data: {} }))
}

describe('many facts for one endpoint', () => {
  test('are sent at most four at once, each once, and leave no work behind', async () => {
    const env = await aTestEnvironment()
    const receiver = await aReceiver((response) => setTimeout(() => response.end(), 5))
    await anEndpoint(env, receiver.url)
    const facts = await manyFacts(env, 120)
    await startWork()
    await until(() => receiver.received.length >= 120)
    await untilSettled(env)

    expect(ids(receiver).sort()).toEqual(facts.sort())
    expect(receiver.openMax()).toBeLessThanOrEqual(4)
    await untilNothingIsDue(env)
  })

  test('go out once also when two processes work', async () => {
    const env = await aTestEnvironment()
    const receivers = await Promise.all(Array.from({ length: 4 }, () => aReceiver()))
    for (const { url } of receivers) await anEndpoint(env, url)
    await Promise.all([startWork(), startWork()])
    const facts = await manyFacts(env, 30)
    await until(() => receivers.every(({ received }) => received.length >= 30))
    await untilSettled(env)
    for (const receiver of receivers) expect(ids(receiver).sort()).toEqual(facts.sort())
  })
})

describe('a worker that dies', () => {
  test('after sending and before writing it down: sent again by the next, never lost', async () => {
    const env = await aTestEnvironment()
    const receiver = await aReceiver((response) => setTimeout(() => response.end(), 30))
    await anEndpoint(env, receiver.url)
    const facts = await manyFacts(env, 20)

    const { database } = await testDatabase()
    let isDead = false
    const dying = {
      ...database,
      inTransaction: (work: Parameters<typeof database.inTransaction>[0]) =>
        isDead ? new Promise<never>(() => {}) : database.inTransaction(work),
    } as typeof database
    void startWork({ db: dying, leaseMs: 4_000, isMortal: true })
    await until(() => receiver.received.length >= 8)
    isDead = true
    await sleep(200)
    const sentBefore = receiver.received.length

    await startWork()
    await untilSettled(env)
    expect(new Set(ids(receiver))).toEqual(new Set(facts))
    expect(receiver.received.length).toBeLessThanOrEqual(20 + 4) // what was on its way
    expect(sentBefore).toBeLessThan(20)
  })

  test('only in appearance: what it writes after the takeover is refused', async () => {
    const env = await aTestEnvironment()
    const waiting: (() => void)[] = []
    const receiver = await aReceiver((response) => waiting.push(() => response.end('late')))
    const { endpoint } = await anEndpoint(env, receiver.url)
    await startWork()
    const factId = await aFact(env)
    await until(() => waiting.length === 1)
    // Takes the work away, as another worker would after the lease.
    const work = { kind: DUE_KIND.quick, ref: endpoint.id, at: new Date(0) }
    await inOwnTransaction((tx) => schedule(tx, env, work))
    await until(() => waiting.length === 2)
    waiting[0]?.()
    await sleep(300)
    const [{ id } = { id: '' }] = await deliveriesOf(env)
    expect(await attemptsOf(env, id)).toEqual([])

    waiting[1]?.()
    await untilSettled(env)
    expect(await attemptsOf(env, id)).toHaveLength(1)
    expect(ids(receiver)).toEqual([factId, factId])
  })
})

describe('an endpoint that goes away while a webhook is on its way', () => {
  test.each([
    ['a success is written down as one', 200, 'delivered'],
    ['a failure is not repeated', 500, 'failed'],
  ])('%s', async (_, status, state) => {
    const env = await aTestEnvironment()
    let answer = () => {}
    const receiver = await aReceiver((response) => {
      answer = () => response.writeHead(status).end()
    })
    const { endpoint } = await anEndpoint(env, receiver.url)
    await startWork()
    await aFact(env)
    await until(() => receiver.received.length === 1)
    await inOwnTransaction((tx) => deleteEndpoint(tx, env, endpoint.id, new Date()))
    await aFact(env)
    answer()
    await until(async () => (await deliveriesOf(env)).some((delivery) => delivery.state === state))
    await sleep(400)
    expect(receiver.received).toHaveLength(1)
    expect(await deliveriesOf(env)).toMatchObject([{ state, attempts: 1 }])
  })

  test('is disabled by its owner and for their reason, and what waited in line is not sent', async () => {
    const env = await aTestEnvironment()
    const waiting: (() => void)[] = []
    const receiver = await aReceiver((response) =>
      waiting.push(() => response.writeHead(410).end()),
    )
    const { endpoint } = await anEndpoint(env, receiver.url)
    await manyFacts(env, 12)
    await startWork()
    await until(() => waiting.length === 4)
    const change = { id: endpoint.id, status: 'disabled' } as const
    await inOwnTransaction((tx) => changeEndpoint(tx, env, change, new Date()))
    const writtenDown = async () =>
      (await deliveriesOf(env, { state: 'failed' })).filter(({ attempts }) => attempts === 1).length
    for (const [index, answer] of waiting.entries()) {
      answer()
      await until(async () => (await writtenDown()) === index + 1) // each, also after the turn is over
    }
    await untilNothingIsDue(env)

    expect(receiver.received).toHaveLength(4)
    expect((await endpointNow(env, endpoint.id)).disabledReason).toBe('manual')
    expect(await deliveriesOf(env, { state: 'failed' })).toHaveLength(12)
  })
})
