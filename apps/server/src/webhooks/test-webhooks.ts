import { setTimeout as sleep } from 'node:timers/promises'
import { onTestFinished } from 'vitest'
import { systemClock } from '../platform/clock.ts'
import { anEnvironment, inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { type LaneRunner, runLanes } from '../platform/due/worker.ts'
import {
  advanceMovingClocks,
  moveClock,
  readClock,
} from '../platform/environment-clock/environment-clock.ts'
import { appendFact } from '../platform/facts/append-fact.ts'
import { silentLog } from '../platform/log.ts'
import { createSealer } from '../platform/secrets/seal.ts'
import type { Attempt, Delivery } from './delivery.ts'
import type { Endpoint } from './endpoint.ts'
import { createEndpoint } from './manage-endpoints.ts'
import { type Receiver, startReceiver } from './test-receiver.ts'
import { selectAttempts, selectDeliveries } from './webhook-deliveries.store.ts'
import { selectEndpoint } from './webhook-endpoints.store.ts'
import { type WebhookJobsDeps, webhookLanes } from './webhooks.jobs.ts'

export const SEALER = createSealer(Buffer.alloc(32, 7))

/** An environment of its own with a clock that can be moved. */
export function aTestEnvironment(): Promise<number> {
  return inOwnTransaction((tx) => anEnvironment(tx, 'test'))
}

/** An endpoint of the environment; its URL is not judged, as if its network were allowed. */
export function anEndpoint(
  envId: number,
  url: string,
  eventTypes: readonly string[] = [],
): Promise<{ endpoint: Endpoint; secret: string }> {
  const wanted = { url, eventTypes, description: '' }
  return inOwnTransaction(async (tx) => {
    const { now } = await readClock(tx, envId, systemClock())
    return createEndpoint(tx, envId, wanted, { sealer: SEALER, now })
  })
}

/** A receiver that ends with the test. */
export async function aReceiver(answer?: Parameters<typeof startReceiver>[0]): Promise<Receiver> {
  const receiver = await startReceiver(answer)
  onTestFinished(() => receiver.close())
  return receiver
}

/** Something happens now, by the environment's clock. Returns the id of the fact. */
export async function aFact(
  envId: number,
  type = 'invoice.created',
  data: Record<string, unknown> = {},
): Promise<string> {
  const [id = ''] = await someFacts(envId, [{ type, data }])
  return id
}

/** Several things happen in one transaction. */
export function someFacts(
  envId: number,
  facts: readonly { type: string; data: Record<string, unknown> }[],
): Promise<string[]> {
  return inOwnTransaction(async (tx) => {
    const { now } = await readClock(tx, envId, systemClock())
    const ids: string[] = []
    for (const fact of facts) ids.push(await appendFact(tx, envId, { ...fact, at: now }))
    return ids
  })
}

/** Of all lanes at work: told to look at once when something has changed. */
const atWork = new Set<LaneRunner>()

export type WorkOptions = Partial<WebhookJobsDeps> & {
  readonly leaseMs?: number
  /** How many endpoints a lane serves at once. */
  readonly places?: number
  /** For a worker that will be dead by the end of the test, and so can finish nothing. */
  readonly isMortal?: boolean
}

/** Does the work of webhooks until the test has ended; earlier by what it returns. */
export async function startWork(options: WorkOptions = {}): Promise<() => Promise<void>> {
  const { database: db } = await testDatabase()
  const { leaseMs, places, isMortal, ...overrides } = options
  const deps = {
    db,
    clock: systemClock,
    log: silentLog(),
    sealer: SEALER,
    allowedNetworks: ['127.0.0.0/8'],
    random: () => 0,
    ...overrides,
  }
  const lanes = webhookLanes(deps).map((lane) => ({
    ...lane,
    ...(leaseMs && { leaseMs }),
    ...(places && { concurrency: places }),
  }))
  const runner = runLanes(lanes, deps)
  atWork.add(runner)
  const stop = async () => {
    atWork.delete(runner)
    await runner.stop()
  }
  if (!isMortal) onTestFinished(stop)
  return stop
}

/** Moves the clock of the environment `ms` forward, doing all that falls due on the way. */
export async function passTime(envId: number, ms: number): Promise<void> {
  await inOwnTransaction(async (tx) => {
    const { now } = await readClock(tx, envId, systemClock())
    await moveClock(tx, envId, new Date(now.getTime() + ms), systemClock())
  })
  while (await isMoving(envId)) {
    await inOwnTransaction((tx) => advanceMovingClocks(tx, systemClock()))
    for (const runner of atWork) runner.wake()
    await sleep(5)
  }
}

async function isMoving(envId: number): Promise<boolean> {
  const clock = await inOwnTransaction((tx) => readClock(tx, envId, systemClock()))
  return clock.target !== null
}

/** Waits until `isSo`, for at most `msMax`. */
export async function until(isSo: () => boolean | Promise<boolean>, msMax = 60_000): Promise<void> {
  const giveUpAt = performance.now() + msMax
  while (!(await isSo())) {
    for (const runner of atWork) runner.wake()
    if (performance.now() > giveUpAt) throw new Error(`not so after ${msMax} ms: ${isSo}`)
    await sleep(10)
  }
}

export function deliveriesOf(envId: number, filter: Partial<Delivery> = {}): Promise<Delivery[]> {
  const page = { limit: 10_000, before: null, ...filter }
  return inOwnTransaction((tx) => selectDeliveries(tx, envId, page))
}

export function attemptsOf(envId: number, deliveryId: string): Promise<Attempt[]> {
  return inOwnTransaction((tx) => selectAttempts(tx, envId, deliveryId))
}

export async function endpointNow(envId: number, id: string): Promise<Endpoint> {
  const endpoint = await inOwnTransaction((tx) => selectEndpoint(tx, envId, id))
  if (!endpoint) throw new Error('the endpoint is gone')
  return endpoint
}

/** Waits until nothing is pending in the environment. */
export function untilSettled(envId: number, msMax?: number): Promise<void> {
  return until(async () => (await deliveriesOf(envId, { state: 'pending' })).length === 0, msMax)
}

/** Waits until no work is left in the environment: also what failed would be due again. */
export async function untilNothingIsDue(envId: number): Promise<void> {
  const { database } = await testDatabase()
  await until(async () => {
    const due = await database.kysely
      .selectFrom('due')
      .where('env_id', '=', envId)
      .select('ref')
      .execute()
    return due.length === 0
  })
}
