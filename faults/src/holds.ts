import { setTimeout as sleep } from 'node:timers/promises'
import { type Arena, openArena } from './arena.ts'
import { checkLedger, leastFree } from './holds-ledger.ts'
import { type HttpReply, isWorthRetrying, send, type Target } from './http-client.ts'
import { createKey, createOrganization } from './product.ts'
import type { Random } from './random.ts'
import { type Finding, none, printTable } from './report.ts'
import type { Setting } from './scenarios.ts'
import { endFindings } from './under-load.ts'
import { poster } from './world.ts'

const CUSTOMER = 'ann'
const GRANTS = 3
const UNITS_MAX = 5
const GRANTED_PER_RACE = 2 // less than the 3 that a race asks for in the middle
const TRIES = 200
const PAUSE_MS = 20

/** How the work that a hold was for has ended, by what its client was told. */
type Outcome = 'refused' | 'committed' | 'released'
type Told = {
  readonly counts: Record<Outcome, number>
  /** Units. */
  used: number
  readonly wrong: string[]
}
type Course = {
  readonly arena: Arena
  readonly apiKey: string
  readonly told: Told
}

/** Many clients hold, commit and release units of one balance, over all servers, until it is used up. */
export async function raceForHolds(setting: Setting): Promise<Finding[]> {
  const { races, senders, random } = setting
  const arena = await openArena({ ...setting, hasProxy: false })
  try {
    const ours = await createOrganization(arena.product, 'Holds', '2026-01-01T00:00:00Z')
    const { key: apiKey } = await createKey(arena.product, ours, 'live')
    const granted = await grant(arena.targets[0] as Target, apiKey, races) // there is at least one
    const counts = { refused: 0, committed: 0, released: 0 }
    const course: Course = { arena, apiKey, told: { counts, used: 0, wrong: [] } }
    const startedAt = performance.now()
    const free = await watched(arena, () => raceAll(course, { races, senders }, random))
    const perSecond = Math.round((races / (performance.now() - startedAt)) * 1_000)
    printTable('Did', [
      ['races', `${races}, ${perSecond} a second by ${senders} clients`],
      ['servers', `${arena.targets.length}`],
      [
        'ends',
        Object.entries(counts)
          .map(([end, times]) => `${end} ${times}`)
          .join(', '),
      ],
    ])
    const { used, wrong } = course.told
    return [
      none('clients told what cannot be', wrong, `${races}`),
      isSome('holds refused, since no more was free', counts.refused),
      isSome('holds committed', counts.committed),
      {
        name: 'least that was free',
        said: `${free.least} in ${free.looks} looks`,
        holds: free.least >= 0,
        examples: [],
      },
      ...(await checkLedger(arena, { granted, used })),
      ...(await endFindings(arena)),
    ]
  } finally {
    await arena.close()
  }
}

async function grant(target: Target, apiKey: string, races: number): Promise<number> {
  const post = poster(target, apiKey)
  await post('/api/v1/meters', {
    key: 'calls',
    name: 'Calls',
    eventName: 'call',
    aggregation: 'SUM',
  })
  await post('/api/v1/customers', { customerId: CUSTOMER })
  const units = Math.ceil((races * GRANTED_PER_RACE) / GRANTS)
  for (let priority = 0; priority < GRANTS; priority++)
    await post(`/api/v1/customers/${CUSTOMER}/credits`, {
      priority,
      meter: 'calls',
      units: String(units),
    })
  return GRANTS * units
}

/** Looks all the time at what is free: what is left, without what is held. */
async function watched(
  arena: Arena,
  work: () => Promise<void>,
): Promise<{ least: number; looks: number }> {
  const client = await arena.database.connect()
  let least = Number.POSITIVE_INFINITY
  let looks = 0
  let isOver = false
  const watching = (async () => {
    while (!isOver) {
      least = Math.min(least, await leastFree(client))
      looks += 1
      await sleep(PAUSE_MS)
    }
  })()
  await work().finally(() => {
    isOver = true
  })
  await watching
  await client.end()
  return { least, looks }
}

async function raceAll(
  course: Course,
  { races, senders }: { readonly races: number; readonly senders: number },
  random: Random,
): Promise<void> {
  let next = 0
  const client = async () => {
    while (next < races) {
      const key = `job ${next++}`
      await race(course, key, random.fork(key))
    }
  }
  await Promise.all(Array.from({ length: senders }, client))
}

async function race(course: Course, key: string, random: Random): Promise<void> {
  const { told } = course
  const units = random.between(1, UNITS_MAX)
  const wanted = { customerId: CUSTOMER, meter: 'calls', units: String(units), key }
  const ask = () => call(course, { path: '/api/v1/holds', body: wanted, random })
  const both = await Promise.all(random.chance(0.1) ? [ask(), ask()] : [ask()])
  const held = both.filter(({ id }) => id !== null)
  const [hold] = held
  if (new Set(held.map(({ id }) => id)).size > 1) told.wrong.push(`${key}: two holds for one key`)
  if (!hold) {
    told.counts.refused += 1
    return
  }
  if (random.chance(0.1)) return release(course, `${hold.id}`, random)
  const used = random.between(0, UNITS_MAX + 2) // less, as much, or more than was held
  const once = () =>
    call(course, { path: `/api/v1/holds/${hold.id}/commit`, body: { units: String(used) }, random })
  const done = await Promise.all(random.chance(0.1) ? [once(), once()] : [once()])
  if (new Set(done.map(({ id }) => id)).size > 1 && used <= units)
    told.wrong.push(`${key}: of two commits that say the same one was refused`)
  if (done.every(({ id }) => id === null)) return release(course, `${hold.id}`, random)
  told.counts.committed += 1
  told.used += used
}

async function release(course: Course, hold: string, random: Random): Promise<void> {
  const { id } = await call(course, { path: `/api/v1/holds/${hold}/release`, body: null, random })
  if (id === null) course.told.wrong.push(`${hold} was not released`)
  else course.told.counts.released += 1
}

/** The hold that the answer names; null where no more was free. Asks again until the answer is definite. */
async function call(
  { arena, apiKey, told }: Course,
  { path, body, random }: { path: string; body: object | null; random: Random },
): Promise<{ readonly id: string | null }> {
  const target = random.pick(arena.targets)
  const key = { 'x-usageflow-api-key': apiKey }
  const json = { ...key, 'content-type': 'application/json' }
  const sent = body === null ? { headers: key } : { headers: json, body: JSON.stringify(body) }
  const message = { method: 'POST', path, ...sent } as const
  for (let tries = 0; tries < TRIES; tries++) {
    const reply = await send(target, message)
    const id = idOf(reply)
    if (id !== undefined) return { id }
    if (!isWorthRetrying(reply.status) || reply.status === 409) return complain(told, path, reply)
    if (reply.status === 500) complain(told, path, reply)
    await sleep(PAUSE_MS)
  }
  return complain(told, path, { status: null, reason: 'never definite' })
}

/** Undefined where the answer is neither a hold nor that no more is free. */
function idOf(reply: HttpReply): string | null | undefined {
  if (reply.status === 409 && reply.text.includes('"credit.insufficient"')) return null
  if (reply.status !== 200 && reply.status !== 201) return undefined
  return (JSON.parse(reply.text) as { id: string }).id
}

function complain(told: Told, path: string, reply: HttpReply): { readonly id: null } {
  told.wrong.push(`${path}: ${JSON.stringify(reply)}`)
  return { id: null }
}

function isSome(name: string, count: number): Finding {
  return { name, said: String(count), holds: count > 0, examples: [] }
}
