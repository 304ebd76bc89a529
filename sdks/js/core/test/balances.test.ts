import { beforeEach, expect, test } from 'vitest'
import { aMeter } from '../../../../apps/server/src/catalog/test-plans.ts'
import type { BalanceLender } from '../../../../apps/server/src/control/lend-leases.ts'
import { aPolicy, aStrategy } from '../../../../apps/server/src/control/test-control.ts'
import { inOwnTransaction } from '../../../../apps/server/src/platform/db/test-db.ts'
import { Agent, type UsageFlowError } from '../src/index.ts'
import { type AgentWorld, anAgentWorld, aRequest, statusOf } from './agent-world.ts'

/** Nobody passes because the machine is slow. */
const IN_DOUBT = { deadlineMs: 1_000, withoutAnswer: 'refuse' }
const BALANCE = { name: 'left', algorithm: 'balance', meter: 'API_CALL', unitsPerRequest: 5 }
const HOURLY = { name: 'hourly', limit: 100, window: '366d' }

let world: AgentWorld
let left: number
let needed: number[]
let settled: number

/** Of a server where every customer has 15 units, two requests to a lease. */
beforeEach(async () => {
  left = 15
  needed = []
  settled = 0
  const balances: BalanceLender = {
    lookAhead: async () => async (_tx, call) => {
      settled += call.settle.reduce((sum, { used }) => sum + used, 0)
      return call.ask.map(({ id, needed: units, customer }) => {
        needed.push(units)
        const lent = customer === null ? 0 : Math.min(left, 10)
        left -= lent
        return {
          id,
          units: lent,
          lifeMs: 60_000,
          retryAfterMs: null,
          askAgainMs: lent ? 0 : 60_000,
        }
      })
    },
  }
  world = await anAgentWorld({ balances })
  await inOwnTransaction((tx) => aMeter(tx, world.control.envId))
  await world.control.good('POST', '/strategies', aStrategy())
})

async function readyAgent(limits: readonly object[], more: object = {}): Promise<Agent> {
  const policy = aPolicy({ strategy: 'by-user', limits, ...IN_DOUBT, ...more })
  await world.control.good('POST', '/policies', policy)
  const agent = world.agent()
  await expect.poll(() => agent.isReady).toBe(true)
  return agent
}

const begin = (agent: Agent, incoming = aRequest()) =>
  agent.guard([{ method: '*', url: '*' }]).begin(incoming)

async function statuses(agent: Agent, count: number): Promise<number[]> {
  const answered: number[] = []
  for (let n = 0; n < count; n += 1) answered.push(await statusOf(agent))
  return answered
}

test('a balance lets requests through by its units, then says what to do and not when to come again', async () => {
  const agent = await readyAgent([BALANCE, HOURLY])
  const passed = await begin(agent)
  expect(passed?.headers.RateLimit).toMatch(/^"hourly";r=\d+;t=\d+$/)
  expect(await statuses(agent, 3)).toEqual([200, 200, 402])
  expect(new Set(needed)).toEqual(new Set([5]))
  const refused = await begin(agent)
  expect(refused?.headers).not.toHaveProperty('Retry-After')
  expect(refused?.headers.RateLimit).not.toContain('left')
  expect(refused?.refusal).toMatchObject({
    status: 402,
    headers: { 'content-type': 'application/problem+json' },
  })
  expect(JSON.parse(refused?.refusal?.body ?? '')).toEqual({
    ...{ type: 'about:blank', title: 'Payment Required', status: 402 },
    detail:
      'Nothing is left of "API_CALL" for customer "ann": buy credits, choose a plan that has it, or settle what is due.',
    'violated-policies': ['left'],
  })
  await agent.close()
  expect(settled).toBe(15)
})

test('who is no customer is refused, and where a window refuses as well it is for the balance', async () => {
  const agent = await readyAgent([BALANCE, { ...HOURLY, limit: 1 }])
  const nobody = aRequest('ann', { headers: {}, clientAddress: '192.0.2.1' })
  const refused = await begin(agent, nobody)
  expect(JSON.parse(refused?.refusal?.body ?? '').detail).toMatch(/^Only customers may use/)
  left = 5
  expect(await statusOf(agent)).toBe(200)
  const both = await begin(agent)
  expect(both?.refusal?.status).toBe(402)
  expect(both?.headers.RateLimit).toMatch(/^"hourly";r=0;/)
  expect(both?.headers).not.toHaveProperty('Retry-After')
})

test('in shadow a balance refuses nobody and is told of in no header', async () => {
  left = 0
  const agent = await readyAgent([BALANCE], { mode: 'shadow' })
  const begun = await begin(agent)
  expect([begun?.refusal, begun?.headers]).toEqual([null, {}])
  expect(await statuses(agent, 3)).toEqual([200, 200, 200])
})

test('without an answer it is as the policy says', async () => {
  const agent = await readyAgent([BALANCE], { deadlineMs: 1 })
  await world.control.good('POST', '/policies/all/archive') // the server does not know the limit any more
  expect((await begin(agent))?.refusal?.status ?? 503).toBe(503)
})

test('a limit that the agent does not know holds for nothing, is told once, and the others hold', async () => {
  const errors: UsageFlowError[] = []
  const agent = new Agent({
    ...{ apiKey: 'key', baseUrl: 'http://server', application: 'shop' },
    onError: (error) => errors.push(error),
    fetch: newerServer(),
  })
  await expect.poll(() => agent.isReady).toBe(true)
  await expect.poll(() => versions).toBeGreaterThan(2)
  expect(await statuses(agent, 3)).toEqual([200, 429, 429])
  const told = errors.filter(({ message }) => message.includes('moon'))
  expect(told.map(({ message }) => message)).toEqual([
    'The limit "moon" of the policy pol_1 is not understood, and does not hold: algorithm must be one of fixed_window, token_bucket, sliding_window, not moon_phase.',
  ])
  await agent.close(1)
})

let versions = 0

/** Of a later version: what holds changes all the time, and one of the limits is of a new kind. */
function newerServer(): typeof fetch {
  versions = 0
  let lent = 0
  return async (url, init) => {
    if (String(url).includes('/control/config')) {
      versions += 1
      return Response.json(document(), { headers: { etag: `"${versions}"` } })
    }
    const { ask = [] } = JSON.parse(String(init?.body ?? '{}'))
    const results = ask.map(({ id }: { id: string }) => {
      lent += 1
      return {
        id,
        units: lent === 1 ? 1 : 0,
        lifeMs: 60_000,
        retryAfterMs: 60_000,
        askAgainMs: 60_000,
      }
    })
    return Response.json({ status: 'recorded', results })
  }
}

function document() {
  const known = {
    name: 'one',
    algorithm: 'fixed_window',
    limit: 1,
    window: '366d',
    per: 'identity',
  }
  const strange = { name: 'moon', algorithm: 'moon_phase', limit: 1, window: '1h', per: 'identity' }
  const policy = {
    ...{ id: 'pol_1', key: 'all', method: '*', url: '*', priority: 0, strategyId: 'str_1' },
    ...{ mode: 'enforce', ...IN_DOUBT, limits: [strange, known], metering: [] },
  }
  const strategies = [{ id: 'str_1', sources: [{ from: 'header', name: 'x-user-id' }] }]
  return { version: 1, now: new Date().toISOString(), strategies, policies: [policy], blocks: [] }
}
