import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  askForLease,
  decide,
  HOLDS_NOTHING,
  type Holder,
  type LeaseAnswer,
  type LeaseRequest,
  type LeaseSettlement,
  lend,
  NO_LEASES,
  parseRateLimit,
  type RateLimit,
  receiveLease,
  settleLease,
  spendLocally,
  takeSettlements,
} from './index.ts'

const LIFE_MS = 4_000
const HOLDERS = 4

type Message =
  | { readonly kind: 'request'; readonly request: LeaseRequest }
  | { readonly kind: 'answer'; readonly to: string; readonly answer: LeaseAnswer }
  | { readonly kind: 'settlement'; readonly settlement: LeaseSettlement }

type Process = { name: string; readonly clockAheadMs: number; holder: Holder }

/** One server and several processes, whose clocks differ, over a network that delays, doubles and loses. */
class World {
  nowMs = 1_000_000
  lender = NO_LEASES
  readonly network: Message[] = []
  readonly spent: { readonly atMs: number; readonly units: number }[] = []
  readonly processes: readonly Process[]
  readonly limit: RateLimit
  private ids = 0

  constructor(limit: RateLimit, clocksAheadMs: readonly number[]) {
    this.limit = limit
    this.processes = clocksAheadMs.map((clockAheadMs, index) => ({
      name: `process ${index}`,
      clockAheadMs,
      holder: HOLDS_NOTHING,
    }))
  }

  spend(process: Process, units: number): 'allowed' | 'refused' | 'ask' {
    const decision = spendLocally(process.holder, units, this.clockOf(process))
    process.holder = decision.holder
    if (decision.answer === 'allowed') this.spent.push({ atMs: this.nowMs, units })
    if (decision.shouldAsk) this.ask(process, units)
    return decision.answer
  }

  /** Anew, or the same again if no answer has come. */
  ask(process: Process, needed: number): void {
    const id = process.holder.asked?.id ?? `lease ${++this.ids}`
    process.holder = askForLease(process.holder, id, this.clockOf(process))
    const request = { id, holder: process.name, needed, lifeMs: LIFE_MS }
    this.network.push({ kind: 'request', request })
  }

  settle(process: Process, byMs: number): void {
    const { holder, settlements } = takeSettlements(process.holder, byMs)
    process.holder = holder
    for (const settlement of settlements) this.network.push({ kind: 'settlement', settlement })
  }

  /** What it held is gone with it. Its successor has other ids. */
  crash(process: Process): void {
    process.holder = HOLDS_NOTHING
    process.name = `process ${++this.ids}`
  }

  deliver(message: Message): void {
    if (message.kind === 'request') {
      const { lender, answer } = lend(this.limit, this.lender, message.request, this.nowMs)
      this.lender = lender
      this.network.push({ kind: 'answer', to: message.request.holder, answer })
    } else if (message.kind === 'settlement') {
      this.lender = settleLease(this.limit, this.lender, message.settlement, this.nowMs)
    } else {
      const process = this.processes.find(({ name }) => name === message.to)
      if (process) process.holder = receiveLease(process.holder, message.answer)
    }
  }

  deliverAll(): void {
    for (let next = this.network.shift(); next; next = this.network.shift()) this.deliver(next)
  }

  remaining(): number {
    return decide(this.limit, this.lender.state, 0, this.nowMs).remaining
  }

  clockOf({ clockAheadMs }: Process): number {
    return this.nowMs + clockAheadMs
  }
}

const limits = (algorithms: readonly RateLimit['algorithm'][]) =>
  fc
    .record({
      limit: fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 50, max: 300 })),
      window: fc.constantFrom('2s', '10s'),
      algorithm: fc.constantFrom(...algorithms),
    })
    .map(parseRateLimit)
const clocks = fc.array(fc.integer({ min: -900_000, max: 900_000 }), {
  minLength: HOLDERS,
  maxLength: HOLDERS,
})
const who = fc.nat({ max: HOLDERS - 1 })

