import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { anEnvironment, inOwnTransaction, testDatabase } from '../db/test-db.ts'
import { Failure } from '../errors.ts'
import { createSealer } from '../secrets/seal.ts'
import { forgetOldRequests, idempotencyKey, type KeyedRequest, once } from './idempotency.ts'
import { type Route, route } from './route.ts'
import { KEY, OTHER_KEY, serveForTest } from './test-app.ts'

const SECRET = 'whsec_shown_once'

/** Each call that is carried out leaves a fact. */
function making(path: string, before: (text: string) => Promise<void> = async () => {}): Route {
  return route({
    method: 'POST',
    path,
    tag: 'Test',
    summary: 'Make',
    scope: 'usage:write',
    body: z.strictObject({ text: z.string(), more: z.record(z.string(), z.unknown()).default({}) }),
    replies: { 201: z.object({ id: z.string(), secret: z.string() }) },
    async handle({ tx, caller, requestId, body }) {
      await before(body.text)
      const fact = { id: requestId, type: 'made', at: new Date(), data: JSON.stringify(body) }
      await tx
        .insertInto('facts')
        .values({ env_id: caller.envId, ...fact })
        .execute()
      return { status: 201, body: { id: requestId, secret: SECRET } }
    },
  })
}

function keyed(key: string, caller = KEY) {
  return { ...caller, 'idempotency-key': key }
}

async function factsOf(envId: number): Promise<number> {
  const { database } = await testDatabase()
  const rows = await database.kysely
    .selectFrom('facts')
    .where('env_id', '=', envId)
    .selectAll()
    .execute()
  return rows.length
}

