import { describe, expect, test } from 'vitest'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { ANN, asks, LIMIT, NOW_MS, serveLeases, settles } from './test-leases.ts'

const HALF_AN_HOUR_MS = 1_770_000 // from NOW_MS to the end of the hour

async function served() {
  let nowMs = NOW_MS
  const server = await serveLeases({ sharedClock: async () => nowMs })
  const after = (ms: number) => {
    nowMs += ms
  }
  return { ...server, after }
}

describe('a quota', () => {
  const MONTHLY = { name: 'monthly', limit: 1_000, period: 'month' }
  const UNTIL_APRIL_MS = Date.UTC(2026, 3) - NOW_MS

  test('of a month is lent until the month ends, and then anew', async () => {
    const { call, policy, after } = await served()
    const limit = { policyId: await policy('free', [MONTHLY]), name: 'monthly' }
    const all = asks('a', { limit, needed: 1_000 })
    expect(await call({ ask: [asks('slice', { limit })] })).toMatchObject([{ units: 25 }])
    await call({ settle: [settles('slice', 0, { limit })], ask: [all] })
    after(UNTIL_APRIL_MS - 1)
    expect(await call({ holder: 'two', ask: [asks('b', { limit })] })).toMatchObject([
      { units: 0, retryAfterMs: 1 },
    ])
    after(1)
    expect(await call({ ask: [asks('c', { limit })] })).toMatchObject([{ units: 25 }])
  })

  test('is lent no longer than its period lasts', async () => {
    const { call, policy, after } = await served()
    const quotas = [MONTHLY, { ...MONTHLY, name: 'daily', period: 'day' }]
    const policyId = await policy('free', quotas)
    after(UNTIL_APRIL_MS - 1_000) // where a day ends, too
    const ask = ['monthly', 'daily'].map((name) => asks(name, { limit: { policyId, name } }))
    expect(await call({ ask })).toMatchObject([{ lifeMs: 1_000 }, { lifeMs: 1_000 }])
  })

  test('begins anew when a window takes its place, however long that is', async () => {
    const { call, policy, changePolicy } = await served()
    const window = { name: 'monthly', limit: 1_000, window: '31d' }
    const policyId = await policy('free', [MONTHLY])
    const limit = { policyId, name: 'monthly' }
    await call({ ask: [asks('a', { limit, needed: 1_000 })] })
    await changePolicy(policyId, { limits: [window] })
    expect(await call({ ask: [asks('b', { limit })] })).toMatchObject([{ units: 25 }])
  })
})

describe('what is asked for', () => {
  test('is lent for a few seconds, a slice at a time', async () => {
    const { call } = await served()
    expect(await call({ ask: [asks('a'), asks('b', { needed: 100 })] })).toEqual([
      { id: 'a', units: 25, lifeMs: 5_000, retryAfterMs: 0, askAgainMs: 0 },
      { id: 'b', units: 100, lifeMs: 5_000, retryAfterMs: 0, askAgainMs: 0 },
    ])
  })

  test('is answered in its order, whatever it is of', async () => {
    const { call } = await served()
    const sliding = { ...LIMIT, limit: 2, algorithm: 'sliding_window' }
    const results = await call({
      ask: [
        asks('a', { limit: sliding, needed: 2 }),
        asks('b', { limit: { policyId: 'pol_none', name: 'hourly' } }),
        asks('c', { limit: { ...LIMIT, algorithm: 'token_bucket' } }),
        asks('d', { limit: sliding }),
        asks('e', { identity: null }),
        asks('f', { limit: sliding, needed: 3 }),
      ],
    })
    expect(results).toMatchObject([
      { id: 'a', isAllowed: true, remaining: 0, retryAfterMs: 0, resetMs: expect.any(Number) },
      { id: 'b', error: { code: 'limit.unknown', message: expect.stringContaining('pol_none') } },
      { id: 'c', units: 25, lifeMs: 5_000 },
      { id: 'd', isAllowed: false, remaining: 0, retryAfterMs: expect.any(Number) },
      { id: 'e', units: 25 },
      { id: 'f', isAllowed: false, retryAfterMs: null },
    ])
  })

  test('is refused when nothing is left, with when to come again', async () => {
    const { call } = await served()
    await call({ ask: [asks('a', { needed: 1_000 })] })
    expect(await call({ holder: 'two', ask: [asks('b')] })).toEqual([
      { id: 'b', units: 0, lifeMs: 0, retryAfterMs: HALF_AN_HOUR_MS, askAgainMs: 1_000 },
    ])
  })

  test('is counted apart by application, pattern, figures and identity', async () => {
    const { call } = await served()
    const all = { needed: 1_000 }
    const apart = [
      asks('a', all),
      asks('b', { ...all, identity: { kind: 'customer', id: 'bob' } }),
      asks('c', { ...all, identity: { kind: 'network', id: 'ann' } }),
      asks('d', { ...all, identity: null }),
      asks('e', { ...all, limit: { ...LIMIT, pattern: '/other' } }),
      asks('f', { ...all, limit: { ...LIMIT, window: '2h' } }),
      asks('g', { ...all, limit: { ...LIMIT, limit: 1_001 } }),
      asks('h', { ...all, limit: { ...LIMIT, algorithm: 'token_bucket' } }),
    ]
    for (const { units } of await call({ ask: apart })) expect(units).toBe(1_000)
    expect(await call({ application: 'other', ask: apart })).toMatchObject(
      apart.map(() => ({ units: 1_000 })),
    )
    const same = { ...LIMIT, window: '60m', algorithm: 'fixed_window' }
    expect(await call({ ask: [asks('i', { limit: same })] })).toMatchObject([{ units: 0 }])
  })
})

