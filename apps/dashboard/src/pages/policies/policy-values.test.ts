import { describe, expect, test } from 'vitest'
import type { Policy } from '../../api/records.ts'
import {
  EMPTY_POLICY,
  FRESH_RULE,
  freshLimit,
  limitWords,
  policyBody,
  policyProblems,
  shownFieldsOf,
  valuesOfPolicy,
} from './policy-values.ts'

const POLICY: Policy = {
  ...{ id: 'pol_1', key: 'chat', name: 'Chat', application: null, method: 'POST', url: '/chat' },
  ...{ priority: 7, strategyId: 'str_1', mode: 'enforce', withoutAnswer: 'refuse', deadlineMs: 20 },
  limits: [{ name: 'a', algorithm: 'token_bucket', limit: 5, window: '10s', per: 'all' }],
  metering: [{ id: 'mrl_1', event: 'CALL', quantity: '1', when: ['2xx'] }],
  ...{ createdAt: '2026-03-01T00:00:00.000Z', archivedAt: null },
}

test('a quota that is opened and saved stays one, and is told without a window', () => {
  const [limit] = POLICY.limits
  const quota = { name: 'monthly', limit: 9_000, period: 'month', per: 'identity' } as const
  const policy = { ...POLICY, limits: [{ ...quota, algorithm: 'fixed_window' as const }] }
  expect(policyBody(valuesOfPolicy(policy)).limits).toEqual([quota])
  expect(policyProblems(valuesOfPolicy(policy))).toEqual({})
  expect([...policy.limits, ...(limit ? [limit] : [])].map(limitWords)).toEqual([
    '9,000 a month, each caller',
    '5 in 10s, all together',
  ])
})

test('a balance that is opened and saved stays one, and is told by its meter', () => {
  const balance = {
    name: 'left',
    algorithm: 'balance',
    meter: 'TOKENS',
    unitsPerRequest: 2,
  } as const
  const limits = [true, false].map((planPays) => ({
    ...balance,
    planPays,
    per: 'identity' as const,
  }))
  const values = valuesOfPolicy({ ...POLICY, limits })
  expect(policyBody(values).limits).toEqual([
    { ...balance, planPays: true },
    { ...balance, planPays: false },
  ])
  expect(policyProblems(values)).toEqual({})
  expect(limits.map(limitWords)).toEqual([
    '2 of the balance of TOKENS a request, or by plan',
    '2 of the balance of TOKENS a request, credits alone',
  ])
  const empty = { ...freshLimit([]), counting: 'balance', unitsPerRequest: '' } as const
  const asked = { ...values, limits: [empty] }
  const missing = ['limits.0.meter', 'limits.0.unitsPerRequest']
  expect(Object.keys(policyProblems(asked))).toEqual(missing)
  expect(shownFieldsOf(asked)).toEqual(expect.arrayContaining(missing))
})

test('a policy that is opened and saved is sent as it was', () => {
  expect(policyBody(valuesOfPolicy(POLICY))).toEqual({
    ...{ name: 'Chat', application: null, method: 'POST', url: '/chat', priority: 7 },
    ...{ strategy: 'str_1', mode: 'enforce', withoutAnswer: 'refuse', deadlineMs: 20 },
    limits: POLICY.limits,
    metering: [{ event: 'CALL', quantity: '1', when: ['2xx'] }],
  })
})

describe('a new policy', () => {
  test('lets everything through until it was seen what it refuses', () => {
    expect(policyBody({ ...EMPTY_POLICY, name: 'a', url: ' /a ', method: ' ' })).toMatchObject({
      ...{ mode: 'shadow', url: '/a', method: '*', application: null, limits: [], metering: [] },
    })
  })

  test('says at its fields what is missing, each of which shows it', () => {
    const limits = [{ ...freshLimit([]), limit: '', window: ' ', name: '' }] as const
    const metering = [{ ...FRESH_RULE, quantity: '', when: [] }]
    const values = { ...EMPTY_POLICY, deadlineMs: '' as const, limits, metering }
    const wrong = Object.keys(policyProblems(values))
    expect(wrong).toEqual([
      ...['name', 'key', 'url', 'deadlineMs', 'limits.0.name', 'limits.0.limit', 'limits.0.window'],
      ...['metering.0.event', 'metering.0.quantity', 'metering.0.when'],
    ])
    expect(shownFieldsOf(values)).toEqual(expect.arrayContaining(wrong))
    expect(policyProblems(valuesOfPolicy(POLICY))).toEqual({})
  })

  test('gets limits of different names', () => {
    const first = freshLimit([])
    const second = freshLimit([first])
    expect(new Set([first, second, freshLimit([first, second])].map(({ name }) => name)).size).toBe(
      3,
    )
  })
})