describe('a request with a key', () => {
  test('is carried out once, and its retry gets the same bytes', async () => {
    const { send, envId } = await serveForTest([making('/api/things')])
    const headers = keyed('one')
    const first = await send('POST', '/api/things', { headers, body: { text: 'a' } })
    const second = await send('POST', '/api/things', { headers, body: { text: 'a' } })
    expect(first.status).toBe(201)
    expect(first.headers['idempotent-replay']).toBeUndefined()
    expect(second).toMatchObject({ status: 201, text: first.text })
    expect(second.headers['idempotent-replay']).toBe('true')
    expect(second.headers['x-request-id']).not.toBe(first.headers['x-request-id'])
    expect(await factsOf(envId)).toBe(1)
  })

  test('is carried out once when 64 senders race, and all get one answer', async () => {
    const { send, envId } = await serveForTest([making('/api/things', () => sleep(50))])
    const sends = Array.from({ length: 64 }, () =>
      send('POST', '/api/things', { headers: keyed('race'), body: { text: 'a' } }),
    )
    const answers = await Promise.all(sends)
    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1)
    expect(answers.filter(({ headers }) => !headers['idempotent-replay'])).toHaveLength(1)
    expect(await factsOf(envId)).toBe(1)
  })

  test('is the same request however its members are ordered and its defaults written', async () => {
    const { send, envId } = await serveForTest([making('/api/things')])
    const headers = { ...keyed('order'), 'content-type': 'application/json' }
    const bodies = [
      '{"text":"a","more":{"b":1,"c":{"d":[1,{"e":2,"f":3}]}}}',
      '{"more":{"c":{"d":[1.0,{"f":3,"e":2e0}]},"b":1},"text":"\\u0061"}',
    ]
    for (const body of bodies)
      expect((await send('POST', '/api/things', { headers, body })).status).toBe(201)
    expect(await factsOf(envId)).toBe(1)

    const plain = { headers: keyed('default'), body: { text: 'a' } }
    const spelled = { headers: keyed('default'), body: { text: 'a', more: {} } }
    expect((await send('POST', '/api/things', plain)).status).toBe(201)
    expect((await send('POST', '/api/things', spelled)).status).toBe(201)
    expect(await factsOf(envId)).toBe(2)
  })

  test.each([
    ['another value', { text: 'b' }],
    ['another nested value', { text: 'a', more: { list: [2, 1] } }],
    ['a text for a number', { text: 'a', more: { list: [1, '2'] } }],
  ])(
    'is refused with other content, since answering would hide that nothing was done: %s',
    async (_what, body) => {
      const { send, envId } = await serveForTest([making('/api/things')])
      const headers = keyed('reused')
      await send('POST', '/api/things', { headers, body: { text: 'a', more: { list: [1, 2] } } })
      const other = await send('POST', '/api/things', { headers, body })
      expect(other).toMatchObject({
        status: 422,
        json: { error: { code: 'idempotency.key_reused' } },
      })
      expect(await factsOf(envId)).toBe(1)
    },
  )

  test('lets exactly one of several contents win a race', async () => {
    const { send, envId } = await serveForTest([making('/api/things', () => sleep(20))])
    const answers = await Promise.all(
      Array.from({ length: 16 }, (_, n) =>
        send('POST', '/api/things', { headers: keyed('conflict'), body: { text: `text ${n}` } }),
      ),
    )
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(15)
    expect(await factsOf(envId)).toBe(1)
  })

  test('is told to come back while its twin is under way for more than two seconds', async () => {
    const { send, envId } = await serveForTest([making('/api/things', () => sleep(4_000))])
    const request = { headers: keyed('slow'), body: { text: 'a' } }
    const first = send('POST', '/api/things', request)
    await sleep(200)
    const began = performance.now()
    const second = await send('POST', '/api/things', request)
    expect(performance.now() - began).toBeGreaterThan(1_900)
    expect(performance.now() - began).toBeLessThan(3_000)
    expect(second).toMatchObject({
      status: 409,
      json: { error: { code: 'idempotency.in_flight' } },
    })
    expect(second.headers['retry-after']).toBe('1')
    expect((await first).status).toBe(201)
    expect((await send('POST', '/api/things', request)).text).toBe((await first).text)
    expect(await factsOf(envId)).toBe(1)
  })

  test('leaves its key free when it failed, so that a retry can succeed', async () => {
    let attempts = 0
    const fail = async () => {
      attempts += 1
      if (attempts === 1) throw new Failure('conflict', 'a.refusal', 'Not yet.')
      if (attempts === 2) throw new Error('a mistake of ours')
    }
    const { send, envId } = await serveForTest([making('/api/things', fail)])
    const request = { headers: keyed('failing'), body: { text: 'a' } }
    const statuses = []
    for (let n = 0; n < 4; n++) statuses.push((await send('POST', '/api/things', request)).status)
    expect(statuses).toEqual([409, 500, 201, 201])
    expect(await factsOf(envId)).toBe(1)
  })

  test('does not meet another caller, route or environment with the same key', async () => {
    const routes = [making('/api/things'), making('/api/others')]
    const [here, there] = [await serveForTest(routes), await serveForTest(routes)]
    const texts = ['a', 'b', 'c', 'd']
    const sends: [typeof here, string, typeof KEY][] = [
      [here, '/api/things', KEY],
      [here, '/api/things', OTHER_KEY],
      [here, '/api/others', KEY],
      [there, '/api/things', KEY],
    ]
    for (const [n, [app, path, caller]] of sends.entries()) {
      const answer = await app.send('POST', path, {
        headers: keyed('shared', caller),
        body: { text: texts[n] },
      })
      expect(answer.status).toBe(201)
    }
    expect(await factsOf(here.envId)).toBe(3)
    expect(await factsOf(there.envId)).toBe(1)
  })

  test.each([
    ['empty', ''],
    ['of 256 characters', 'k'.repeat(256)],
    ['not ASCII', 'schlüssel'],
    ['sent twice', ['a', 'b']],
  ])('is refused when the key is %s', async (what, key) => {
    const { send } = await serveForTest([making('/api/things')])
    const headers = { ...KEY, 'idempotency-key': key }
    const answer = await send('POST', '/api/things', { headers, body: { text: 'a' } })
    if (what === 'sent twice') expect(idempotencyKeyOf(key)).toBe('refused')
    else
      expect(answer).toMatchObject({
        status: 400,
        json: { error: { code: 'idempotency.key_malformed' } },
      })
  })

  test('may have a key of 255 characters with spaces inside', async () => {
    const { send, envId } = await serveForTest([making('/api/things')])
    const headers = keyed(`a${' '.repeat(253)}b`)
    for (let n = 0; n < 2; n++)
      expect((await send('POST', '/api/things', { headers, body: { text: 'a' } })).status).toBe(201)
    expect(await factsOf(envId)).toBe(1)
  })
})