describe('the same call again', () => {
  test('has the same answers, and nothing is lent twice', async () => {
    const { call } = await served()
    const sliding = { ...LIMIT, algorithm: 'sliding_window' }
    const same = { ask: [asks('a', { needed: 600 }), asks('b', { limit: sliding, needed: 600 })] }
    const first = await call(same)
    expect(await call(same)).toEqual(first)
    expect(await call(same)).toEqual(first)
    const rest = [asks('c', { needed: 400 }), asks('d', { limit: sliding, needed: 400 })]
    expect(await call({ ask: rest })).toMatchObject([
      { units: 400 },
      { isAllowed: true, remaining: 0 },
    ])
  })

  test('gives nothing back twice', async () => {
    const { call } = await served()
    await call({ ask: [asks('a', { needed: 600 })] })
    const settlement = { settle: [settles('a', 200)] }
    await call(settlement)
    await call(settlement)
    expect(
      await call({ ask: [asks('b', { needed: 801 }), asks('c', { needed: 800 })] }),
    ).toMatchObject([{ units: 0 }, { units: 800 }])
  })

  test('is another one from another process, which may use the same ids', async () => {
    const { call } = await served()
    await call({ ask: [asks('a', { needed: 600 })] })
    expect(await call({ holder: 'two', ask: [asks('a', { needed: 600 })] })).toMatchObject([
      { units: 0 },
    ])
    await call({ holder: 'two', settle: [settles('a', 0)] })
    expect(await call({ ask: [asks('b', { needed: 401 })] })).toMatchObject([{ units: 0 }])
  })

  test('keeps no answer, whatever key it is sent with', async () => {
    const { post, envId } = await served()
    const once = { 'idempotency-key': 'one' }
    const call = (id: string) => ({ application: 'shop', holder: 'one', ask: [asks(id)] })
    expect((await post(call('a'), once)).status).toBe(200)
    expect((await post(call('b'), once)).json.results).toMatchObject([{ id: 'b', units: 25 }])
    const kept = await inOwnTransaction((tx) =>
      tx.selectFrom('idempotent_requests').where('env_id', '=', envId).selectAll().execute(),
    )
    expect(kept).toEqual([])
  })
})

describe('a settlement', () => {
  test('goes first, so that what it gives back can be lent in the same call', async () => {
    const { call } = await served()
    await call({ ask: [asks('a', { needed: 1_000 })] })
    const both = { settle: [settles('a', 100)], ask: [asks('b', { needed: 900 })] }
    expect(await call(both)).toMatchObject([{ units: 900 }])
  })

  test('of what is not known changes nothing', async () => {
    const { call } = await served()
    const unknown = [
      settles('a', 5),
      settles('b', 5, { limit: { policyId: 'pol_none', name: 'hourly' } }),
      settles('c', 5, { limit: { ...LIMIT, algorithm: 'sliding_window' } }),
    ]
    expect(await call({ settle: unknown })).toEqual([])
    await call({ ask: [asks('d', { needed: 1_000 })] })
    await call({ settle: unknown })
    expect(await call({ ask: [asks('e')] })).toMatchObject([{ units: 0 }])
  })

  test('gives back no more than was lent, and nothing where more was used', async () => {
    const { call } = await served()
    await call({ ask: [asks('a', { needed: 600 })] })
    await call({ settle: [settles('a', 1_000_000_000)] })
    expect(
      await call({ ask: [asks('b', { needed: 401 }), asks('c', { needed: 400 })] }),
    ).toMatchObject([{ units: 0 }, { units: 400 }])
  })

  test('comes too late when the window is over', async () => {
    const { call, after } = await served()
    await call({ ask: [asks('a', { needed: 1_000 })] })
    after(HALF_AN_HOUR_MS)
    expect(
      await call({ settle: [settles('a', 0)], ask: [asks('b', { needed: 1_000 }), asks('c')] }),
    ).toMatchObject([{ units: 1_000 }, { units: 0 }])
  })
})

