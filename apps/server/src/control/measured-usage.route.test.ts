import { beforeEach, describe, expect, test } from 'vitest'
import {
  OTHER_TENANT,
  READER,
  STRICT,
  serveUsage,
  type TestUsage,
  WRITER,
} from '../usage/test-usage.ts'
import { measuredUsageRoute } from './measured-usage.route.ts'
import { policiesRoutes } from './policies.routes.ts'
import { aPolicy } from './test-control.ts'

const POLICIES = '/api/v1/control/policies'
const USAGE = '/api/v1/control/usage'
const TOKENS = '/response/body/usage/total_tokens'
const NOW = new Date()
const DAY_MS = 24 * 3_600_000
/** So many days from now. */
const inDays = (days: number) => new Date(NOW.getTime() + days * DAY_MS)

let app: TestUsage
let keys = 0

beforeEach(async () => {
  app = await serveUsage({}, (parts) => [...policiesRoutes(), measuredUsageRoute(parts)])
})

/** Makes the policy with one rule, or gives it this one, and returns the rule's id. */
async function rule(quantity?: string, event = 'AI_TOKEN'): Promise<string> {
  const metering = [{ event, quantity }]
  const made = await app.post(POLICIES, aPolicy({ metering }))
  const policy =
    made.status === 201
      ? made.json
      : (await app.send('PATCH', `${POLICIES}/all`, { body: { metering } })).json
  return policy.metering[0].id
}

/** The least that an SDK sends for a request. */
function measured(ruleId: string, more: object = {}) {
  keys++
  return {
    ...{ idempotencyKey: `key-${keys}`, ruleId, customerId: 'ann', timestamp: NOW.toISOString() },
    ...{ method: 'POST', route: '/chat', requests: 1, fields: {}, metadata: {}, ...more },
  }
}

async function send(usage: readonly object[], headers = {}) {
  const answer = await app.post(USAGE, { application: 'shop', usage }, headers)
  if (answer.status !== 200) throw new Error(`${answer.status} ${answer.text}`)
  return answer.json.results
}

async function eventOf({ eventId }: { eventId: string }) {
  return (await app.get(`/api/v1/events/${eventId}`)).json
}

const refusal = (code: string, words: string) => ({
  status: 'refused',
  error: { code, message: expect.stringContaining(words) },
})

