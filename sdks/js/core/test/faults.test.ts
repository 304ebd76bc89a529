import { describe, expect, test } from 'vitest'
import { UNANSWERED } from './faulty-server.ts'
import { aWorld, expectExact, onceEach, trackMany, WAIT_MS } from './world.ts'

const TIMEOUT_MS = 400
const TRACK_MS_MAX = 4_000 // thirty calls; whoever waited for answers would take three times that

describe.each(UNANSWERED)('%s', (fault) => {
  test('neither holds nor hurts the host, and every event is there once when it is over', async () => {
    const { server, errors, client: open, stored } = await aWorld()
    const client = open({ timeoutMs: TIMEOUT_MS })
    server.setFault(fault)

    const startMs = performance.now()
    trackMany(client, 30)
    expect(performance.now() - startMs).toBeLessThan(TRACK_MS_MAX)
    expectExact(client)

    await expect.poll(() => errors.length).toBeGreaterThan(0)
    expect(client.stats()).toMatchObject({ produced: 30, delivered: 0, queued: 30, dropped: 0 })
    expect(errors[0]).toMatchObject({ kind: 'unavailable', count: 30 })
    expectExact(client)

    server.setFault('none')
    expect(await client.flush(WAIT_MS)).toMatchObject({ produced: 30, delivered: 30, queued: 0 })
    expect(await stored()).toEqual(onceEach(30))
  })
})

test.each([
  ['no server', 'http://127.0.0.1:1'],
  ['no such host', 'http://nowhere.invalid'],
  ['a server that does not speak TLS', null],
])(
  '%s neither holds nor hurts the host, and what cannot be sent is counted',
  async (_what, url) => {
    const { server, errors, client: open } = await aWorld()
    const client = open({ baseUrl: url ?? server.url.replace('http:', 'https:') })
    trackMany(client, 30)
    await expect.poll(() => errors.length).toBeGreaterThan(0)
    expect(client.stats()).toMatchObject({ produced: 30, queued: 30 })
    expect(await client.close(50)).toMatchObject({ produced: 30, queued: 0, dropped: 30 })
    expect(errors.at(-1)).toMatchObject({ kind: 'dropped', count: 30 })
  },
)

test('a server that asks to be left alone for a second is left alone for a second', async () => {
  const { server, errors, client: open } = await aWorld()
  const client = open()
  server.setFault('please later, in a second')
  trackMany(client, 3)
  await expect.poll(() => errors.length).toBe(1)
  server.setFault('none')
  expect(await client.flush(WAIT_MS)).toMatchObject({ delivered: 3 })
  const [first, second] = server.requests
  expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(1_000)
})

test('a server that asks to be left alone for an hour is not asked again, not even at the end', async () => {
  const { server, errors, client: open } = await aWorld()
  const client = open()
  server.setFault('please later, in an hour')
  trackMany(client, 3)
  await expect.poll(() => errors.length).toBe(1)
  expect(await client.flush(300)).toMatchObject({ queued: 3, delivered: 0 })
  expect(server.requests).toHaveLength(1)
})

test('who flushes and does not wait has it sent now', async () => {
  const { client: open } = await aWorld()
  const client = open({ flushMs: 3_600_000 })
  trackMany(client, 3)
  await client.flush(0)
  await expect.poll(() => client.stats().delivered).toBe(3)
})

test('what stands before the server and takes small requests only gets small requests', async () => {
  const { server, client: open, stored } = await aWorld()
  const client = open()
  server.setFault('a request that is too large for what stands before')
  trackMany(client, 30)
  expect(await client.flush(WAIT_MS)).toMatchObject({ delivered: 30, refused: 0 })
  expect(await stored()).toEqual(onceEach(30))
})

test('of events that are sent again after a lost answer the server says that it has them', async () => {
  const { server, errors, client: open } = await aWorld()
  const client = open()
  server.setFault('an answer that is lost after the commit')
  trackMany(client, 5)
  await expect.poll(() => errors.length).toBe(1)
  server.setFault('none')
  expect(await client.flush(WAIT_MS)).toMatchObject({ delivered: 5, duplicates: 5 })
})
