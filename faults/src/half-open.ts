import { setTimeout as sleep } from 'node:timers/promises'
import type { FaultProxy } from './proxy.ts'
import { atMost, type Finding, none } from './report.ts'
import type { Setting } from './scenarios.ts'
import { type UnderLoad, underLoad } from './under-load.ts'

const ANSWER_MS_MAX = 10_000
const DETECTED_MS_MAX = 15_000
const EVENTS = 5_000

/** What a client may see while PostgreSQL cannot be reached: it is never left waiting, never cut off. */
const EXCUSED = /^(2..|422|409|503|504)$/

/**
 * Lets the connections to PostgreSQL go dead without closing them: first those that exist, as when a
 * router has forgotten them, then all, as when the network is gone.
 */
export function halfOpen(setting: Setting): Promise<Finding[]> {
  return underLoad(setting, { hasProxy: true }, async ({ arena, load }: UnderLoad) => {
    const { proxy } = arena
    if (!proxy) throw new Error('half-open needs DATABASE_URL, and so no --single')
    load.pace.burst(EVENTS)
    await sleep(500)
    const forgotten = await detectedAfter(proxy, load, () => proxy.setMode('halfOpen', 'existing'))
    load.pace.burst(EVENTS)
    await sleep(500)
    proxy.setMode('halfOpen')
    await sleep(setting.seconds * 1000)
    const back = await detectedAfter(proxy, load, () => proxy.setMode('pass'))
    const wrong = [...load.tally.answers.keys()].filter((answer) => !EXCUSED.test(answer))
    return [
      atMost('serving again though connections are dead', [forgotten], DETECTED_MS_MAX),
      atMost('serving again after the network came back', [back], DETECTED_MS_MAX),
      atMost('every reply', load.tally.latenciesMs, ANSWER_MS_MAX),
      none('replies other than an answer or 503', wrong),
    ]
  })
}

async function detectedAfter(
  proxy: FaultProxy,
  load: UnderLoad['load'],
  change: () => void,
): Promise<number> {
  change()
  await sleep(50) // what was on its way may still arrive
  const changedAt = performance.now()
  const succeededAt = await load.tally.nextSuccess()
  if (proxy.connections() === 0) throw new Error('nothing goes through the proxy')
  return succeededAt - changedAt
}
