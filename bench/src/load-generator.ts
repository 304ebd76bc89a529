import { setTimeout as sleep } from 'node:timers/promises'
import { type HttpAnswer, openConnection } from './http-connection.ts'
import type { LoadMessage, LoadOrder, LoadReport } from './load.ts'
import { buildTemplate, renewKeys } from './requests.ts'

// A process of its own: sends what it is told, as fast as the answers come, and reports.

const TEMPLATES_PER_CONNECTION = 4
const RECORDED = Buffer.from('"recorded"')
const DUPLICATE = Buffer.from('"duplicate"')

type Tally = { recorded: number; duplicates: number; refused: number; firstRefusal: string | null }

/** What the clients of one load share. */
type Load = {
  readonly tally: Tally
  readonly latenciesMs: number[]
  phase: 'warm-up' | 'measuring' | 'stopping'
}

process.once('message', (order: LoadOrder) => {
  run(order).then(
    (report) => tell({ kind: 'report', report }),
    (error) => tell({ kind: 'failed', reason: String(error) }),
  )
})

async function run(order: LoadOrder): Promise<LoadReport> {
  const tally: Tally = { recorded: 0, duplicates: 0, refused: 0, firstRefusal: null }
  const load: Load = { tally, latenciesMs: [], phase: 'warm-up' }
  const clients = Promise.all(
    Array.from({ length: order.connections }, (_, nth) => runClient(order, nth, load)),
  )
  const window = await Promise.race([measure(order, load), clients.then(() => null)])
  await clients
  if (!window) throw new Error('the clients stopped before they were told to')
  return { ...window, ...tally, latenciesMs: load.latenciesMs }
}

/** Lets the load run, and says when the part begins and ends that counts. */
async function measure(order: LoadOrder, load: Load): Promise<{ windowMs: number; cpuUs: number }> {
  await sleep(order.warmUpMs)
  load.phase = 'measuring'
  const openedAt = performance.now()
  const cpu = process.cpuUsage()
  tell({ kind: 'measuring' })
  await sleep(order.measureMs)
  load.phase = 'stopping'
  const { user, system } = process.cpuUsage(cpu)
  tell({ kind: 'measured' })
  return { windowMs: performance.now() - openedAt, cpuUs: user + system }
}

/** Sends one request after the other until the load stops. */
async function runClient(order: LoadOrder, nth: number, load: Load): Promise<void> {
  const templates = Array.from({ length: TEMPLATES_PER_CONNECTION }, (_, at) =>
    buildTemplate(order, nth * TEMPLATES_PER_CONNECTION + at),
  )
  const connection = await openConnection(order.port)
  while (load.phase !== 'stopping') {
    for (const template of templates) {
      renewKeys(template, order.repeatShare)
      const sentAt = performance.now()
      const answer = await connection.exchange(template.bytes)
      if (load.phase === 'measuring') load.latenciesMs.push(performance.now() - sentAt)
      count(load.tally, order, answer)
    }
  }
  connection.close()
}

function count(tally: Tally, order: LoadOrder, { status, body }: HttpAnswer): void {
  const { recorded, duplicates } = outcomes(order, status, body)
  const refused = order.eventsPerRequest - recorded - duplicates
  tally.recorded += recorded
  tally.duplicates += duplicates
  tally.refused += refused
  if (refused > 0) tally.firstRefusal ??= `${status} ${body.toString('utf8', 0, 500)}`
}

function outcomes(order: LoadOrder, status: number, body: Buffer) {
  if (order.path === '/api/track')
    return { recorded: status === 201 ? 1 : 0, duplicates: status === 200 ? 1 : 0 }
  return { recorded: occurrences(body, RECORDED), duplicates: occurrences(body, DUPLICATE) }
}

function occurrences(body: Buffer, text: Buffer): number {
  let count = 0
  for (let at = body.indexOf(text); at >= 0; at = body.indexOf(text, at + text.length)) count += 1
  return count
}

/** Once the last message is on its way, the process ends by itself. */
function tell(message: LoadMessage): void {
  const isLast = message.kind === 'report' || message.kind === 'failed'
  process.send?.(message, undefined, undefined, () => isLast && process.disconnect())
}
