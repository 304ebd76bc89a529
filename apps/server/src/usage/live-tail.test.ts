import { EventEmitter, once } from 'node:events'
import { get, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { Failure } from '../platform/errors.ts'
import type { Caller } from '../platform/http/caller.ts'
import { silentLog } from '../platform/log.ts'
import { LiveTail } from './live-tail.ts'
import { selectHorizon } from './stored-events.store.ts'
import { OTHER_TENANT, serveUsage, type TestUsage, WRITER } from './test-usage.ts'

/** Listens, and collects what is told from the moment on when it is live. */
async function listen(usage: TestUsage, query = '', key = 'all') {
  const outgoing = get({
    port: usage.port,
    path: `/api/v1/events/tail${query}`,
    headers: { 'x-usageflow-api-key': key },
  })
  outgoing.on('error', () => {})
  onTestFinished(() => {
    outgoing.destroy()
  })
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  let text = ''
  response.on('error', () => {})
  response.on('data', (chunk) => {
    text += chunk
  })
  await until(() => text.includes('event: live\n'))
  const told = () =>
    [...text.matchAll(/^event: usage\ndata: (.*)$/gm)].map(([, data = '']) => JSON.parse(data))
  return { response, told, text: () => text }
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await sleep(20)
}

/** Until what was committed is past for everybody: a transaction anywhere in the cluster holds the horizon back. */
async function isPast(): Promise<void> {
  const { rows } = await inOwnTransaction((tx) =>
    sql<{ xid: string }>`select txid_current()::text as xid`.execute(tx),
  )
  const [{ xid } = { xid: '0' }] = rows
  while (BigInt(await inOwnTransaction(selectHorizon)) <= BigInt(xid)) await sleep(20)
}

const track = (usage: TestUsage, customerId: string, headers = {}) =>
  usage.post('/api/track', { metric: 'API_CALL', customerId }, headers)

test('shows the events of this environment as they are committed, and no others', async () => {
  const usage = await serveUsage()
  await track(usage, 'before')
  await isPast()
  const tail = await listen(usage)
  expect(tail.response.headers['content-type']).toBe('text/event-stream')
  await track(usage, 'foreign', OTHER_TENANT)
  const { json } = await track(usage, 'mine')
  await until(() => tail.told().length > 0)
  await track(usage, 'later')
  await until(() => tail.told().length > 1)
  expect(tail.told().map((event) => event.customerId)).toEqual(['mine', 'later'])
  const read = await usage.get(`/api/v1/events/${json.eventId}`)
  expect(tail.told()[0]).toEqual(read.json)
})

test('shows one customer, or events of one name, when asked', async () => {
  const usage = await serveUsage()
  const one = await listen(usage, '?customerId=b')
  const none = await listen(usage, '?name=OTHER')
  for (const customerId of ['a', 'b', 'c']) await track(usage, customerId)
  await until(() => one.told().length > 0)
  await sleep(600)
  expect(one.told().map((event) => event.customerId)).toEqual(['b'])
  expect(none.told()).toEqual([])
})

test('says when it leaves events out', async () => {
  const usage = await serveUsage()
  const tail = await listen(usage)
  const many = Array.from({ length: 1_000 }, (_, index) => ({ name: 'N', customerId: `c${index}` }))
  await usage.post('/api/v1/events', many)
  await until(() => tail.told().length > 0)
  await track(usage, 'after')
  await until(() => tail.told().at(-1)?.customerId === 'after')
  expect(tail.told().length).toBeLessThan(1_000)
  expect(tail.text()).toContain('event: gap\n')
})

test('ends when the key is revoked', async () => {
  const usage = await serveUsage()
  const tail = await listen(usage, '', 'second')
  usage.revoke('second')
  await once(tail.response, 'end')
})

test('403 for a key that may not read, 400 for a filter that is none', async () => {
  const usage = await serveUsage()
  expect((await usage.get('/api/v1/events/tail', WRITER)).status).toBe(403)
  expect((await usage.get('/api/v1/events/tail?customer=c')).status).toBe(400)
})

test('writes nothing to a connection that takes its time to close after its key was revoked', async () => {
  const { database } = await testDatabase()
  const written: string[] = []
  let isEnded = false
  const response = Object.assign(new EventEmitter(), {
    writeHead() {},
    write: (text: string) => written.push(isEnded ? `after the end: ${text}` : text),
    end() {
      isEnded = true // nobody reads, so it does not close yet
    },
  })
  const tail = new LiveTail({
    db: database,
    log: silentLog(),
    authenticate: () => {
      throw new Failure('unauthenticated', 'auth.key_refused', 'not valid')
    },
  })
  const caller = { envId: 1 } as Caller
  const all = { customerId: null, name: null }
  tail.listen({} as IncomingMessage, response as unknown as ServerResponse, caller, all)
  await until(() => isEnded)
  await sleep(700)
  expect(written).toEqual(['retry: 2000\n\n'])
})
