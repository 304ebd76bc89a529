import { get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { KEY, OTHER_KEY, READER_KEY } from '../platform/http/test-app.ts'
import { etagOf, isHeld } from './config.ts'
import { seeApplication } from './see-application.ts'
import { aPolicy, aStrategy, type ControlApp, controlApp, STRANGER } from './test-control.ts'

const PATH = '/api/v1/control/config'
const GENEROUS_MS = 10_000 // two seconds are promised; machines that test are slow

let app: ControlApp

beforeEach(async () => {
  app = await controlApp()
})

const ask = (query = '', headers = {}) =>
  app.send('GET', `${PATH}?application=shop${query}`, { headers: { ...KEY, ...headers } })

/** Asks with what was answered last, and waits. */
async function wait(seconds: number, headers: Readonly<Record<string, string>> = {}) {
  const { etag } = (await ask('', headers)).headers
  const held = { ...headers, 'if-none-match': String(etag) }
  return { etag, answer: ask(`&wait=${seconds}`, held) }
}

/** Of what would come by itself, only later. */
async function quickly<T>(answer: Promise<T>): Promise<T> {
  const startMs = performance.now()
  const result = await answer
  expect(performance.now() - startMs).toBeLessThan(GENEROUS_MS)
  return result
}

async function waiting(count: number): Promise<void> {
  while (app.changes.size !== count) await sleep(10)
}

describe('the document', () => {
  test('has the policies of the application and of all, and the strategies they name', async () => {
    app.at('2026-03-01T00:00:00Z')
    const user = await app.good('POST', '/strategies', aStrategy())
    await app.good('POST', '/strategies', aStrategy({ key: 'unused' }))
    const limits = [{ name: 'hourly', limit: 9, window: '1h' }]
    const all = await app.good('POST', '/policies', aPolicy({ limits }))
    const mine = { key: 'mine', application: 'shop', mode: 'shadow', strategy: 'by-user' }
    const own = await app.good('POST', '/policies', aPolicy(mine))
    await app.good('POST', '/policies', aPolicy({ key: 'theirs', application: 'other' }))
    await app.good('POST', '/policies', aPolicy({ key: 'off', mode: 'off' }))
    await app.good('POST', '/policies', aPolicy({ key: 'old' }))
    await app.good('POST', '/policies/old/archive')
    await app.good('POST', '/strategies/by-user/archive')
    const { status, json, headers } = await ask()
    const rest = { method: '*', url: '*', priority: 0, withoutAnswer: 'allow', deadlineMs: 50 }
    const read = { algorithm: 'fixed_window', per: 'identity' }
    expect(status).toBe(200)
    expect(json).toEqual({
      version: 9,
      now: '2026-03-01T00:00:00.000Z',
      application: { id: expect.stringMatching(/^app_/), name: 'shop' },
      strategies: [{ id: user.id, sources: user.sources }],
      policies: [
        {
          ...{ id: all.id, key: 'all', ...rest, strategyId: null, mode: 'enforce' },
          limits: [{ ...limits[0], ...read }],
          metering: [],
        },
        {
          ...{ id: own.id, key: 'mine', ...rest, strategyId: user.id, mode: 'shadow' },
          ...{ limits: [], metering: [] },
        },
      ],
      blocks: [],
    })
    expect(headers.etag).toBe(`"9-${json.application.id}"`)
  })

  test('has the blocks that hold now, and says when they end, in real time', async () => {
    app.at('2026-03-01T00:00:00Z')
    const until = '2026-03-01T01:00:00.000Z'
    await app.good('POST', '/blocks', { kind: 'customer', id: 'ann', reason: 'secret', until })
    await app.good('POST', '/blocks', { kind: 'network', id: '192.0.2.1' })
    const forever = { kind: 'network', id: '192.0.2.1', until: null }
    const { json } = await ask()
    expect(json.blocks).toEqual([{ kind: 'customer', id: 'ann', until }, forever])
    app.at(until)
    expect((await ask()).json).toMatchObject({ blocks: [forever], now: until })
  })

  test('has nothing of another environment', async () => {
    await app.good('POST', '/policies', aPolicy())
    await app.good('POST', '/blocks', { kind: 'customer', id: 'ann' })
    const { json } = await ask('', STRANGER)
    expect(json).toMatchObject({ version: 0, strategies: [], policies: [], blocks: [] })
    expect(json.application.id).not.toBe((await ask()).json.application.id)
  })

  test('is another one for each application', async () => {
    const { etag } = (await ask()).headers
    const other = await app.send('GET', `${PATH}?application=other`, {
      headers: { ...KEY, 'if-none-match': String(etag) },
    })
    expect(other.status).toBe(200)
  })
})

describe('304', () => {
  test('at once where what is held holds and nobody waits, with the same tag', async () => {
    const { etag } = (await ask()).headers
    const held = await ask('', { 'if-none-match': String(etag) })
    expect(held).toMatchObject({ status: 304, text: '', headers: { etag } })
    expect(held.headers['cache-control']).toBe('no-store')
    await app.good('POST', '/strategies', aStrategy())
    expect((await ask('', { 'if-none-match': String(etag) })).status).toBe(200)
  })

  test('after the wait, and not before', async () => {
    const { etag, answer } = await wait(1)
    await waiting(1)
    const startMs = performance.now()
    expect(await answer).toMatchObject({ status: 304, headers: { etag } })
    expect(performance.now() - startMs).toBeGreaterThan(700)
    expect(app.changes.size).toBe(0)
  })

  test.for([
    ['"5-app_1"', true],
    ['W/"5-app_1"', true],
    ['"4-app_1" , "5-app_1"', true],
    ['*', true],
    ['5-app_1', false],
    ['"5-app_2"', false],
    [undefined, false],
  ] as const)('is what %s asks for: %s', ([header, held]) => {
    expect(isHeld(header, etagOf(5, { id: 'app_1' }))).toBe(held)
  })
})

describe('a change', () => {
  test('is seen by all who wait, at once, and by nobody of another environment', async () => {
    const waits = [await wait(25), await wait(25), await wait(25, OTHER_KEY)]
    const stranger = await wait(2, STRANGER)
    await waiting(4)
    await app.good('POST', '/policies', aPolicy())
    const answers = await quickly(Promise.all(waits.map(({ answer }) => answer)))
    for (const { status, json } of answers)
      expect({ status, ...json }).toMatchObject({
        status: 200,
        version: 1,
        policies: [{ key: 'all' }],
      })
    expect((await stranger.answer).status).toBe(304)
  })

  test('by every writing route is one', async () => {
    const strategy = () => app.good('POST', '/strategies', aStrategy())
    const policy = () => app.good('POST', '/policies', aPolicy())
    let blockId = ''
    const writes: (() => Promise<unknown>)[] = [
      ...[strategy, policy],
      () => app.good('PATCH', '/strategies/by-user', { name: 'x' }),
      () => app.good('PATCH', '/policies/all', { name: 'x' }),
      () => app.good('POST', '/strategies/by-user/archive'),
      () => app.good('POST', '/policies/all/archive'),
      async () => {
        blockId = (await app.good('POST', '/blocks', { kind: 'customer', id: 'a' })).blockId
      },
      () => app.good('DELETE', `/blocks/${blockId}`),
    ]
    for (const write of writes) {
      const { etag } = (await ask()).headers
      await write()
      expect((await ask('', { 'if-none-match': String(etag) })).status).toBe(200)
    }
    expect(await app.version()).toBe(writes.length)
  })
})

describe('whoever waits', () => {
  test('is told nothing new when the key was revoked meanwhile', async () => {
    const { answer } = await wait(25, OTHER_KEY)
    await waiting(1)
    app.revoke(OTHER_KEY)
    await app.good('POST', '/policies', aPolicy())
    const { status, text } = await quickly(answer)
    expect(status).toBe(401)
    expect(text).not.toContain('policies')
  })

  test('holds no connection of the database, however many they are', async () => {
    const { etag } = (await ask()).headers
    const held = { 'if-none-match': String(etag) }
    const answers = Array.from({ length: 100 }, () => ask('&wait=25', held))
    await waiting(100)
    await quickly(Promise.all(Array.from({ length: 20 }, () => app.good('GET', '/policies'))))
    expect(app.changes.size).toBe(100)
    await app.good('POST', '/policies', aPolicy())
    const all = await Promise.all(answers)
    expect(all.filter(({ status }) => status === 200)).toHaveLength(100)
  })

  test('is forgotten when the client has gone', async () => {
    const { etag } = (await ask()).headers
    const outgoing = get({
      ...{ port: app.port, path: `${PATH}?application=shop&wait=25` },
      headers: { ...KEY, 'if-none-match': String(etag) },
    })
    outgoing.on('error', () => {})
    onTestFinished(() => {
      outgoing.destroy()
    })
    await waiting(1)
    outgoing.destroy()
    await quickly(waiting(0))
  })

  test('is answered at once when as many wait as may', async () => {
    app = await controlApp({ waitingMax: 2 })
    const waits = [await wait(25), await wait(25)]
    await waiting(2)
    expect((await quickly((await wait(25)).answer)).status).toBe(304)
    await app.changes.stop()
    await Promise.all(waits.map(({ answer }) => answer))
  })

  test('is let go at once when the program stops, and nobody waits from then on', async () => {
    const waits = [await wait(25), await wait(25)]
    await waiting(2)
    await app.changes.stop()
    for (const { answer } of waits) expect((await quickly(answer)).status).toBe(304)
    expect((await quickly((await wait(25)).answer)).status).toBe(304)
  })
})

describe('an application', () => {
  test('is made when its name is seen first, once, and when it was seen is kept to the minute', async () => {
    app.at('2026-03-01T00:00:00Z')
    await Promise.all(Array.from({ length: 10 }, () => ask()))
    const [first, ...others] = (await app.good('GET', '/applications')).data
    const at = '2026-03-01T00:00:00.000Z'
    expect(others).toEqual([])
    expect(first).toMatchObject({ name: 'shop', firstSeenAt: at, lastSeenAt: at })
    app.at('2026-03-01T00:00:59Z')
    await ask()
    expect((await app.good('GET', '/applications')).data).toEqual([first])
    app.at('2026-03-01T00:01:00Z')
    await ask()
    const later = { ...first, lastSeenAt: '2026-03-01T00:01:00.000Z' }
    expect((await app.good('GET', '/applications')).data).toEqual([later])
    expect(await app.version()).toBe(0)
  })

  test('is listed by name, page by page, in its environment alone', async () => {
    for (const name of ['c', 'a', 'b'])
      await inOwnTransaction((tx) => seeApplication(tx, app.envId, name, new Date()))
    const names = async (query: string) =>
      (await app.good('GET', `/applications${query}`)).data.map((one: { name: string }) => one.name)
    expect(await names('')).toEqual(['a', 'b', 'c'])
    const { nextCursor } = await app.good('GET', '/applications?limit=2')
    expect(await names(`?cursor=${nextCursor}`)).toEqual(['c'])
    const path = '/api/v1/control/applications'
    expect((await app.send('GET', path, { headers: STRANGER })).json.data).toEqual([])
  })
})

test.for([
  '',
  '?application=',
  '?application=shop&wait=26',
  '?application=shop&wait=x',
  '?application=shop&x=1',
])('400 for "%s"', async (query) => {
  const { status, json } = await app.send('GET', `${PATH}${query}`, { headers: KEY })
  expect([status, json.error.code]).toEqual([400, 'request.malformed'])
})

test('403 for a key that may not report', async () => {
  expect((await ask('', READER_KEY)).status).toBe(403)
})
