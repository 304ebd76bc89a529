import { setTimeout as sleep } from 'node:timers/promises'
import { atMost, type Finding, none } from './report.ts'
import type { Setting } from './scenarios.ts'
import { type UnderLoad, underLoad } from './under-load.ts'

const ANSWER_MS_MAX = 10_000
const DETECTED_MS_MAX = 15_000
const BURST_EVERY_MS = 500
const BURST_EVENTS = 150

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
    const troubled = (change: () => void) => failingAfter(load, change, setting.seconds * 1000)
    await sleep(500)
    const forgotten = await troubled(() => proxy.setMode('halfOpen', 'existing'))
    await troubled(() => proxy.setMode('halfOpen'))
    const back = await troubled(() => proxy.setMode('pass'))
    if (proxy.connections() === 0) throw new Error('nothing goes through the proxy')
    const wrong = [...load.tally.answers.keys()].filter((answer) => !EXCUSED.test(answer))
    return [
      atMost('serving again though connections are dead', [forgotten], DETECTED_MS_MAX),
      atMost('serving again after the network came back', [back], DETECTED_MS_MAX),
      atMost('every reply', load.tally.latenciesMs, ANSWER_MS_MAX),
      none('replies other than an answer or 503', wrong),
    ]
  })
}

/** For how long after the change requests were still turned away, of the time that it is watched. */
async function failingAfter(
  load: UnderLoad['load'],
  change: () => void,
  watchedMs: number,
): Promise<number> {
  const changedAt = performance.now()
  change()
  for (let at = 0; at < watchedMs; at += BURST_EVERY_MS) {
    load.pace.burst(BURST_EVENTS)
    await sleep(BURST_EVERY_MS)
  }
  return Math.max(0, load.tally.lastFailureAt - changedAt)
}
