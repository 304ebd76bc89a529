import { setTimeout as sleep } from 'node:timers/promises'
import type { Arena } from './arena.ts'
import { moveClocks } from './clock-moves.ts'
import type { Outage } from './database.ts'
import type { Load } from './load.ts'
import { LATE_METERS } from './offering.ts'
import type { Random } from './random.ts'
import { makeMeter, poster, type World } from './world.ts'

/** What is killed in a round. In a single process server and worker are the same. */
export type Victim = 'server' | 'worker' | 'backend' | 'postmaster'

export type Round = {
  readonly victim: Victim
  /** Requests without an answer at the moment of the kill. */
  readonly inFlight: number
  /** From the kill until the killed process, started again, was ready; null when PostgreSQL was killed. */
  readonly readyMs: number | null
  /** From the kill until PostgreSQL accepted connections; null when it was not killed. */
  readonly acceptMs: number | null
  /** From then on (or from the kill) until the first 2xx. */
  readonly firstSuccessMs: number
}

/** What a kill may cost at most. */
export const READY_MS_MAX = 3_000
export const FIRST_SUCCESS_MS_MAX = 10_000

const AIM_MS_MAX = 2_000
const AIM_EVENTS = 1_000 // on a fast machine the burst of the round may be over by then
const REST_MS = 400

export type RoundsPlan = {
  readonly rounds: number
  readonly events: number
  readonly random: Random
}

export type RoundsDone = {
  readonly rounds: readonly Round[]
  /** How often a transaction that stores events stood still while others went on. */
  readonly frozen: number
  readonly lateClocks: readonly string[]
}

/** Kills something in every round while clients send and the clocks of the test environments move. */
export async function runRounds(
  parts: { arena: Arena; world: World; load: Load },
  { rounds, events, random }: RoundsPlan,
  tell: (round: Round, number: number) => void,
): Promise<RoundsDone> {
  const { arena, world, load } = parts
  const victims = victimsOf(arena, rounds, random)
  const budget = Math.ceil(events / rounds)
  const moves = moveClocks(world)
  const done: Round[] = []
  let frozen = 0
  for (const [index, victim] of victims.entries()) {
    if (index === Math.floor(rounds / 2)) await addLateMeters(arena, world)
    moves.goOn()
    load.pace.burst(budget)
    const eventsBefore = load.tally.events
    if (await arena.database.freezeWriter(random.between(300, 900))) frozen += 1
    await sleep(random.between(0, 600))
    const round = await killOne(parts, victim, random)
    done.push(round)
    tell(round, index + 1)
    await untilSpent(() => load.tally.events - eventsBefore >= budget * 0.95)
    await sleep(REST_MS)
  }
  return { rounds: done, frozen, lateClocks: await moves.finish() }
}

/** Each kind equally often, in an order that the seed decides. */
function victimsOf(arena: Arena, rounds: number, random: Random): Victim[] {
  const kinds: Victim[] = ['server', 'backend', 'postmaster']
  if (arena.workers.length > 0) kinds.push('worker')
  const victims: Victim[] = []
  while (victims.length < rounds) victims.push(...random.shuffled(kinds))
  return victims.slice(0, rounds)
}

async function killOne(
  { arena, load }: { arena: Arena; load: Load },
  victim: Victim,
  random: Random,
): Promise<Round> {
  if (victim === 'server' || victim === 'worker') {
    const process = random.pick(victim === 'server' ? arena.servers : arena.workers)
    const aimAt = victim === 'server' ? process.spec.name : undefined
    await aim(load, () => load.inFlight(aimAt) > 0)
    const inFlight = load.inFlight(aimAt)
    const killedAt = performance.now()
    const success = load.tally.nextSuccess()
    const { readyMs } = await process.kill()
    return { victim, inFlight, readyMs, acceptMs: null, firstSuccessMs: (await success) - killedAt }
  }
  await aim(load, () => load.inFlight() > 0)
  let inFlight = 0
  const outage: Outage =
    victim === 'backend'
      ? await arena.database.killBackend(random, () => {
          inFlight = load.inFlight()
        })
      : await arena.database.killPostmaster(() => {
          inFlight = load.inFlight()
        })
  const acceptedAt = await outage.acceptedAt
  const firstSuccessMs = (await load.tally.nextSuccess()) - acceptedAt
  return { victim, inFlight, readyMs: null, acceptMs: acceptedAt - outage.killedAt, firstSuccessMs }
}

/** A kill with nothing under way would prove little. */
async function aim(load: Load, isWorthIt: () => boolean): Promise<void> {
  load.pace.burst(AIM_EVENTS)
  const deadline = performance.now() + AIM_MS_MAX
  while (!isWorthIt() && performance.now() < deadline) await new Promise(setImmediate)
}

async function untilSpent(isSpent: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000
  while (!isSpent() && performance.now() < deadline) await sleep(20)
}

/** Meters that are made while the load goes on: what was stored before them must be folded too. */
async function addLateMeters(arena: Arena, world: World): Promise<void> {
  const [target] = arena.targets
  if (!target) return
  for (const environment of world.environments) {
    const post = poster(target, environment.apiKeys[0]?.key ?? '')
    for (const meter of LATE_METERS) await makeMeter(environment, post, meter)
  }
}
