import { openArena } from './arena.ts'
import { CUT_POINTS, type CutPoint } from './commit-cut.ts'
import { type HttpReply, isWorthRetrying, send, type Target } from './http-client.ts'
import { createKey, createOrganization } from './product.ts'
import type { FaultProxy } from './proxy.ts'
import { atMost, type Finding, none, printTable } from './report.ts'
import type { Setting } from './scenarios.ts'
import { endFindings } from './under-load.ts'

const ANSWER_MS_MAX = 10_000
const CUT_TIMEOUT_MS = 5_000
const BATCH_EVENTS = 40

type Trial = {
  readonly point: CutPoint
  readonly keys: readonly string[]
  /** What the request whose commit was cut was told. */
  readonly first: string
  readonly firstMs: number
  /** What its repeats were told in the end. */
  readonly last: string
}

/** Cuts the line at every point around the commit of events; each must end in one stored event. */
export async function cutCommits(setting: Setting): Promise<Finding[]> {
  if (setting.isSingle) throw new Error('cutting commits needs DATABASE_URL, and so no --single')
  const arena = await openArena({ ...setting, hasProxy: true })
  try {
    const { proxy, product, targets } = arena
    const [target] = targets
    if (!proxy || !target) throw new Error('there is nothing to cut')
    const organization = await createOrganization(product, 'Cuts', '2026-01-01T00:00:00Z')
    const apiKey = (await createKey(product, organization, 'live')).key
    const trials: Trial[] = []
    for (const point of CUT_POINTS) {
      for (let number = 0; number < setting.trials; number++)
        trials.push(await cutOnce({ proxy, target, apiKey }, point, number))
    }
    const client = await arena.database.connect()
    const { rows } = await client.query<{ key_text: string; times: string }>(
      'select key_text, count(*) as times from usage_events group by key_text',
    )
    await client.end()
    printTrials(trials)
    return [...findingsOf(trials, rows), ...(await endFindings(arena))]
  } finally {
    await arena.close()
  }
}

type Line = { readonly proxy: FaultProxy; readonly target: Target; readonly apiKey: string }

/** The statements by which events are stored. */
function storesEvents(statement: string): boolean {
  return /^copy usage_events\b|insert into usage_events\b/.test(statement)
}

async function cutOnce(line: Line, point: CutPoint, number: number): Promise<Trial> {
  const size = number % 2 === 0 ? 1 : BATCH_EVENTS
  const keys = Array.from({ length: size }, (_, at) => `${point}-${number}-${at}`)
  const cut = line.proxy.cutNextCommit(point, storesEvents)
  const sentAt = performance.now()
  const reply = await post(line, keys)
  const firstMs = performance.now() - sentAt
  await within(cut, `no commit was cut ${point}: the storing statement is not known`)
  let last = reply
  while (isWorthRetrying(last.status)) last = await post(line, keys)
  return { point, keys, first: outcomeOf(reply), firstMs, last: outcomeOf(last) }
}

function post({ target, apiKey }: Line, keys: readonly string[]): Promise<HttpReply> {
  const events = keys.map((idempotencyKey) => ({ name: 'cut', customerId: 'c', idempotencyKey }))
  return send(target, {
    method: 'POST',
    path: '/api/v1/events',
    headers: { 'x-usageflow-api-key': apiKey, 'content-type': 'application/json' },
    body: JSON.stringify(events.length === 1 ? events[0] : events),
  })
}

/** The status, and for a batch what its events were told. */
function outcomeOf(reply: HttpReply): string {
  if (reply.status === null) return reply.reason
  if (reply.status >= 300) return String(reply.status)
  const { results } = JSON.parse(reply.text) as { results?: { status: string }[] }
  const told = [...new Set(results?.map(({ status }) => status))].join(' and ')
  return `${reply.status}${told && ` ${told}`}`
}

async function within(done: Promise<void>, complaint: string): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(complaint)), CUT_TIMEOUT_MS)
  })
  await Promise.race([done, late]).finally(() => clearTimeout(timer))
}

function findingsOf(
  trials: readonly Trial[],
  rows: readonly { key_text: string; times: string }[],
): Finding[] {
  const stored = new Map(rows.map(({ key_text, times }) => [key_text, Number(times)]))
  const keys = trials.flatMap((trial) => trial.keys)
  const notOnce = keys.filter((key) => stored.get(key) !== 1)
  const sent = new Set(keys)
  const unasked = [...stored.keys()].filter((key) => !sent.has(key))
  const wrong = trials.filter(({ first, last }) => first === '500' || !/^20/.test(last))
  return [
    none('events not stored exactly once', notOnce, `${keys.length}`),
    none('events stored that nobody sent', unasked),
    none(
      'wrong answers',
      wrong.map((trial) => JSON.stringify(trial)),
      `${trials.length}`,
    ),
    atMost(
      'answer to the request that was cut',
      trials.map(({ firstMs }) => firstMs),
      ANSWER_MS_MAX,
    ),
  ]
}

function printTrials(trials: readonly Trial[]): void {
  const rows = CUT_POINTS.map((point) => {
    const counts = new Map<string, number>()
    for (const { first, last } of trials.filter((trial) => trial.point === point)) {
      const way = first === last ? first : `${first}, then ${last}`
      counts.set(way, (counts.get(way) ?? 0) + 1)
    }
    return [point, [...counts].map(([way, times]) => `${times} × ${way}`).join('; ')] as const
  })
  printTable('Cut', rows)
}
