import { Agent, request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** Requests of a kind that a host answers with 200 whatever becomes of UsageFlow. */
export type Ask = {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly customer: string
}

export type Target = { readonly port: number; readonly agent: Agent }

/** How one request went. `status` is null where there was no answer. */
export type Went = {
  readonly ask: Ask
  readonly status: number | null
  readonly tookMs: number
  readonly reason: string
  /** Whether the answer says what is left of a limit: then it was decided with what was lent. */
  readonly isDecided: boolean
}

const BODY = '{"model":"small"}'
const CONNECTIONS_MAX = 128
const TICK_MS = 5
const ANSWER_MS_MAX = 30_000

/** Connections are used in turn: one that nobody uses for long is closed by its server just when it is needed. */
export function targetAt(port: number): Target {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS_MAX, scheduling: 'fifo' })
  return { port, agent }
}

export function send({ port, agent }: Target, ask: Ask): Promise<Went> {
  const startedAt = performance.now()
  const { method, path, customer } = ask
  const isPost = method === 'POST'
  const length = isPost
    ? { 'content-type': 'application/json', 'content-length': BODY.length }
    : undefined
  return new Promise((resolve) => {
    const went = (status: number | null, reason = '', isDecided = false) =>
      resolve({ ask, status, tookMs: performance.now() - startedAt, reason, isDecided })
    const outgoing = request(
      {
        ...{ host: '127.0.0.1', port, agent, method, path, timeout: ANSWER_MS_MAX },
        headers: { 'x-user-id': customer, ...length },
      },
      (response) => {
        response.on('data', () => {})
        const isDecided = response.headers['ratelimit-policy'] !== undefined
        response.once('end', () => went(response.statusCode ?? null, '', isDecided))
        response.once('error', (error) => went(null, error.message))
      },
    )
    outgoing.once('timeout', () => outgoing.destroy(new Error('no answer')))
    outgoing.once('error', (error) => went(null, error.message))
    outgoing.end(isPost ? BODY : undefined)
  })
}

/**
 * Sends `count` requests at a steady rate, however slowly they are answered: who stops for a while is not asked
 * less. `sendNth` is called in order; resolves when all are answered.
 */
export async function paced(
  count: number,
  perSecond: number,
  sendNth: (nth: number) => Promise<void>,
): Promise<void> {
  const startedAt = performance.now()
  const pending = new Set<Promise<void>>()
  for (let sent = 0; sent < count; ) {
    const due = Math.min(count, Math.ceil(((performance.now() - startedAt) / 1_000) * perSecond))
    for (; sent < due; sent += 1) {
      const one = sendNth(sent)
      pending.add(one)
      void one.finally(() => pending.delete(one))
    }
    await sleep(TICK_MS)
  }
  await Promise.all(pending)
}
