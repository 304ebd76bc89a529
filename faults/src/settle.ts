import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Arena } from './arena.ts'
import { sendUntilDone, type Target } from './http-client.ts'
import type { Random } from './random.ts'
import type { World, WorldEnvironment } from './world.ts'

const SETTLE_TIMEOUT_MS = 90_000
const HOUR_MS = 3_600_000
const MOVES_MAX = 24
const PATIENCE_MS = 4_000

/** What must come to nothing before there is something to compare. Each answers how much is left. */
const LEFT: Readonly<Record<string, string>> = {
  'events to fold': `select count(*) as left from event_cursors
    where position <= greatest((select max(xid) from usage_events), (select max(xid) from event_corrections))`,
  'meters to back-fill': 'select count(*) as left from meters where backfilled_at is null',
  'due work': `select count(*) as left from due d join environment_clocks c using (env_id)
    where parked_at is null and at <= coalesce(frozen_at, now() + offset_ms * interval '1 millisecond')`,
}

const DELIVERIES_LEFT = `select count(*) as left from webhook_deliveries where state = 'pending'`

/**
 * Waits until everything acknowledged is folded and billed and every webhook has arrived, moving the
 * clocks on as far as retries are waiting for. Resolves to what did not come to rest.
 */
export async function settle(arena: Arena, world: World): Promise<string[]> {
  const client = await arena.database.connect()
  try {
    for (let moves = 0; moves < MOVES_MAX; moves++) {
      const left = await untilNothingLeft(client)
      if (left.length > 0) return left
      if (await arrivesWithin(client, DELIVERIES_LEFT, PATIENCE_MS)) return []
      await Promise.all(world.environments.map(({ movable }) => movable?.move(HOUR_MS)))
    }
    return [`${await countLeft(client, DELIVERIES_LEFT)} webhooks`]
  } finally {
    await client.end()
  }
}

async function untilNothingLeft(client: pg.Client): Promise<string[]> {
  const deadline = performance.now() + SETTLE_TIMEOUT_MS
  const still: string[] = []
  for (const [what, query] of Object.entries(LEFT)) {
    const timeLeftMs = Math.max(0, deadline - performance.now())
    if (!(await arrivesWithin(client, query, timeLeftMs)))
      still.push(`${await countLeft(client, query)} ${what}`)
  }
  return still
}

async function arrivesWithin(client: pg.Client, query: string, timeMs: number): Promise<boolean> {
  const deadline = performance.now() + timeMs
  for (;;) {
    if ((await countLeft(client, query)) === 0) return true
    if (performance.now() > deadline) return false
    await sleep(100)
  }
}

async function countLeft(client: pg.Client, query: string): Promise<number> {
  const { rows } = await client.query<{ left: string }>(query)
  return Number(rows[0]?.left ?? 0)
}

const ASKED_PER_METER = 6

/** Asks the API for quantities and writes the answers down for the reconciler. */
export async function askUsage(arena: Arena, world: World, random: Random): Promise<void> {
  const [target] = arena.targets
  if (!target) return
  const answers: string[] = []
  for (const environment of world.environments) {
    for (const meter of environment.meters) {
      for (let asked = 0; asked < ASKED_PER_METER; asked++) {
        const question = questionFor(environment, asked, random)
        const quantity = await quantityOf(target, environment, { ...question, meter: meter.key })
        answers.push(
          JSON.stringify({
            environment: environment.name,
            meter: meter.key,
            ...question,
            quantity,
          }),
        )
      }
    }
  }
  writeFileSync(
    path.join(arena.folder, 'usage.ndjson'),
    answers.map((line) => `${line}\n`).join(''),
  )
}

type Question = { readonly customer: string | null; readonly from: number; readonly to: number }

/** Once everything, then single customers between instants that fall on no hour. */
function questionFor(environment: WorldEnvironment, asked: number, random: Random): Question {
  const now = environment.time.earliest()
  const DAY_MS = 24 * HOUR_MS
  if (asked === 0) return { customer: null, from: now - 300 * DAY_MS, to: now + DAY_MS }
  const customer = `${environment.canary}-c${random.between(0, 12)}`
  const from = now - random.between(DAY_MS / 2, 40 * DAY_MS)
  return { customer, from, to: from + random.between(1, 20 * DAY_MS) }
}

async function quantityOf(
  target: Target,
  environment: WorldEnvironment,
  question: Question & { meter: string },
): Promise<string | null> {
  const query = new URLSearchParams({
    meter: question.meter,
    from: new Date(question.from).toISOString(),
    to: new Date(question.to).toISOString(),
    ...(question.customer === null ? {} : { customerId: question.customer }),
  })
  const headers = { 'x-usageflow-api-key': environment.apiKeys[0]?.key ?? '' }
  const request = { method: 'GET', path: `/api/v1/usage?${query}`, headers } as const
  const { total } = (await sendUntilDone(target, request)) as { total: { quantity: string | null } }
  return total.quantity
}