describe('a limit of a policy', () => {
  const HOURLY = { name: 'hourly', limit: 1_000, window: '1h' }

  test('is counted by itself, whichever application asks', async () => {
    const { call, policy } = await served()
    const policyId = await policy('first', [HOURLY, { ...HOURLY, name: 'burst' }])
    const otherId = await policy('second', [HOURLY])
    const all = (id: string, limit: object) => asks(id, { limit, needed: 1_000 })
    const ask = [
      all('a', { policyId, name: 'hourly' }),
      all('b', { policyId, name: 'burst' }),
      all('c', { policyId: otherId, name: 'hourly' }),
    ]
    expect(await call({ ask })).toMatchObject(ask.map(() => ({ units: 1_000 })))
    expect(await call({ application: 'other', holder: 'two', ask })).toMatchObject(
      ask.map(() => ({ units: 0 })),
    )
  })

  test('of all together has one account, whatever identity a process names', async () => {
    const { call, policy } = await served()
    const limit = { policyId: await policy('all', [{ ...HOURLY, per: 'all' }]), name: 'hourly' }
    const results = await call({
      ask: [asks('a', { limit, needed: 600 }), asks('b', { limit, needed: 600, identity: null })],
    })
    expect(results).toMatchObject([{ units: 600 }, { units: 0 }])
  })

  test('goes on with what was used when another number is set, and begins anew with another window', async () => {
    const { call, policy, changePolicy } = await served()
    const limit = { policyId: await policy('changed', [HOURLY]), name: 'hourly' }
    const of = (id: string, needed: number) => asks(id, { limit, needed })
    await call({ ask: [of('a', 600)] })
    await changePolicy(limit.policyId, { limits: [{ ...HOURLY, limit: 700 }] })
    expect(await call({ ask: [of('b', 101), of('c', 100)] })).toMatchObject([
      { units: 0 },
      { units: 100 },
    ])
    await changePolicy(limit.policyId, { limits: [{ ...HOURLY, limit: 200 }] })
    expect(await call({ ask: [of('d', 1)] })).toMatchObject([{ units: 0 }])
    await call({ settle: [settles('a', 0, { limit }), settles('c', 50, { limit })] })
    expect(await call({ ask: [of('e', 151), of('f', 150)] })).toMatchObject([
      { units: 0 },
      { units: 150 },
    ])
    await changePolicy(limit.policyId, { limits: [{ ...HOURLY, limit: 200, window: '2h' }] })
    expect(await call({ ask: [of('g', 200)] })).toMatchObject([{ units: 200 }])
    const bucket = { ...HOURLY, limit: 200, algorithm: 'token_bucket' }
    await changePolicy(limit.policyId, { limits: [bucket] })
    expect(await call({ ask: [of('h', 200)] })).toMatchObject([{ units: 200 }])
  })

  test('is unknown where it is switched off, another name, a key, or of another tenant', async () => {
    const { call, policy, changePolicy } = await served()
    const policyId = await policy('ours', [HOURLY])
    const off = await policy('off', [HOURLY])
    await changePolicy(off, { mode: 'off' })
    const theirs = await (await served()).policy('theirs', [HOURLY])
    const limits = [
      { policyId: off, name: 'hourly' },
      { policyId, name: 'daily' },
      { policyId: 'ours', name: 'hourly' },
      { policyId: theirs, name: 'hourly' },
      { policyId, name: 'hourly' },
    ]
    const results = await call({
      settle: limits.map((limit, n) => settles(`s${n}`, 1, { limit })),
      ask: limits.map((limit, n) => asks(`a${n}`, { limit })),
    })
    const unknown = { error: { code: 'limit.unknown' } }
    expect(results).toMatchObject([unknown, unknown, unknown, unknown, { units: 25 }])
  })
})

const good = { application: 'shop', holder: 'one', settle: [settles('s', 1)], ask: [asks('a')] }
const ask = (more: object) => ({ ...good, ask: [asks('a', more)] })
const withLimit = (more: object) => ask({ limit: { ...LIMIT, ...more } })
const settlement = (more: object) => ({ ...good, settle: [settles('a', 1, more)] })
const many = (count: number) => Array.from({ length: count }, (_, n) => asks(`a${n}`))