type Act = (world: World) => void

function processAt(world: World, index: number): Process {
  const process = world.processes[index]
  if (!process) throw new Error('no such process')
  return process
}

const spend: fc.Arbitrary<Act> = fc
  .tuple(who, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 40 }))
  .map(([index, units, times]) => (world) => {
    for (let time = 0; time < times; time++) world.spend(processAt(world, index), units)
  })
const wait: fc.Arbitrary<Act> = fc
  .oneof(fc.integer({ min: 0, max: 50 }), fc.integer({ min: 0, max: 6_000 }))
  .map((ms) => (world) => {
    world.nowMs += ms
  })
const settle: fc.Arbitrary<Act> = fc.tuple(who, fc.boolean()).map(([index, isAll]) => (world) => {
  const process = processAt(world, index)
  world.settle(process, isAll ? Infinity : world.clockOf(process))
})
const deliver: fc.Arbitrary<Act> = fc
  .tuple(fc.nat({ max: 20 }), fc.constantFrom('once', 'twice', 'lost', 'once', 'once'))
  .map(([at, how]) => (world) => {
    const index = at % Math.max(1, world.network.length)
    const message = world.network[index]
    if (!message) return
    if (how !== 'twice') world.network.splice(index, 1)
    if (how !== 'lost') world.deliver(message)
  })
const askAgain: fc.Arbitrary<Act> = who.map((index) => (world) => {
  world.ask(processAt(world, index), 1)
})
const giveUp: fc.Arbitrary<Act> = who.map((index) => (world) => {
  const process = processAt(world, index)
  process.holder = { ...process.holder, asked: null }
})
const crash: fc.Arbitrary<Act> = who.map((index) => (world) => world.crash(processAt(world, index)))
const acts = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: spend },
    { weight: 8, arbitrary: deliver },
    { weight: 3, arbitrary: wait },
    { weight: 2, arbitrary: settle },
    { weight: 2, arbitrary: askAgain },
    { weight: 1, arbitrary: giveUp },
    { weight: 1, arbitrary: crash },
  ),
  { maxLength: 150, size: 'max' },
)

function spentBetween({ spent }: World, fromMs: number, toMs: number): number {
  return spent
    .filter(({ atMs }) => atMs >= fromMs && atMs < toMs)
    .reduce((sum, { units }) => sum + units, 0)
}

