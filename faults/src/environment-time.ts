import { setTimeout as sleep } from 'node:timers/promises'
import { send, type Target } from './http-client.ts'
import type { Random } from './random.ts'

/** What time it is in an environment, as far as somebody outside can know. */
export type EnvironmentTime = {
  /** It is at least this late, in milliseconds. */
  earliest(): number
  /** It is at most this late, in milliseconds. */
  latest(): number
}

/** A test environment, whose clock this harness moves. */
export type MovableTime = EnvironmentTime & {
  /** Moves it on by `byMs`, through whatever is killed meanwhile. Resolves when it has arrived. */
  move(byMs: number): Promise<void>
}

const TOLERANCE_MS = 2_000 // between two clocks of one machine, and for an answer on its way
const GIVE_UP_MS = 900_000 // it stands still whenever something is killed
const RETRY_MS = 150

/** A live environment has the time of the machine. */
export const REAL_TIME: EnvironmentTime = {
  earliest: () => Date.now() - TOLERANCE_MS,
  latest: () => Date.now() + TOLERANCE_MS,
}

type Line = {
  readonly targets: readonly Target[]
  readonly apiKey: string
  readonly random: Random
}
type ClockAnswer = { readonly now: string; readonly isMoving: boolean }

/** Takes over the clock of a test environment; nobody else may move it. */
export async function takeClock(line: Line): Promise<MovableTime> {
  let known = await readClock(line)
  let readAt = Date.now()
  let target: number | null = null // of the move under way
  const running = () => known + (Date.now() - readAt)
  return {
    // While it is moved the clock stands still at places between the two.
    earliest: () => (target === null ? running() : known) - TOLERANCE_MS,
    latest: () =>
      Math.max(running(), target === null ? 0 : target + Date.now() - readAt) + TOLERANCE_MS,
    async move(byMs) {
      target = running() + byMs
      await moveTo(line, target)
      const now = await readClock(line)
      ;[known, readAt, target] = [now, Date.now(), null]
    },
  }
}

async function moveTo(line: Line, target: number): Promise<void> {
  const deadline = performance.now() + GIVE_UP_MS
  while (performance.now() < deadline) {
    const clock = await askClock(line, {})
    if (clock && !clock.isMoving && Date.parse(clock.now) >= target) {
      await sleep(1_000) // by then every process believes it
      return
    }
    if (clock && !clock.isMoving)
      await askClock(line, { body: JSON.stringify({ now: new Date(target).toISOString() }) })
    else await sleep(RETRY_MS)
  }
  throw new Error(`the clock did not arrive within ${GIVE_UP_MS / 1000} s`)
}

async function readClock(line: Line): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const clock = await askClock(line, {})
    if (clock) return Date.parse(clock.now)
    await sleep(RETRY_MS)
  }
  throw new Error('nobody says what time it is')
}

/** Asks for the time, or for a move. Undefined when the answer was lost or refused: ask again. */
async function askClock(line: Line, sent: { body?: string }): Promise<ClockAnswer | undefined> {
  const reply = await send(line.random.pick(line.targets), {
    method: sent.body === undefined ? 'GET' : 'POST',
    path: '/api/v1/clock',
    headers: { 'x-usageflow-api-key': line.apiKey, 'content-type': 'application/json' },
    timeoutMs: 70_000,
    ...sent,
  })
  if (reply.status !== 200) return undefined
  return JSON.parse(reply.text) as ClockAnswer
}
