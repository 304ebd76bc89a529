import { describe, expect, test } from 'vitest'
import type { Endpoint, Policy } from '../../api/records.ts'
import { coverageOf, type Holding, inOrder } from './coverage.ts'

const policy = (id: string, url: string, more: Partial<Policy> = {}): Policy => ({
  ...{ id, key: id, name: id, application: null, method: '*', url, priority: 0, strategyId: null },
  ...{ mode: 'enforce', withoutAnswer: 'allow', deadlineMs: 50, limits: [], metering: [] },
  ...{ createdAt: '2026-03-01T00:00:00.000Z', archivedAt: null, ...more },
})

const endpoint = (application: string, method: string | null, route: string | null) =>
  ({ id: `${application} ${method} ${route}`, application, method, route }) as Endpoint // all that is looked at

const draft = (url: string, more: Partial<Holding> = {}): Holding => ({
  ...{ id: null, application: null, method: '*', url, priority: 0, ...more },
})

const ENDPOINTS = [
  endpoint('shop', 'GET', '/users/:id'),
  endpoint('shop', 'POST', '/users'),
  endpoint('shop', null, null),
  endpoint('bakery', 'GET', '/users/:id'),
]

const covered = (holding: Holding, policies: readonly Policy[] = []) =>
  coverageOf(holding, ENDPOINTS, policies).map(({ endpoint: { id }, held, taken }) =>
    [id, held && `held by ${held.id}`, taken && `taken from ${taken.id}`]
      .filter(Boolean)
      .join(', '),
  )

describe('a policy covers', () => {
  test('the endpoints of its method, pattern and application', () => {
    expect(covered(draft('*'))).toEqual([
      ...['shop GET /users/:id', 'shop POST /users', 'bakery GET /users/:id'],
    ])
    expect(covered(draft('/users/:any', { application: 'shop' }))).toEqual(['shop GET /users/:id'])
    expect(covered(draft('/users/*', { method: 'POST' }))).toEqual(['shop POST /users'])
    expect(covered(draft('/elsewhere'))).toEqual([])
  })

  test('no more where another comes first, and says from whom it takes', () => {
    const all = policy('pol_1', '*')
    expect(covered(draft('/users/:id'), [all])).toEqual([
      ...['shop GET /users/:id, taken from pol_1', 'bakery GET /users/:id, taken from pol_1'],
    ])
    const users = policy('pol_2', '/users/*', { application: 'shop' })
    expect(covered(draft('*'), [all, users])).toEqual([
      ...['shop GET /users/:id, held by pol_2', 'shop POST /users, held by pol_2'],
      'bakery GET /users/:id, held by pol_1', // the same pattern, and made first
    ])
    expect(covered(draft('*', { priority: 1 }), [users])).toEqual([
      ...['shop GET /users/:id, taken from pol_2', 'shop POST /users, taken from pol_2'],
      'bakery GET /users/:id',
    ])
  })

  test('nothing less for one that is off or archived, or for itself as it is stored', () => {
    const gone = [
      policy('pol_1', '/users/:id', { mode: 'off' }),
      policy('pol_2', '/users/:id', { archivedAt: '2026-03-01T00:00:00.000Z' }),
      policy('pol_3', '/users/:id', { priority: 9 }),
    ]
    expect(covered(draft('/users/:id', { id: 'pol_3', application: 'shop' }), gone)).toEqual([
      'shop GET /users/:id',
    ])
  })

  test('as the one that was made first among equals', () => {
    const [first, third] = [policy('pol_1', '/users'), policy('pol_3', '/users')]
    const second = draft('/users', { id: 'pol_2' })
    expect(covered(second, [third, first])).toEqual(['shop POST /users, held by pol_1'])
    expect(covered(second, [third])).toEqual(['shop POST /users, taken from pol_3'])
  })

  test('nothing with a pattern that is none, which is said', () => {
    expect(() => covered(draft('users'))).toThrow('is no route pattern')
  })
})

test('policies are asked by priority, then the more specific, then the one made first', () => {
  const policies = [
    ...[policy('pol_4', '*'), policy('pol_3', '/a/:b'), policy('pol_2', '/a/b')],
    ...[policy('pol_1', '/a/:c'), policy('pol_5', '*', { priority: 1 })],
  ]
  expect(inOrder(policies).map(({ id }) => id)).toEqual([
    ...['pol_5', 'pol_2', 'pol_1', 'pol_3', 'pol_4'],
  ])
})