function idempotencyKeyOf(header: string | string[]): string | null {
  try {
    return idempotencyKey(header)
  } catch {
    return 'refused'
  }
}

describe('what a route asks the outside before its transaction', () => {
  test('cannot stand before an answer that was given', async () => {
    let asked = 0
    const asking: Route = {
      ...making('/api/things'),
      kind: 'json',
      prepare: async () => {
        asked += 1
        if (asked > 1) throw new Failure('invalid', 'outside.gone', 'The outside has changed.')
      },
    } as Route
    const { send } = await serveForTest([asking])
    const request = { headers: keyed('prepared'), body: { text: 'a' } }
    const first = await send('POST', '/api/things', request)
    expect(await send('POST', '/api/things', request)).toMatchObject({
      status: 201,
      text: first.text,
    })
    const other = await send('POST', '/api/things', { ...request, body: { text: 'b' } })
    expect(other.json.error.code).toBe('idempotency.key_reused')
    expect(asked).toBe(1)
  })
})

describe('the stored answer', () => {
  test('holds no secret in clear, and opens under no other key', async () => {
    const { send, envId } = await serveForTest([making('/api/things')])
    await send('POST', '/api/things', { headers: keyed('sealed'), body: { text: 'a' } })
    const { database } = await testDatabase()
    const row = await database.kysely
      .selectFrom('idempotent_requests')
      .where('env_id', '=', envId)
      .selectAll()
      .executeTakeFirstOrThrow()
    expect(JSON.stringify(row)).not.toContain(SECRET)
    expect(row.sealed_reply.includes(SECRET)).toBe(false)
    const sealer = createSealer(Buffer.alloc(32, 7))
    const context = `answer ${envId} POST /api/things key_all sealed`
    expect(sealer.open(row.sealed_reply, context)).toContain(SECRET)
    expect(() => sealer.open(row.sealed_reply, `${context}2`)).toThrow()
  })

  test('is forgotten after 30 days, however many there are, and not a moment before', async () => {
    const { database } = await testDatabase()
    const envId = await inOwnTransaction((tx) => anEnvironment(tx))
    const now = new Date('2026-06-01T00:00:00Z')
    const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)
    await inOwnTransaction((tx) =>
      sql`insert into idempotent_requests
          select ${envId}::int, 'POST /old', 'key_1', 'key ' || n, '\\x00'::bytea, 201, '\\x00'::bytea, ${daysAgo(30.001)}::timestamptz
          from generate_series(1, 5003) n
          union all select null, 'POST /of-a-person', 'usr_1', 'key', '\\x00'::bytea, 201, '\\x00'::bytea, ${daysAgo(30.001)}::timestamptz
          union all select ${envId}::int, 'POST /new', 'key_1', 'key', '\\x00'::bytea, 201, '\\x00'::bytea, ${daysAgo(29.999)}::timestamptz`.execute(
        tx,
      ),
    )
    const [one, two] = await Promise.all([
      forgetOldRequests(database, now),
      forgetOldRequests(database, now),
    ])
    expect(one + two).toBe(5004)
    expect(await forgetOldRequests(database, now)).toBe(0)
    const left = await database.kysely
      .selectFrom('idempotent_requests')
      .where('env_id', '=', envId)
      .select('route')
      .execute()
    expect(left).toEqual([{ route: 'POST /new' }])
  })
})

test('the wait for a key is not the wait for the locks of the work after it', async () => {
  const { database } = await testDatabase()
  const envId = await inOwnTransaction((tx) => anEnvironment(tx))
  const request: KeyedRequest = {
    envId,
    route: 'POST /api/things',
    caller: 'key_1',
    key: 'k',
    content: {},
    sealer: createSealer(Buffer.alloc(32, 7)),
  }
  const setting = async (tx: Parameters<typeof once>[0]) => {
    const { rows } = await sql<{ value: string }>`
      select current_setting('lock_timeout') as value`.execute(tx)
    return rows[0]?.value
  }
  await database.inTransaction(async (tx) => {
    const before = await setting(tx)
    await once(tx, request, new Date(), async () => {
      expect(await setting(tx)).toBe(before)
      return { status: 200, text: '', isReplay: false }
    })
  })
})
