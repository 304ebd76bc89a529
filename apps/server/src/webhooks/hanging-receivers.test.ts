import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import {
  aFact,
  anEndpoint,
  aReceiver,
  aTestEnvironment,
  endpointNow,
  startWork,
  until,
  untilSettled,
} from './test-webhooks.ts'

function ids(receiver: { received: { headers: Record<string, unknown> }[] }): string[] {
  return receiver.received.map(({ headers }) => String(headers['webhook-id']))
}

describe('receivers that hang', () => {
  test('are served in a lane of their own until they answer quickly again', async () => {
    const env = await aTestEnvironment()
    let delayMs = 2_100
    const receiver = await aReceiver((response) => setTimeout(() => response.end(), delayMs))
    const { endpoint } = await anEndpoint(env, receiver.url)
    await startWork()
    expect(endpoint.pace).toBe('quick')
    await aFact(env)
    await until(async () => (await endpointNow(env, endpoint.id)).pace === 'slow')
    delayMs = 0
    await aFact(env)
    await until(async () => (await endpointNow(env, endpoint.id)).pace === 'quick')
    await aFact(env)
    await until(() => receiver.received.length === 3)
    await untilSettled(env)
    expect(new Set(ids(receiver)).size).toBe(3)
  })

  test('nine of ten of them do not hold up the tenth: their facts come in seconds', async () => {
    const hanging = await aReceiver(() => {})
    const healthy = await aReceiver()
    const envs = await Promise.all(Array.from({ length: 5 }, aTestEnvironment))
    const slow = await Promise.all(
      envs.flatMap((env) => Array.from({ length: 9 }, () => anEndpoint(env, hanging.url))),
    )
    for (const env of envs) await anEndpoint(env, healthy.url)
    await startWork({ timeoutMs: 3_000, places: 15 })
    await Promise.all(envs.map((env) => aFact(env)))
    await until(() => hanging.received.length >= slow.length, 20_000) // each is found out once
    await until(() => healthy.received.length >= envs.length)

    const sentAtMs = new Map<string, number>()
    for (let round = 0; round < 20; round++) {
      const facts = await Promise.all(envs.map((env) => aFact(env)))
      for (const fact of facts) sentAtMs.set(fact, performance.now())
      await sleep(400)
    }
    await until(() => healthy.received.length >= sentAtMs.size + envs.length)
    const latenciesMs = healthy.received
      .flatMap(({ atMs, headers }) => {
        const sent = sentAtMs.get(String(headers['webhook-id']))
        return sent === undefined ? [] : [atMs - sent]
      })
      .sort((a, b) => a - b)
    expect(latenciesMs).toHaveLength(sentAtMs.size)
    expect(latenciesMs[Math.floor(latenciesMs.length * 0.95)]).toBeLessThan(8_000) // half a second on a machine that does nothing else; in one queue, tens of seconds
  })
})
