import { setTimeout as sleep } from 'node:timers/promises'
import type { AccessLoadMessage, AccessLoadOrder } from './access.ts'
import { type HttpConnection, openConnection } from './http-connection.ts'

// A process of its own: asks at the times of a schedule, or as fast as the answers come, and reports.

process.once('message', (order: AccessLoadOrder) => {
  run(order).then(
    (latenciesMs) => tell({ kind: 'report', latenciesMs }),
    (error) => tell({ kind: 'failed', reason: String(error) }),
  )
})

async function run(order: AccessLoadOrder): Promise<number[]> {
  const latenciesMs: number[] = []
  const startedAt = performance.now()
  await Promise.all(
    Array.from({ length: order.connections }, async (_, nth) => {
      const connection = await openConnection(order.port)
      await ask(order, { connection, nth, startedAt, latenciesMs })
      connection.close()
    }),
  )
  return latenciesMs
}

type Client = {
  readonly connection: HttpConnection
  readonly nth: number
  readonly startedAt: number
  readonly latenciesMs: number[]
}

async function ask(order: AccessLoadOrder, client: Client): Promise<void> {
  const { connections, requests } = order
  const { connection, nth, startedAt, latenciesMs } = client
  const measuredFrom = startedAt + order.warmUpMs
  const endAt = measuredFrom + order.measureMs
  for (let round = 0; ; round += 1) {
    const sentAt = await untilDue(order, startedAt, round * connections + nth)
    if (sentAt >= endAt || performance.now() >= endAt) return
    const text = requests[(round * connections + nth) % requests.length] ?? ''
    const { status, body } = await connection.exchange(Buffer.from(text))
    if (status !== 200) throw new Error(`${status} ${body.toString('utf8', 0, 500)}`)
    if (sentAt >= measuredFrom) latenciesMs.push(performance.now() - sentAt)
  }
}

/**
 * When question `nth` is asked. One that is late because the answer before it was late waits from
 * when it was due: a server that stops for a while is not asked less.
 */
async function untilDue(
  { perSecond }: AccessLoadOrder,
  startedAt: number,
  nth: number,
): Promise<number> {
  const now = performance.now()
  if (perSecond === null) return now
  const dueAt = startedAt + (nth / perSecond) * 1_000
  if (dueAt <= now) return dueAt
  await sleep(dueAt - now)
  return performance.now()
}

/** Once the last message is on its way, the process ends by itself. */
function tell(message: AccessLoadMessage): void {
  process.send?.(message, undefined, undefined, () => process.disconnect())
}
