import type { IncomingHttpHeaders } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { describe, expect, onTestFinished, test } from 'vitest'
import { APP_ROLE } from '../platform/db/app-role.ts'
import { type Database, openDatabase } from '../platform/db/database.ts'
import { withClient } from '../platform/db/embedded-postgres/probe.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { Failure } from '../platform/errors.ts'
import type { Caller } from '../platform/http/caller.ts'
import { silentLog } from '../platform/log.ts'
import { randomBase62 } from '../platform/random.ts'
import { apiKeyText, SECRET_LENGTH } from './api-key.ts'
import { createAuthenticator, type KeyAuthenticator } from './authenticate.ts'
import { revokeApiKey, rotateApiKey } from './create-api-key.ts'
import { aKey, anOrganization, NOW } from './test-keys.ts'

const unknownKey = () => apiKeyText('live', randomBase62(SECRET_LENGTH))

/** An authenticator of a process of its own, with a clock that the test moves, and its look-ups counted. */
async function aProcess(connectionsMax = 8) {
  const { url } = await testDatabase()
  const db = openDatabase({ url, log: silentLog(), role: APP_ROLE, connectionsMax })
  onTestFinished(() => db.end())
  const state = { now: NOW, lookUps: 0, isDown: false }
  const counted: Database = {
    ...db,
    inTransaction(work) {
      state.lookUps += 1
      if (state.isDown) return Promise.reject(Object.assign(new Error('down'), { code: '57P01' }))
      return db.inTransaction(work)
    },
  }
  const authenticate = createAuthenticator({ db: counted, clock: () => state.now })
  const pass = (ms: number) => {
    state.now = new Date(state.now.getTime() + ms)
  }
  return { authenticate, state, pass }
}

async function ask(
  authenticate: KeyAuthenticator,
  headers: IncomingHttpHeaders,
): Promise<Caller | string> {
  try {
    return await authenticate(headers)
  } catch (error) {
    if (error instanceof Failure) return error.code
    throw error
  }
}

const withKey = (key: string) => ({ 'x-usageflow-api-key': key })