describe('what was measured', () => {
  test('becomes the event of its rule, with what it was measured of', async () => {
    const ruleId = await rule('response.body.usage.total_tokens * 2')
    const [result] = await send([
      measured(ruleId, { fields: { [TOKENS]: 21 }, metadata: { tier: 'free' } }),
    ])
    expect(result).toEqual({ status: 'recorded', eventId: expect.stringMatching(/^evt_/) })
    expect(await eventOf(result)).toMatchObject({
      ...{ name: 'AI_TOKEN', customerId: 'ann', amount: '42', timestamp: NOW.toISOString() },
      metadata: { application: 'shop', method: 'POST', route: '/chat', tier: 'free' },
      idempotencyKey: `key-${keys}`,
    })
  })

  test('is counted together where the rule allows it', async () => {
    const ruleId = await rule()
    const [summed, alone] = await send([measured(ruleId, { requests: 7 }), measured(ruleId)])
    expect(await eventOf(summed)).toMatchObject({ amount: '7' })
    expect(await eventOf(alone)).toMatchObject({ amount: '1' })
    const reading = await rule('response.bytes')
    expect(await send([measured(reading, { requests: 2 })])).toEqual([
      refusal('usage.not_summable', reading),
    ])
  })

  test('is told apart from what the host says itself, and never crowds it out', async () => {
    const ruleId = await rule()
    const own = { method: 'mine', route: 5 }
    const full = Object.fromEntries(Array.from({ length: 49 }, (_, at) => [`k${at}`, at]))
    const [named, crowded, bare] = await send([
      measured(ruleId, { metadata: own }),
      measured(ruleId, { metadata: full }),
      measured(ruleId, { route: null, metadata: undefined }),
    ])
    expect((await eventOf(named)).metadata).toEqual({ ...own, application: 'shop' })
    expect((await eventOf(crowded)).metadata).toEqual({ ...full, method: 'POST' })
    expect((await eventOf(bare)).metadata).toEqual({ application: 'shop', method: 'POST' })
  })

  test('is not refused for what is only noted beside it', async () => {
    const ruleId = await rule()
    const [long] = await send([measured(ruleId, { method: 'X'.repeat(2_049), route: '' })])
    expect((await eventOf(long)).metadata).toEqual({ application: 'shop' })
  })

  test('is stored once, however often and with whatever neighbours it is sent', async () => {
    const ruleId = await rule()
    const [first, second] = [measured(ruleId), measured(ruleId)]
    const [one] = await send([first])
    const again = { ...one, status: 'duplicate' }
    expect(await send([first, second, first])).toMatchObject([again, { status: 'recorded' }, again])
    expect(await send([{ ...first, customerId: 'bob' }])).toEqual([
      refusal('usage.key_reused', 'another event'),
    ])
  })

  test('says the same when it is sent again after the rule was changed and the policy archived', async () => {
    const ruleId = await rule('response.body.usage.total_tokens * 2')
    const [sent, late] = [1, 2].map(() => measured(ruleId, { fields: { [TOKENS]: 10 } }))
    const [recorded] = await send([sent as object])
    expect(await rule('response.body.usage.total_tokens * 3', 'OTHER')).not.toBe(ruleId)
    await app.post(`${POLICIES}/all/archive`, undefined)
    expect(await send([sent as object])).toEqual([{ ...recorded, status: 'duplicate' }])
    const [recordedLate] = await send([late as object])
    expect(await eventOf(recordedLate)).toMatchObject({ name: 'AI_TOKEN', amount: '20' })
  })

  test('is taken for a rule that ended before anybody sent what it measured', async () => {
    const ruleId = await rule()
    await rule('5')
    const [late] = await send([measured(ruleId)])
    expect(await eventOf(late)).toMatchObject({ amount: '1' })
  })

  test('is refused by itself and with its field and rule, and does no harm to the others', async () => {
    const ruleId = await rule('response.body.usage.total_tokens * 2')
    const of = (fields: object) => measured(ruleId, { fields })
    const results = await send([
      of({}),
      of({ [TOKENS]: 'many' }),
      of({ [TOKENS]: -1 }),
      of({ [TOKENS]: '1e30' }),
      of({ [TOKENS]: 1 }),
    ])
    expect(results).toEqual([
      refusal('usage.field_missing', `The metering rule ${ruleId} needs ${TOKENS}`),
      refusal('usage.field_unusable', `${ruleId} cannot use ${TOKENS}: it cannot be counted`),
      refusal('usage.quantity_impossible', `${ruleId} is no quantity: it comes to less`),
      refusal('usage.field_unusable', 'more than 26 digits'),
      { status: 'recorded', eventId: expect.any(String) },
    ])
  })

  test('is dated when it arrives where the clock was moved, and counts once', async () => {
    const ruleId = await rule()
    const usage = measured(ruleId)
    app.setNow(inDays(400))
    const [result] = await send([usage])
    expect(await eventOf(result)).toMatchObject({ timestamp: inDays(400).toISOString() })
    app.setNow(inDays(401))
    expect(await send([usage])).toEqual([{ ...result, status: 'duplicate' }])
  })

  test('is held against the same rules as any event', async () => {
    const ruleId = await rule()
    const results = await send([
      measured(ruleId, { timestamp: inDays(-36).toISOString() }),
      measured(ruleId, { timestamp: inDays(1).toISOString() }),
      measured(ruleId, { timestamp: 'yesterday' }),
      measured(ruleId, { customerId: '' }),
      measured(ruleId, { idempotencyKey: 'é' }),
      measured(ruleId, { metadata: { a: { b: { c: { d: 1 } } } } }),
    ])
    expect(results).toMatchObject([
      refusal('usage.timestamp_too_old', '35 days'),
      refusal('usage.timestamp_in_future', 'ahead'),
      refusal('usage.malformed', 'timestamp: must be'),
      refusal('usage.malformed', 'customerId: must be'),
      refusal('usage.malformed', 'idempotencyKey: must be'),
      refusal('usage.malformed', 'must not be nested'),
    ])
    expect(await send([measured(ruleId)], STRICT)).toEqual([
      refusal('usage.meter_unknown', 'AI_TOKEN'),
    ])
  })

  test('is of a rule of the same environment, or of none', async () => {
    const ruleId = await rule()
    const unknown = (id: string) => refusal('usage.rule_unknown', `"${id}"`)
    expect(await send([measured(ruleId)], OTHER_TENANT)).toEqual([unknown(ruleId)])
    expect(await send([measured('mrl_none')])).toEqual([unknown('mrl_none')])
    expect(await send([measured(ruleId)])).toMatchObject([{ status: 'recorded' }])
    expect(await send([measured(ruleId)], OTHER_TENANT)).toEqual([unknown(ruleId)])
  })
})

