import { beforeEach, describe, expect, test } from 'vitest'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { KEY } from '../platform/http/test-app.ts'
import { selectRules } from './metering-rules.store.ts'
import { aPolicy, type ControlApp, controlApp } from './test-control.ts'

let app: ControlApp

beforeEach(async () => {
  app = await controlApp()
})

const TOKENS = { event: 'AI_TOKEN', quantity: 'response.body.usage.total_tokens * 2' }
const CALLS = { event: 'API_CALL' }
const READ_CALLS = { ...CALLS, quantity: 'usage_record.quantity', when: ['2xx', '3xx'] }

const made = (metering: readonly object[]) => app.good('POST', '/policies', aPolicy({ metering }))
const changed = (metering: readonly object[]) => app.good('PATCH', '/policies/all', { metering })
const idsOf = ({ metering }: { metering: { id: string }[] }) => metering.map(({ id }) => id)
const stored = (ids: readonly string[], envId = app.envId) =>
  inOwnTransaction((tx) => selectRules(tx, envId, ids))

async function config() {
  const { json } = await app.send('GET', '/api/v1/control/config?application=shop', {
    headers: KEY,
  })
  return json.policies[0].metering
}

describe('the rules of a policy', () => {
  test('count successful requests where nothing else is said', async () => {
    const policy = await made([CALLS, { ...TOKENS, when: ['5xx', '2xx', '5xx'] }])
    expect(policy.metering).toEqual([
      { id: expect.stringMatching(/^mrl_/), ...READ_CALLS },
      { id: expect.stringMatching(/^mrl_/), ...TOKENS, when: ['2xx', '5xx'] },
    ])
    expect(await app.good('GET', '/policies/all')).toEqual(policy)
    expect((await app.good('GET', '/policies')).data).toEqual([policy])
  })

  test('keep their ids where they mean the same, in whatever order they stand', async () => {
    const [calls, tokens] = idsOf(await made([CALLS, TOKENS]))
    expect(idsOf(await changed([TOKENS, READ_CALLS]))).toEqual([tokens, calls])
    expect(idsOf(await app.good('GET', '/policies/all'))).toEqual([tokens, calls])
    const renamed = await app.good('PATCH', '/policies/all', { name: 'Other' })
    expect(idsOf(renamed)).toEqual([tokens, calls])
  })

  test('count once, also where the policy has them already', async () => {
    const [calls] = idsOf(await made([CALLS]))
    expect(await app.refused('PATCH', '/policies/all', { metering: [CALLS, CALLS] })).toContain(
      'policy.metering_impossible',
    )
    expect(idsOf(await app.good('GET', '/policies/all'))).toEqual([calls])
  })

  test('never change: a rule that does is another one, and the old one is still known', async () => {
    const [first = ''] = idsOf(await made([TOKENS]))
    const [second = ''] = idsOf(await changed([{ ...TOKENS, quantity: '3 * response.bytes' }]))
    const [third = ''] = idsOf(await changed([TOKENS]))
    expect(new Set([first, second, third]).size).toBe(3)
    expect(await changed([])).toMatchObject({ metering: [] })
    await app.good('POST', '/policies/all/archive')
    const rules = await stored([first, second, third])
    expect(rules.map(({ quantity }) => quantity).sort()).toEqual([
      '3 * response.bytes',
      TOKENS.quantity,
      TOKENS.quantity,
    ])
    expect(await stored([first], app.envId + 1)).toEqual([])
  })

  test('are told to SDKs with what they capture, and never with their expressions', async () => {
    const { metering } = await made([TOKENS, CALLS])
    const [tokens, calls] = metering
    expect(await config()).toEqual([
      {
        ...{ id: tokens.id, event: 'AI_TOKEN', when: ['2xx', '3xx'] },
        ...{ captures: ['/response/body/usage/total_tokens'], isSummable: false },
      },
      {
        ...{ id: calls.id, event: 'API_CALL', when: ['2xx', '3xx'] },
        ...{ captures: [], isSummable: true },
      },
    ])
    const version = await app.version()
    await changed([CALLS])
    expect(await app.version()).toBe(version + 1)
    expect(await config()).toMatchObject([{ id: calls.id }])
  })
})

test.for([
  ['request.header.x', 'at character 1 (request.header.x): request has no header; it has method,'],
  ['response.body.tokens *', 'at character 23: unexpected token: the end'],
  ['response.body.text.matches("(a+)+$") ? 1 : 0', 'there is no matches'],
  ['"many"', 'this is a text where a number is needed'],
  ['0 - 1', 'it comes to less than nothing'],
  ['1'.repeat(1_001), 'it has 1001 characters: 1000 at most'],
] as const)('422 for %s, with where and what to change', async ([quantity, why]) => {
  const metering = [CALLS, { event: 'AI_TOKEN', quantity }]
  const refusal = await app.refused('POST', '/policies', aPolicy({ metering }))
  expect(refusal).toContain('policy.metering_impossible Correct the metering rule for "AI_TOKEN": ')
  expect(refusal).toContain(why)
  await made([CALLS])
  expect(await app.refused('PATCH', '/policies/all', { metering })).toBe(refusal)
  expect(await config()).toMatchObject([CALLS])
})

test('422 for a rule that stands there twice, which would count usage twice', async () => {
  const metering = [READ_CALLS, { ...CALLS, when: ['3xx', '2xx'] }]
  expect(await app.refused('POST', '/policies', aPolicy({ metering }))).toBe(
    'policy.metering_impossible Correct the metering rule for "API_CALL": another rule says the same, and usage would count twice.',
  )
})

test.for([
  [{ event: '' }],
  [{ event: 'x'.repeat(101) }],
  [{}],
  [{ ...CALLS, when: [] }],
  [{ ...CALLS, when: ['1xx'] }],
  [{ ...CALLS, quantity: '' }],
  [{ ...CALLS, id: 'mrl_x' }],
])('400 for %j', async ([rule]) => {
  const metering = [rule]
  expect(await app.refused('POST', '/policies', aPolicy({ metering }))).toMatch(
    /^request\.malformed/,
  )
})

test('400 for more than five rules', async () => {
  const metering = Array.from({ length: 6 }, (_, at) => ({ event: `E${at}` }))
  expect(await app.refused('POST', '/policies', aPolicy({ metering }))).toMatch(
    /^request\.malformed/,
  )
})