test.each<[string, unknown]>([
  ['nothing', undefined],
  ['a list', [good]],
  ['no application', { ...good, application: undefined }],
  ['an application without a name', { ...good, application: '' }],
  ['an application with half a letter', { ...good, application: '\ud800' }],
  ['no holder', { ...good, holder: undefined }],
  ['a holder with a space, which parts it from the id', { ...good, holder: 'a b' }],
  ['a holder of 101 letters', { ...good, holder: 'a'.repeat(101) }],
  ['an unknown field', { ...good, lifeMs: 3_600_000 }],
  ['an unknown field of an ask', ask({ lifeMs: 3_600_000 })],
  ['an unknown field of a settlement', settlement({ needed: 1 })],
  ['an unknown field of a limit', withLimit({ remaining: 5 })],
  ['asks that are no list', { ...good, ask: asks('a') }],
  ['501 asks', { ...good, ask: many(501) }],
  ['501 settlements', { ...good, settle: many(501).map(({ id }) => settles(id, 1)) }],
  ['an id twice among the asks', { ...good, ask: [asks('a'), asks('a', { identity: null })] }],
  ['an id twice among the settlements', { ...good, settle: [settles('a', 1), settles('a', 2)] }],
  ['no id', ask({ id: undefined })],
  ['an empty id', ask({ id: '' })],
  ['an id with a space', ask({ id: 'a b' })],
  ['an id that is a number', ask({ id: 1 })],
  ['no units', ask({ needed: undefined })],
  ['0 units', ask({ needed: 0 })],
  ['negative units', ask({ needed: -1 })],
  ['half a unit', ask({ needed: 0.5 })],
  ['units as a text', ask({ needed: '1' })],
  ['more units than any limit has', ask({ needed: 1_000_000_001 })],
  ['units beyond the numbers', JSON.stringify(ask({})).replace('"needed":1', '"needed":1e400')],
  ['negative use', settlement({ used: -1 })],
  ['half a unit of use', settlement({ used: 1.5 })],
  ['endless use', settlement({ used: 1e300 })],
  ['no identity', ask({ identity: undefined })],
  ['an identity that is a text', ask({ identity: 'ann' })],
  ['an identity of another kind', ask({ identity: { kind: 'user', id: 'ann' } })],
  ['an identity without a name', ask({ identity: { kind: 'customer', id: '' } })],
  ['a name of 256 letters', ask({ identity: { ...ANN, id: 'a'.repeat(256) } })],
  ['a name with a NUL', ask({ identity: { ...ANN, id: 'a\0' } })],
  ['a limit that is a name', ask({ limit: 'hourly' })],
  ['a limit of both kinds', withLimit({ policyId: 'pol_1', name: 'hourly' })],
  ['a policy without the name of a limit', ask({ limit: { policyId: 'pol_1' } })],
  ['a limit of 0', withLimit({ limit: 0 })],
  ['a negative limit', withLimit({ limit: -5 })],
  ['a limit with a fraction', withLimit({ limit: 1.5 })],
  ['a limit that is too high', withLimit({ limit: 1_000_000_001 })],
  ['a limit as a text', withLimit({ limit: '10' })],
  ['no window', withLimit({ window: undefined })],
  ['a window in words', withLimit({ window: 'an hour' })],
  ['a window of 0', withLimit({ window: '0s' })],
  ['a window of years', withLimit({ window: '367d' })],
  ['an algorithm that there is not', withLimit({ algorithm: 'leaky_bucket' })],
  [
    'a bucket that cannot be counted',
    withLimit({ limit: 1e9, window: '366d', algorithm: 'token_bucket' }),
  ],
])('refused, and nothing of it is done: %s', async (_what, body) => {
  const { post, envId } = await served()
  const headers = { 'content-type': 'application/json' }
  const answered = await post(typeof body === 'string' ? body : JSON.stringify(body), headers)
  expect(answered.json.error.code).toMatch(/^(request\.malformed|json\.\w+)$/)
  expect([400, 422]).toContain(answered.status)
  const states = await inOwnTransaction((tx) =>
    tx.selectFrom('limit_states').where('env_id', '=', envId).selectAll().execute(),
  )
  expect(states).toEqual([])
})

test('what is wrong with a limit is said', async () => {
  const { post } = await served()
  const { json } = await post(withLimit({ window: 'an hour' }))
  expect(json.error.message).toContain('"an hour" is no duration')
  const { json: other } = await post(ask({ limit: 'hourly' }))
  expect(other.error.message).toContain('send `policyId` and `name`, or `pattern`')
})
