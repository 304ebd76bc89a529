import { setTimeout as sleep } from 'node:timers/promises'
import { moveClocks } from './clock-moves.ts'
import { atMost, type Finding, none } from './report.ts'
import type { Setting } from './scenarios.ts'
import { type UnderLoad, underLoad } from './under-load.ts'

const PAUSE_MS = 200
const P99_MS_MAX = 2_000
const BURST_EVENTS = 500

/** What a client may see while connections to PostgreSQL are taken away: never a cut, never a 500. */
const EXCUSED = /^(2..|422|409|503|504)$/

/** Ends a random connection to PostgreSQL several times a second, as an administrator would. */
export function terminateConnections(setting: Setting): Promise<Finding[]> {
  return underLoad(setting, { hasProxy: false }, async ({ arena, world, load }: UnderLoad) => {
    const random = setting.random.fork('terminate')
    const until = performance.now() + setting.seconds * 1000
    const moves = moveClocks(world)
    let ended = 0
    while (performance.now() < until) {
      moves.goOn()
      load.pace.burst(BURST_EVENTS)
      if (await arena.database.terminateConnection(random)) ended += 1
      await sleep(PAUSE_MS)
    }
    const { answers, latenciesMs } = load.tally
    const wrong = [...answers.keys()].filter((answer) => !EXCUSED.test(answer))
    const p99 = latenciesMs.toSorted((a, b) => a - b)[Math.floor(latenciesMs.length * 0.99)] ?? 0
    return [
      none('clocks that did not arrive', await moves.finish()),
      { name: 'connections ended', said: String(ended), holds: ended > 0, examples: [] },
      none('replies other than an answer or 503', wrong),
      atMost('99 of 100 replies', [p99], P99_MS_MAX),
    ]
  })
}