test.for([
  [{ ruleId: undefined }, 'ruleId: must be text'],
  [{ idempotencyKey: undefined }, 'idempotencyKey: is missing'],
  [{ timestamp: undefined }, 'timestamp: is missing'],
  [{ customerId: undefined }, 'customerId: is missing'],
  [{ method: 5 }, 'method: must be text'],
  [{ route: 5 }, 'route: must be text'],
  [{ requests: 0 }, 'requests: must be a whole number'],
  [{ requests: 1.5 }, 'requests: must be a whole number'],
  [{ fields: [] }, 'fields: must be a JSON object'],
  [{ fields: { '/a': null } }, 'fields./a: must be a number'],
  [{ fields: { '/a': 'x'.repeat(2_049) } }, 'fields./a: must be a number'],
  [{ amount: 5 }, 'amount: is not a field'],
  [{ name: 'x' }, 'name: is not a field'],
] as const)('an item with %j is malformed', async ([more, why]) => {
  const ruleId = await rule()
  const [bad, good] = await send([measured(ruleId, more), measured(ruleId)])
  expect(bad).toEqual(refusal('usage.malformed', why))
  expect(good).toMatchObject({ status: 'recorded' })
})

test('an item that is no object is malformed', async () => {
  expect(await send([[], 'x' as never])).toMatchObject([
    refusal('usage.malformed', 'must be JSON objects'),
    refusal('usage.malformed', 'must be JSON objects'),
  ])
})

test.for([
  [{ application: 'shop', usage: [] }, 400, 'request.malformed'],
  [{ application: 'shop', usage: Array.from({ length: 1_001 }, () => ({})) }, 400, 'malformed'],
  [{ application: '', usage: [{}] }, 400, 'request.malformed'],
  [{ usage: [{}] }, 400, 'request.malformed'],
  [{ application: 'shop', usage: [{}], more: 1 }, 400, 'request.malformed'],
  [[], 400, 'request.malformed'],
  ['{"application":"a","application":"b"}', 400, 'json.repeated_key'],
] as const)('a call that is not one is refused as a whole: %#', async ([body, status, code]) => {
  const headers = { 'content-type': 'application/json' }
  const answer = await app.send('POST', USAGE, { body, headers })
  expect(answer.status).toBe(status)
  expect(answer.json.error.code).toContain(code)
})

test('more than 5 MiB are refused', async () => {
  const body = { application: 'shop', usage: ['x'.repeat(5 * 1024 * 1024)] }
  expect((await app.post(USAGE, body)).json.error.code).toBe('request.too_large')
})

test('a thousand items are one call', async () => {
  const ruleId = await rule()
  const usage = Array.from({ length: 1_000 }, () => measured(ruleId))
  const statuses = (await send(usage)).map(({ status }: { status: string }) => status)
  expect(new Set(statuses)).toEqual(new Set(['recorded']))
})

test('a key that may not report for an application may not send', async () => {
  for (const key of [READER, WRITER])
    expect((await app.post(USAGE, { application: 'shop', usage: [{}] }, key)).status).toBe(403)
})
