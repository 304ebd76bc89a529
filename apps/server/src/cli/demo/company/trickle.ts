import type { Clock } from '../../../platform/clock.ts'
import type { Call } from '../call.ts'
import { CUSTOMERS } from './customers.ts'
import type { Service } from './service.ts'
import { usageOf } from './usage.ts'

const PAUSE_MS = 1_500
const HOUR_MS = 3_600_000

/** Keeps a little usage coming in while somebody looks, so that what is live has something to show. */
export function startTrickle(
  call: Call,
  service: Service,
  clock: Clock,
): { stop(): Promise<void> } {
  let isStopped = false
  let wake: () => void = () => {}
  const run = async (): Promise<void> => {
    for (let turn = 0; !isStopped; turn += 1) {
      await sendOne(call, turn).catch(() => {}) // the visitor may well change what it needs
      await service.reportMoment(clock()).catch(() => {})
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, PAUSE_MS)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }
  const running = run()
  return {
    stop() {
      isStopped = true
      wake()
      return running
    },
  }
}

/** A small part of what a customer uses in this hour. */
async function sendOne(call: Call, turn: number): Promise<void> {
  const { now } = (await call('GET', '/clock')) as { now: string }
  const hourMs = Math.floor(Date.parse(now) / HOUR_MS) * HOUR_MS
  const customer = CUSTOMERS[(turn * 5) % CUSTOMERS.length]
  const [event] = customer
    ? usageOf(customer, { beganMs: hourMs, fromMs: hourMs, toMs: hourMs + 1 })
    : []
  if (!event) return
  const { name, customerId, amount, metadata } = event
  const part = Math.max(1, Math.round(amount / 500) + (turn % 7))
  await call('POST', '/events', { name, customerId, amount: part, metadata })
}
