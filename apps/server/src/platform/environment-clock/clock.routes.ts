import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { Database } from '../db/database.ts'
import { instantField, instantText } from '../http/fields.ts'
import { type Reply, type Route, route } from '../http/route.ts'
import { type EnvironmentClock, failures, moveClock, readClock } from './environment-clock.ts'

const WAIT_MS_MAX = 60_000
const POLL_MS = 20
/** Every process may believe the old time for this long: only then is the answer true everywhere. */
const BELIEVED_MS = 900

const clockReply = z.object({
  now: instantText,
  isMoving: z.boolean(),
  target: instantText.nullable(),
})

/** `wake` has the clock take its next step at once instead of at the next poll. */
export function clockRoutes(deps: { db: Database; clock: Clock; wake(): void }): Route[] {
  const read = (envId: number): Promise<EnvironmentClock> =>
    deps.db.inTransaction((tx) => readClock(tx, envId, deps.clock()))

  const arrival = async (envId: number): Promise<Reply<unknown>> => {
    const giveUpAtMs = deps.clock().getTime() + WAIT_MS_MAX
    let clock = await read(envId)
    while (clock.target && deps.clock().getTime() < giveUpAtMs) {
      deps.wake()
      await sleep(POLL_MS)
      clock = await read(envId)
    }
    await sleep(BELIEVED_MS)
    return { status: clock.target ? 202 : 200, body: toReply(clock) }
  }

  return [
    route({
      method: 'GET',
      path: '/api/v1/clock',
      tag: 'Clock',
      summary: 'What time it is in the environment',
      scope: 'usage:read',
      replies: { 200: clockReply },
      handle: async ({ tx, caller, systemNow }) => ({
        status: 200,
        body: toReply(await readClock(tx, caller.envId, systemNow)),
      }),
    }),
    route({
      method: 'POST',
      path: '/api/v1/clock',
      tag: 'Clock',
      summary: 'Move the clock of a test environment forward',
      description:
        'Everything that falls due on the way happens in order, at the time when it would have happened: periods close, invoices are made, webhooks go out. Answers 200 when the clock has arrived, or 202 after a minute, while it goes on.',
      scope: 'clock:write',
      body: z.strictObject({ now: instantField }),
      replies: { 200: clockReply, 202: clockReply },
      failures: Object.values(failures),
      async handle({ tx, caller, body, systemNow }) {
        if (caller.mode !== 'test') throw failures.live()
        await moveClock(tx, caller.envId, body.now, systemNow)
        return { status: 202, body: toReply(await readClock(tx, caller.envId, systemNow)) }
      },
      answerAfterCommit: ({ caller }) => arrival(caller.envId),
    }),
  ]
}

function toReply(clock: EnvironmentClock) {
  return {
    now: clock.now.toISOString(),
    isMoving: clock.target !== null,
    target: clock.target?.toISOString() ?? null,
  }
}
