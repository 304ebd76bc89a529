import { beforeEach, describe, expect, test } from 'vitest'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { KEY } from '../platform/http/test-app.ts'
import { whomToBlock } from './block.ts'
import { setBlock } from './set-block.ts'
import { type ControlApp, controlApp, STRANGER } from './test-control.ts'

const ANN = { kind: 'customer', id: 'ann' } as const

let app: ControlApp

beforeEach(async () => {
  app = await controlApp()
  app.at('2026-03-01T00:00:00Z')
})

const block = (body: object) =>
  app.send('POST', '/api/v1/control/blocks', { headers: KEY, body: { ...ANN, ...body } })

describe('a block', () => {
  test('that is set again is the same block, with the reason and end that came last', async () => {
    const first = await block({ reason: 'spam' })
    expect(first).toMatchObject({ status: 201, json: { ...ANN, reason: 'spam', until: null } })
    expect(await app.version()).toBe(1)
    expect(await block({ reason: 'spam' })).toMatchObject({ status: 200, json: first.json })
    expect(await app.version()).toBe(1)
    const until = '2026-03-02T00:00:00.000Z'
    const other = await block({ until })
    expect(other).toMatchObject({ status: 200, json: { ...first.json, reason: '', until } })
    expect(await app.version()).toBe(2)
    expect((await app.good('GET', '/blocks')).data).toEqual([other.json])
  })

  test('says who has said so last', async () => {
    expect((await block({ reason: 'spam' })).json.actor).toEqual({ kind: 'key', id: 'key_all' })
    const actor = { kind: 'user', id: 'usr_ada' } as const
    await inOwnTransaction((tx) =>
      setBlock(tx, app.envId, { blocked: ANN, reason: 'cards', until: null, actor }, new Date()),
    )
    expect((await app.good('GET', '/blocks')).data).toMatchObject([{ reason: 'cards', actor }])
  })

  test('of the same customer by 10 callers at once is one', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => block({})))
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(new Set(answers.map(({ json }) => json.blockId)).size).toBe(1)
    expect(await app.version()).toBe(1)
  })

  test('is removed once', async () => {
    const { blockId } = (await block({})).json
    expect(await app.good('DELETE', `/blocks/${blockId}`)).toMatchObject({ blockId, ...ANN })
    expect(await app.version()).toBe(2)
    const unknown = `block.unknown There is no block "${blockId}".`
    expect(await app.refused('DELETE', `/blocks/${blockId}`)).toBe(unknown)
    expect(await app.version()).toBe(2)
    expect((await block({})).status).toBe(201)
  })

  test('is no block of another environment', async () => {
    const { blockId } = (await block({})).json
    const path = '/api/v1/control/blocks'
    const removed = await app.send('DELETE', `${path}/${blockId}`, { headers: STRANGER })
    expect(removed.status).toBe(404)
    expect((await app.send('GET', path, { headers: STRANGER })).json.data).toEqual([])
  })

  test('is listed, of one kind, of one name, page by page', async () => {
    for (const id of ['ann', 'bob', '192.0.2.1']) await block({ id })
    await block({ kind: 'network', id: '192.0.2.1' })
    const listed = async (query: string) =>
      (await app.good('GET', `/blocks${query}`)).data.map(
        (one: typeof ANN) => `${one.kind} ${one.id}`,
      )
    expect(await listed('')).toEqual([
      ...['customer ann', 'customer bob', 'customer 192.0.2.1', 'network 192.0.2.1'],
    ])
    expect(await listed('?id=192.0.2.1')).toHaveLength(2)
    expect(await listed('?id=192.0.2.1&kind=network')).toEqual(['network 192.0.2.1'])
    const { nextCursor } = await app.good('GET', '/blocks?limit=3')
    expect(await listed(`?cursor=${nextCursor}`)).toEqual(['network 192.0.2.1'])
  })

  test('that would be over already is refused', async () => {
    const { json } = await block({ until: '2026-03-01T00:00:00Z' })
    expect(json.error).toMatchObject({
      code: 'block.over',
      message: '`until` is over: it is 2026-03-01T00:00:00.000Z. Send a later instant, or null.',
    })
    expect(await app.version()).toBe(0)
  })

  test('that is rolled back is not counted', async () => {
    const broken = inOwnTransaction(async (tx) => {
      const wanted = { blocked: ANN, reason: '', until: null, actor: null }
      await setBlock(tx, app.envId, wanted, new Date())
      throw new Error('killed')
    })
    await expect(broken).rejects.toThrow('killed')
    expect(await app.version()).toBe(0)
  })
})

test.for([
  ['192.0.2.1', '192.0.2.1'],
  ['2001:db8:0:1::7', '2001:db8:0:1::/64'],
  ['2001:DB8:0:1::/64', '2001:db8:0:1::/64'],
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['unknown', 'unknown'],
] as const)('whoever blocks %s blocks the network %s', ([id, network]) => {
  expect(whomToBlock({ kind: 'network', id })).toEqual({ kind: 'network', id: network })
  expect(whomToBlock({ kind: 'network', id: network })).toEqual({ kind: 'network', id: network })
})

test.for(['example.com', '192.0.2.0/24', '192.0.2.1/64', '2001:db8::/48', '2001:db8::/64/64', ' '])(
  'refuses the network "%s", which is none that requests are told apart by',
  async (id) => {
    const refusal = await app.refused('POST', '/blocks', { kind: 'network', id })
    expect(refusal).toContain(`block.network_malformed "${id}" is no network: send an address`)
  },
)