describe('a valid key', () => {
  test('says who is calling', async () => {
    const { organizationId, live, test: testing } = await anOrganization()
    const { authenticate } = await aProcess()
    for (const environment of [live, testing]) {
      const { id, key } = await aKey(environment, ['usage:read', 'billing:read'])
      const caller = await authenticate(withKey(key))
      expect(caller).toMatchObject({
        envId: environment.envId,
        organizationId,
        mode: environment.mode,
        actor: { kind: 'key', id },
        scopes: new Set(['usage:read', 'billing:read']),
        refusesUnknownMeters: false,
      })
      expect(caller.environmentNow(NOW)).toEqual(NOW)
    }
  })

  test('is sent in one of two headers', async () => {
    const { live } = await anOrganization()
    const { id, key } = await aKey(live)
    const { authenticate } = await aProcess()
    for (const headers of [
      withKey(key),
      { authorization: `Bearer ${key}` },
      { authorization: `bearer   ${key}` },
      { authorization: `BEARER ${key}` },
    ])
      expect(await ask(authenticate, headers)).toMatchObject({ actor: { id } })
  })

  test.each<[string, (key: string) => IncomingHttpHeaders, string]>([
    ['not at all', () => ({}), 'auth.key_missing'],
    ['as a password', (key) => ({ authorization: `Basic ${key}` }), 'auth.key_missing'],
    ['without a scheme', (key) => ({ authorization: key }), 'auth.key_missing'],
    ['with more behind it', (key) => ({ authorization: `Bearer ${key} x` }), 'auth.key_missing'],
    ['as nothing', () => ({ authorization: 'Bearer ' }), 'auth.key_missing'],
    [
      'in both headers',
      (key) => ({ ...withKey(key), authorization: `Bearer ${key}` }),
      'auth.two_credentials',
    ],
    [
      'beside another scheme',
      (key) => ({ ...withKey(key), authorization: 'Basic eDp5' }),
      'auth.two_credentials',
    ],
    [
      'beside an empty one',
      (key) => ({ 'x-usageflow-api-key': '', authorization: `Bearer ${key}` }),
      'auth.two_credentials',
    ],
    ['empty', () => withKey(''), 'auth.key_refused'],
    ['twice', (key) => withKey(`${key}, ${key}`), 'auth.key_refused'],
    ['with a space', (key) => withKey(` ${key}`), 'auth.key_refused'],
    [
      'with a typo',
      (key) => withKey(key.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'))),
      'auth.key_refused',
    ],
    ['with the other mode', (key) => withKey(key.replace('live', 'test')), 'auth.key_refused'],
  ])('is refused when it is sent %s, without asking the database', async (_how, headers, code) => {
    const { live } = await anOrganization()
    const { key } = await aKey(live)
    const { authenticate, state } = await aProcess()
    expect(await ask(authenticate, headers(key))).toBe(code)
    expect(state.lookUps).toBe(0)
  })

  test('is asked for once by any number of requests, and renewed while it is used', async () => {
    const { live } = await anOrganization()
    const { key } = await aKey(live)
    const { authenticate, state, pass } = await aProcess()
    await Promise.all(Array.from({ length: 100 }, () => authenticate(withKey(key))))
    expect(state.lookUps).toBe(1)
    for (const atMs of [0, 200, 299]) {
      state.now = new Date(NOW.getTime() + atMs)
      expect(authenticate(withKey(key))).not.toBeInstanceOf(Promise) // no wait at all
    }
    expect(state.lookUps).toBe(1)
    pass(1)
    for (let n = 0; n < 10; n++) expect(authenticate(withKey(key))).not.toBeInstanceOf(Promise)
    expect(state.lookUps).toBe(2)
    await sleep(100)
    pass(250)
    expect(authenticate(withKey(key))).not.toBeInstanceOf(Promise)
    expect(state.lookUps).toBe(2)
    pass(1_000)
    const anew = authenticate(withKey(key))
    expect(anew).toBeInstanceOf(Promise) // too old to be believed
    expect(state.lookUps).toBe(3)
    await anew
  })

  test('is believed for 0.9 s without the database, and no longer', async () => {
    const { live } = await anOrganization()
    const { key } = await aKey(live)
    const { authenticate, state, pass } = await aProcess()
    await authenticate(withKey(key))
    state.isDown = true
    pass(899)
    expect(await ask(authenticate, withKey(key))).toMatchObject({ mode: 'live' })
    await sleep(10)
    pass(1)
    await expect(ask(authenticate, withKey(key))).rejects.toMatchObject({ code: '57P01' })
    state.isDown = false
    expect(await ask(authenticate, withKey(key))).toMatchObject({ mode: 'live' })
  })

  test('is asked for anew when the clock was set back', async () => {
    const { organizationId, live } = await anOrganization()
    const { id, key } = await aKey(live)
    const { authenticate, pass } = await aProcess()
    await authenticate(withKey(key))
    await inOwnTransaction((tx) => revokeApiKey(tx, organizationId, id, NOW))
    pass(-3_600_000)
    expect(await ask(authenticate, withKey(key))).toBe('auth.key_refused')
  })

  test('is not believed on the word of a question that was asked too long ago', async () => {
    const { organizationId, live } = await anOrganization()
    const { id, key } = await aKey(live)
    const { database } = await testDatabase()
    const asked: (() => void)[] = []
    const slow: Database = {
      ...database,
      async inTransaction(work) {
        const answer = await database.inTransaction(work)
        await new Promise<void>((resolve) => asked.push(resolve))
        return answer
      },
    }
    const state = { now: NOW }
    const authenticate = createAuthenticator({ db: slow, clock: () => state.now })
    const first = ask(authenticate, withKey(key))
    while (asked.length < 1) await sleep(5)
    await inOwnTransaction((tx) => revokeApiKey(tx, organizationId, id, NOW))
    state.now = new Date(NOW.getTime() + 1_000)
    const second = ask(authenticate, withKey(key)) // comes while the first still waits
    while (asked.length < 2) await sleep(5)
    asked[1]?.()
    expect(await second).toBe('auth.key_refused')
    asked[0]?.()
    expect(await first).toMatchObject({ actor: { id } }) // it was valid when this one asked
    expect(await ask(authenticate, withKey(key))).toBe('auth.key_refused') // the late answer changed nothing
  })
})

describe('a key that ended', () => {
  test('stops within a second in two processes under load', async () => {
    const { organizationId, live } = await anOrganization()
    const { id, key } = await aKey(live)
    const { database } = await testDatabase()
    const processes = [1, 2].map(() =>
      createAuthenticator({ db: database, clock: () => new Date() }),
    )
    const lastSuccessMs = [0, 0]
    const refusals = [0, 0]
    const isOver = { yes: false }
    const load = processes.map(async (authenticate, n) => {
      while (!isOver.yes) {
        const sentMs = performance.now()
        if (typeof (await ask(authenticate, withKey(key))) === 'string')
          refusals[n] = (refusals[n] ?? 0) + 1
        else lastSuccessMs[n] = sentMs
        await sleep(1)
      }
    })
    await sleep(1_200)
    await inOwnTransaction((tx) => revokeApiKey(tx, organizationId, id, new Date()))
    const revokedMs = performance.now()
    await sleep(1_500)
    isOver.yes = true
    await Promise.all(load)
    for (const n of [0, 1]) {
      expect(lastSuccessMs[n]).toBeGreaterThan(revokedMs - 300)
      expect((lastSuccessMs[n] ?? 0) - revokedMs).toBeLessThan(1_000)
      expect(refusals[n]).toBeGreaterThan(50)
    }
  })

  test('by rotation lives for the grace and not a moment longer', async () => {
    const { organizationId, live } = await anOrganization()
    const old = await aKey(live)
    const made = await inOwnTransaction((tx) =>
      rotateApiKey(tx, organizationId, old.id, { graceMs: 5_000, systemNow: NOW }),
    )
    const { authenticate, pass } = await aProcess()
    for (const key of [old.key, made.key])
      expect(await ask(authenticate, withKey(key))).toMatchObject({ envId: live.envId })
    pass(4_999)
    expect(await ask(authenticate, withKey(old.key))).toMatchObject({ actor: { id: old.id } })
    pass(901)
    expect(await ask(authenticate, withKey(old.key))).toBe('auth.key_refused')
    expect(await ask(authenticate, withKey(made.key))).toMatchObject({ actor: { id: made.id } })
  })

  test('and one that never was are told the same, at the same cost', async () => {
    const { organizationId, live } = await anOrganization()
    const revoked = await aKey(live)
    await inOwnTransaction((tx) => revokeApiKey(tx, organizationId, revoked.id, NOW))
    const { authenticate, state } = await aProcess()
    const answers = []
    for (const key of [revoked.key, unknownKey(), revoked.key.replace('live', 'test')]) {
      const failure = await Promise.resolve()
        .then(() => authenticate(withKey(key)))
        .catch((error) => error)
      answers.push({
        kind: failure.kind,
        code: failure.code,
        text: failure.message,
        more: failure.details,
      })
    }
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
    expect(state.lookUps).toBe(2)
  })
})

describe('keys that are none', () => {
  test('cost the database one question a second at most, each', async () => {
    const { authenticate, state, pass } = await aProcess()
    const key = unknownKey()
    for (let n = 0; n < 50; n++)
      expect(await ask(authenticate, withKey(key))).toBe('auth.key_refused')
    expect(state.lookUps).toBe(1)
    pass(1_000)
    expect(await ask(authenticate, withKey(key))).toBe('auth.key_refused')
    expect(state.lookUps).toBe(2)
  })

  test('in a flood neither push out a valid key nor keep it waiting', async () => {
    const { live } = await anOrganization()
    const { key } = await aKey(live)
    const { authenticate, state, pass } = await aProcess(5)
    await authenticate(withKey(key))
    let waits = 0
    const ends = new Map<string, number>()
    for (let round = 0; round < 7; round++) {
      const flood = Array.from({ length: 400 }, () => ask(authenticate, withKey(unknownKey())))
      pass(290)
      if (authenticate(withKey(key)) instanceof Promise) waits += 1
      pass(290)
      const began = performance.now()
      await authenticate(withKey(key)) // also asks anew
      while (performance.now() - began < 200) await sleep(5)
      for (const end of await Promise.all(flood))
        ends.set(String(end), (ends.get(String(end)) ?? 0) + 1)
    }
    expect([...ends]).toEqual([['auth.key_refused', 2_800]])
    expect(waits).toBe(0)
    expect(state.lookUps).toBeLessThan(2_800 + 100)
  })

  test('beyond what can be checked are told to come back', async () => {
    const { authenticate } = await aProcess(2)
    const ends = await Promise.all(
      Array.from({ length: 1_200 }, () => ask(authenticate, withKey(unknownKey()))),
    )
    expect(ends.filter((end) => end === 'unavailable').length).toBe(1_200 - 1_004)
    expect(ends.filter((end) => end === 'auth.key_refused').length).toBe(1_004)
  })
})

test('the last use of a key is written once a minute, by however many processes', async () => {
  const { live } = await anOrganization()
  const { id, key } = await aKey(live)
  const { database } = await testDatabase()
  await countUpdates()
  const at = async (ms: number) => {
    const clock = () => new Date(NOW.getTime() + ms)
    await Promise.all(
      Array.from({ length: 16 }, () => createAuthenticator({ db: database, clock })(withKey(key))),
    )
    const { rows } = await sql<{ last_used_at: Date; updates: string }>`
      select last_used_at, (select count(*) from key_updates where id = k.id) as updates
      from api_keys k where id = ${id}`.execute(database.kysely)
    return rows[0]
  }
  const minute = (ms: number, updates: string) => ({
    last_used_at: new Date(NOW.getTime() + ms),
    updates,
  })
  expect(await at(0)).toEqual(minute(0, '1'))
  expect(await at(30_000)).toEqual(minute(0, '1'))
  expect(await at(60_000)).toEqual(minute(0, '1'))
  expect(await at(60_001)).toEqual(minute(60_001, '2'))
  expect(await at(120_002)).toEqual(minute(120_002, '3'))
})

async function countUpdates(): Promise<void> {
  const { url } = await testDatabase()
  await withClient(url, (client) =>
    client.query(`
      create table key_updates (id text);
      grant select on key_updates to ${APP_ROLE};
      create function count_update() returns trigger language plpgsql security definer as $$
        begin insert into key_updates values (new.id); return new; end $$;
      create trigger count_update after update on api_keys for each row execute function count_update();
    `),
  )
}

test('a key that is being rotated can be used meanwhile', async () => {
  const { live } = await anOrganization()
  const { id, key } = await aKey(live)
  const { authenticate } = await aProcess()
  await inOwnTransaction(async (tx) => {
    await sql`select from api_keys where id = ${id} for update`.execute(tx)
    const began = performance.now()
    expect(await ask(authenticate, withKey(key))).toMatchObject({ actor: { id } })
    expect(performance.now() - began).toBeLessThan(1_000)
  })
})
