import { setTimeout as sleep } from 'node:timers/promises'
import type { Arena } from './arena.ts'
import { moveClocks } from './clock-moves.ts'
import { takeovers } from './product.ts'
import { type Finding, none, printTable } from './report.ts'
import type { Setting } from './scenarios.ts'
import { type UnderLoad, underLoad } from './under-load.ts'

const STOPPED_MS = 65_000 // longer than any lease: another worker has taken over
const AWAKE_MS = 5_000
const STOPS = 3
const AIM_MS_MAX = 3_000
const EVENTS = 8_000

/**
 * Stops workers in the middle of their work, as an overloaded host does, until others have taken it
 * over, and then lets them go on: what they still mean to write must be refused.
 */
export function wakeTheDead(setting: Setting): Promise<Finding[]> {
  if (setting.workers < 2) throw new Error('zombie needs --workers 2 at least')
  return underLoad(setting, { hasProxy: false }, async ({ arena, world, load }: UnderLoad) => {
    const random = setting.random.fork('zombies')
    const moves = moveClocks(world)
    for (let stop = 0; stop < STOPS; stop++) {
      moves.goOn()
      load.pace.burst(EVENTS / STOPS)
      await untilWorkIsLeased(arena)
      const worker = random.pick(arena.workers)
      const wake = worker.pause()
      console.log(`  ${worker.spec.name} stands still for ${STOPPED_MS / 1000} s`)
      await sleep(STOPPED_MS)
      wake()
      await sleep(AWAKE_MS)
    }
    const lateClocks = await moves.finish()
    printTable('Seen', [
      ['work that a worker came back to too late', String(takeovers(arena.product))],
    ])
    return [none('clocks that did not arrive', lateClocks)]
  })
}

/** A worker that holds nothing would wake up to nothing. */
async function untilWorkIsLeased(arena: Arena): Promise<void> {
  const client = await arena.database.connect()
  const deadline = performance.now() + AIM_MS_MAX
  while (performance.now() < deadline) {
    const leased = await client.query('select from due where lease_until > now() limit 1')
    if (leased.rowCount === 1) break
  }
  await client.end()
}
