import path from 'node:path'
import type { Arena } from './arena.ts'
import { openJournal } from './journal.ts'
import { type Lane, runClient } from './load-client.ts'
import { newPace, type Pace } from './pace.ts'
import type { Random } from './random.ts'
import { newTally, type Tally } from './tally.ts'
import type { World, WorldEnvironment } from './world.ts'

/** Clients that send to every environment at once until they are stopped. */
export type Load = {
  readonly pace: Pace
  readonly tally: Tally
  /** Requests that are neither answered nor lost at this moment, to one server or to all. */
  inFlight(server?: string): number
  /** Resolves when every request has its definite outcome. Rejects when that takes over two minutes. */
  stop(): Promise<void>
}

const CLIENTS = 16
const TRICKLE_EVENTS_PER_SECOND = 150
const DRAIN_TIMEOUT_MS = 120_000

/** A quarter of all events was sent before; one in twenty contradicts what was. */
const SHARES = { repeats: 0.25, conflicts: 0.05 }

export function startLoad(arena: Arena, world: World, random: Random): Load {
  const lanes = world.environments.map(laneOf)
  const pace = newPace(TRICKLE_EVENTS_PER_SECOND)
  const tally = newTally()
  const stop = new AbortController()
  const clients = Array.from({ length: CLIENTS }, async (_, number) => {
    const name = `client-${number}`
    const journal = openJournal(path.join(arena.folder, 'journals', `${name}.ndjson`))
    await runClient({
      name,
      random: random.fork(name),
      journal,
      targets: arena.targets,
      lanes,
      pace,
      tally,
      shares: SHARES,
      stop: stop.signal,
    })
    journal.close()
  })
  const all = Promise.all(clients)
  all.catch(() => {}) // whoever stops the load hears of it
  return {
    pace,
    tally,
    inFlight: (server) =>
      arena.targets
        .filter(({ name }) => server === undefined || name === server)
        .reduce((sum, target) => sum + target.inFlight, 0),
    async stop() {
      stop.abort()
      pace.release()
      let timer: NodeJS.Timeout | undefined
      const late = new Promise((_, reject) => {
        timer = setTimeout(
          () => reject(new Error('requests stayed without a definite outcome')),
          DRAIN_TIMEOUT_MS,
        )
      })
      await Promise.race([all, late]).finally(() => clearTimeout(timer))
    },
  }
}

function laneOf(environment: WorldEnvironment): Lane {
  const { name, canary, apiKeys, customers, time, mode } = environment
  return {
    environment: name,
    canary,
    customers,
    now: time.earliest,
    latest: time.latest,
    recent: [],
    made: 0,
    apiKeys: apiKeys.map(({ key }) => key),
    weight: mode === 'live' ? 2 : 3,
  }
}