describe('whatever processes, clocks and the network do', () => {
  test('all together never use more than a fixed window has', () => {
    fc.assert(
      fc.property(limits(['fixed_window']), clocks, acts, (limit, ahead, given) => {
        const world = new World(limit, ahead)
        for (const act of given) act(world)
        for (const { atMs } of world.spent) {
          const startMs = atMs - (atMs % limit.windowMs)
          const used = spentBetween(world, startMs, startMs + limit.windowMs)
          expect(used).toBeLessThanOrEqual(limit.limit)
        }
      }),
      { numRuns: 3_000 },
    )
  })

  test('all together never use more in any stretch than a full bucket and what flows in', () => {
    fc.assert(
      fc.property(limits(['token_bucket']), clocks, acts, (limit, ahead, given) => {
        const world = new World(limit, ahead)
        for (const act of given) act(world)
        const times = [...new Set(world.spent.map(({ atMs }) => atMs))]
        for (const fromMs of times) {
          for (const toMs of times.filter((ms) => ms >= fromMs)) {
            const most = limit.limit + ((toMs - fromMs) * limit.limit) / limit.windowMs
            expect(spentBetween(world, fromMs, toMs + 1)).toBeLessThanOrEqual(most)
          }
        }
      }),
      { numRuns: 3_000 },
    )
  })

  test('what is used and what is lent together never exceed the limit', () => {
    fc.assert(
      fc.property(limits(['fixed_window', 'token_bucket']), clocks, acts, (limit, ahead, given) => {
        const world = new World(limit, ahead)
        for (const act of given) {
          act(world)
          const { state, leases } = world.lender
          if (state === null) continue
          const { remaining } = decide(limit, state, 0, state.atMs)
          const lent = leases.reduce((sum, { units }) => sum + units, 0)
          expect(remaining).toBeGreaterThanOrEqual(0)
          expect(lent + remaining).toBeLessThanOrEqual(limit.limit)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('what is unused flows back', () => {
  test('to the unit, when all processes have settled within the window', () => {
    fc.assert(
      fc.property(
        limits(['fixed_window']),
        clocks,
        fc.array(fc.oneof(spend, spend, settle), { maxLength: 60 }),
        (limit, ahead, given) => {
          const world = new World(limit, ahead)
          for (const act of given) {
            act(world)
            world.deliverAll()
          }
          for (const process of world.processes) world.settle(process, Infinity)
          world.deliverAll()
          const used = spentBetween(world, 0, Infinity)
          expect(world.remaining()).toBe(limit.limit - used)
          expect(world.lender.leases).toEqual([])
        },
      ),
      { numRuns: 500 },
    )
  })

  test('even if it is settled after the lease has ended, within the window', () => {
    const world = new World(parseRateLimit({ limit: 100, window: '1h' }), [0, 0, 0, 0])
    const process = processAt(world, 0)
    world.ask(process, 40)
    world.deliverAll()
    expect(world.spend(process, 1)).toBe('allowed')
    world.nowMs += LIFE_MS + 1
    expect(world.spend(process, 1)).toBe('ask')
    world.settle(process, world.clockOf(process))
    world.network.reverse() // before the request that was sent with it
    world.deliver(world.network.shift() as Message)
    expect(world.remaining()).toBe(99)
  })

  test('of a bucket within ten seconds of the end of the lease, and then all of it counts as used', () => {
    const limit = parseRateLimit({ limit: 1_000, window: '1h', algorithm: 'token_bucket' })
    const request = { id: 'a', holder: 'p', needed: 400, lifeMs: LIFE_MS }
    const { lender } = lend(limit, NO_LEASES, request, 0)
    const remainingAfter = (atMs: number) => {
      const { state } = settleLease(limit, lender, { id: 'a', used: 0 }, atMs)
      return decide(limit, state, 0, atMs).remaining
    }
    expect(remainingAfter(LIFE_MS + 9_999)).toBe(1_000)
    expect(remainingAfter(LIFE_MS + 10_000)).toBe(600)
  })

  test('but not twice, if a settlement is sent twice', () => {
    const limit = parseRateLimit({ limit: 100, window: '1h' })
    const request = { id: 'a', holder: 'p', needed: 40, lifeMs: LIFE_MS }
    const lent = lend(limit, NO_LEASES, request, 0).lender
    const once = settleLease(limit, lent, { id: 'a', used: 1 }, 10)
    const twice = settleLease(limit, once, { id: 'a', used: 1 }, 20)
    expect(decide(limit, twice.state, 0, 30).remaining).toBe(99)
  })

  test('and no more than was lent, whatever a holder says it used', () => {
    const limit = parseRateLimit({ limit: 100, window: '1h' })
    const request = { id: 'a', holder: 'p', needed: 40, lifeMs: LIFE_MS }
    const lent = lend(limit, NO_LEASES, request, 0).lender
    const settled = settleLease(limit, lent, { id: 'a', used: 1_000 }, 10)
    expect(decide(limit, settled.state, 0, 30).remaining).toBe(60)
    expect(() => settleLease(limit, lent, { id: 'a', used: -5 }, 10)).toThrow(RangeError)
  })

  test('not from who fell silent: that may all be used', () => {
    const limit = parseRateLimit({ limit: 100, window: '1h' })
    const request = { id: 'a', holder: 'p', needed: 40, lifeMs: LIFE_MS }
    const { lender } = lend(limit, NO_LEASES, request, 0)
    expect(decide(limit, lender.state, 0, 3_599_999).remaining).toBe(60)
    expect(decide(limit, lender.state, 0, 3_600_000).remaining).toBe(100)
  })
})

describe('before the first refusal, under even load', () => {
  test.each([
    ['fixed_window', 1_000, 4],
    ['token_bucket', 1_000, 4],
    ['fixed_window', 1_000, 1],
    ['fixed_window', 1_000, 16],
    ['fixed_window', 100_000, 32],
    ['fixed_window', 40, 4],
    ['fixed_window', 7, 4],
  ] as const)(
    'a %s of %s over %s processes is used to 95 percent',
    (algorithm, units, processes) => {
      const limit = parseRateLimit({ limit: units, window: '1h', algorithm })
      const world = new World(limit, Array<number>(processes).fill(0))
      expect(usedBeforeRefusal(world)).toBeGreaterThanOrEqual(0.95 * units)
      expect(spentBetween(world, 0, Infinity)).toBeLessThanOrEqual(units)
    },
  )

  /** All in turn. What is asked in the background is answered when the turn is over. */
  function usedBeforeRefusal(world: World): number {
    while (world.processes.every((process) => spendWaiting(world, process) === 'allowed'))
      world.deliverAll()
    return spentBetween(world, 0, Infinity)
  }

  function spendWaiting(world: World, process: Process): string {
    world.settle(process, world.clockOf(process))
    const answer = world.spend(process, 1)
    if (answer !== 'ask') return answer
    world.deliverAll()
    return world.spend(process, 1)
  }
})

describe('the server', () => {
  const limit = parseRateLimit({ limit: 1_000, window: '1h' })
  const request = { id: 'a', holder: 'p', needed: 1, lifeMs: LIFE_MS }

  test('lends a repeated request the same lease, with what is left of its life', () => {
    const first = lend(limit, NO_LEASES, request, 0)
    const again = lend(limit, first.lender, request, 1_500)
    expect(again.answer).toEqual({ ...first.answer, lifeMs: LIFE_MS - 1_500 })
    expect(decide(limit, again.lender.state, 0, 1_500).remaining).toBe(1_000 - first.answer.units)
  })

  test('lends no further than to the end of the window', () => {
    expect(lend(limit, NO_LEASES, request, 3_599_000).answer.lifeMs).toBe(1_000)
  })

  test('lends at least what the waiting request costs, or nothing', () => {
    const large = lend(limit, NO_LEASES, { ...request, needed: 900 }, 0)
    expect(large.answer.units).toBe(900)
    const other = { id: 'b', holder: 'q', needed: 101, lifeMs: LIFE_MS }
    const { answer, lender } = lend(limit, large.lender, other, 600_000)
    expect(answer).toEqual({
      id: 'b',
      units: 0,
      lifeMs: 0,
      retryAfterMs: 3_000_000, // for the client: the end of the window
      askAgainMs: 1_000, // for the holder: the other may settle at any time
    })
    expect(lender.leases).toEqual(large.lender.leases)
    const settled = settleLease(limit, lender, { id: 'a', used: 900 }, 600_000)
    expect(lend(limit, settled, other, 600_000).answer.askAgainMs).toBe(3_000_000)
  })

  test('lends smaller slices as the limit nears, so that the last units are where they are needed', () => {
    const large = lend(limit, NO_LEASES, { ...request, needed: 990 }, 0)
    const other = { id: 'b', holder: 'q', needed: 1, lifeMs: LIFE_MS }
    expect(lend(limit, NO_LEASES, other, 0).answer.units).toBe(25) // a fortieth
    expect(lend(limit, large.lender, other, 0).answer.units).toBe(2) // of 10, parted among two
  })

  test('does not lend a sliding window, which must know when each unit was used', () => {
    const sliding = parseRateLimit({ limit: 10, window: '1s', algorithm: 'sliding_window' })
    expect(() => lend(sliding, NO_LEASES, request, 0)).toThrow(/cannot be lent/)
  })
})
