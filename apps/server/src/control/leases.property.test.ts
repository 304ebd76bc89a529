import {
  askForLease,
  HOLDS_NOTHING,
  type Holder,
  parseRateLimit,
  type RateLimitOptions,
  receiveLease,
  spendLocally,
  takeSettlements,
} from '@usageflow/policy'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type LeaseServer, NOW_MS, serveLeases } from './test-leases.ts'

const HOLDERS = 4
const TIMEOUT_MS = 600_000

type Process = {
  readonly name: string
  holder: Holder
  settlements: { id: string; used: number }[]
}

/** Processes that share one limit of a server, over virtual time. Answers get lost, and calls come twice. */
class World {
  nowMs = NOW_MS
  readonly spent: { readonly atMs: number; readonly units: number }[] = []
  readonly processes: readonly Process[]
  private readonly server: LeaseServer
  private readonly limit: object
  private ids = 0

  constructor(server: LeaseServer, limit: object) {
    this.server = server
    this.limit = limit
    this.processes = Array.from({ length: HOLDERS }, (_, n) => ({
      ...{ name: `process-${n}`, holder: HOLDS_NOTHING, settlements: [] },
    }))
  }

  async spend(process: Process, units: number, fate: Fate = 'answered'): Promise<string> {
    const decision = spendLocally(process.holder, units, this.nowMs)
    process.holder = decision.holder
    if (decision.answer === 'allowed') this.spent.push({ atMs: this.nowMs, units })
    if (decision.shouldAsk || decision.answer === 'ask') await this.ask(process, units, fate)
    return decision.answer
  }

  /** Settlements are sent until they are answered, an ask under its id as long as it is not given up. */
  private async ask(process: Process, needed: number, fate: Fate): Promise<void> {
    const id = process.holder.asked?.id ?? `l${++this.ids}`
    const taken = takeSettlements(askForLease(process.holder, id, this.nowMs), this.nowMs)
    process.settlements.push(...taken.settlements)
    process.holder = taken.holder
    const of = { limit: this.limit, identity: null }
    const body = {
      holder: process.name,
      settle: process.settlements.map((settlement) => ({ ...of, ...settlement })),
      ask: [{ ...of, id, needed }],
    }
    const [answer] = await this.server.call(body)
    if (fate === 'twice') await this.server.call(body)
    if (fate === 'lost') return
    process.settlements = []
    process.holder = receiveLease(process.holder, answer)
  }

  usedBetween(fromMs: number, toMs: number): number {
    return this.spent
      .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
      .reduce((sum, { units }) => sum + units, 0)
  }
}

type Fate = 'answered' | 'twice' | 'lost'
type Act =
  | {
      readonly kind: 'spend'
      readonly by: number
      readonly units: number
      readonly times: number
      readonly fate: Fate
    }
  | { readonly kind: 'wait'; readonly ms: number }

const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('spend' as const),
        by: fc.nat({ max: HOLDERS - 1 }),
        units: fc.integer({ min: 1, max: 3 }),
        times: fc.integer({ min: 1, max: 20 }),
        fate: fc.constantFrom<Fate>('answered', 'answered', 'twice', 'lost'),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        kind: fc.constant('wait' as const),
        ms: fc.oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 6_000 })),
      }),
    },
  ),
  { maxLength: 40, size: 'max' },
)
const limits = fc.record({
  limit: fc.integer({ min: 5, max: 100 }),
  window: fc.constantFrom('2s', '10s'),
  algorithm: fc.constantFrom('fixed_window' as const, 'token_bucket' as const),
})

test('whatever four processes spend, and whatever is lost, no limit is exceeded', {
  timeout: TIMEOUT_MS,
}, async () => {
  let world: World | undefined
  let runs = 0
  const server = await serveLeases({ sharedClock: async () => world?.nowMs ?? NOW_MS })
  await fc.assert(
    fc.asyncProperty(limits, acts, async (limit, given) => {
      world = new World(server, { ...limit, pattern: `/run/${++runs}` })
      for (const act of given) await carryOut(world, act)
      assertWithin(world, limit)
    }),
    { numRuns: 30 },
  )
})

async function carryOut(world: World, act: Act): Promise<void> {
  if (act.kind === 'wait') {
    world.nowMs += act.ms
    return
  }
  const process = world.processes[act.by] as Process
  for (let time = 0; time < act.times; time++) await world.spend(process, act.units, act.fate)
}

function assertWithin(world: World, options: RateLimitOptions): void {
  const { limit, windowMs, algorithm } = parseRateLimit(options)
  const times = [...new Set(world.spent.map(({ atMs }) => atMs))]
  for (const fromMs of times) {
    if (algorithm === 'fixed_window') {
      const startMs = fromMs - (fromMs % windowMs)
      expect(world.usedBetween(startMs, startMs + windowMs)).toBeLessThanOrEqual(limit)
      continue
    }
    for (const toMs of times.filter((ms) => ms >= fromMs)) {
      const most = limit + ((toMs - fromMs) * limit) / windowMs
      expect(world.usedBetween(fromMs, toMs + 1)).toBeLessThanOrEqual(most)
    }
  }
}

test.each(['fixed_window', 'token_bucket'])(
  'four processes under even load use 95 percent of 1,000 before the first is refused: %s',
  { timeout: TIMEOUT_MS },
  async (algorithm) => {
    const server = await serveLeases({ sharedClock: async () => NOW_MS })
    const world = new World(server, { pattern: '/even', limit: 1_000, window: '1h', algorithm })
    while (await allAreAllowed(world));
    const used = world.usedBetween(0, Infinity)
    expect(used).toBeGreaterThanOrEqual(950)
    expect(used).toBeLessThanOrEqual(1_000)
  },
)

/** Each in turn. Who has to ask is answered before it tries again. */
async function allAreAllowed(world: World): Promise<boolean> {
  for (const process of world.processes) {
    const answer = await world.spend(process, 1)
    const last = answer === 'ask' ? await world.spend(process, 1) : answer
    if (last !== 'allowed') return false
  }
  return true
}
