import { hash } from 'node:crypto'
import type { DemoCustomer } from './customers.ts'

/** An event as `POST /api/v1/events` takes it. */
export type DemoEvent = {
  readonly idempotencyKey: string
  readonly name: string
  readonly customerId: string
  readonly amount: number
  readonly timestamp: string
  readonly metadata: Readonly<Record<string, string>>
}

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const DAYS_A_MONTH = 30
const SIGN_INS_A_DAY = 12
const ENDPOINTS = ['/v1/chat', '/v1/chat', '/v1/embed', '/v1/search']
const MODELS = ['large', 'small', 'small', 'vision']

/**
 * What a customer uses in `[fromMs, toMs)`, since `beganMs`: one event an hour for each thing they use,
 * busy in the early afternoon and quiet at night. The same customer and hours always give the same events.
 */
export function usageOf(
  customer: DemoCustomer,
  span: { readonly beganMs: number; readonly fromMs: number; readonly toMs: number },
): DemoEvent[] {
  const hours = Math.max(0, Math.ceil((span.toMs - span.fromMs) / HOUR_MS))
  return Array.from({ length: hours }, (_, index) => span.fromMs + index * HOUR_MS)
    .filter((atMs) => atMs >= span.beganMs)
    .flatMap((atMs) => [
      ...calls(customer, atMs, busyness(customer, atMs, span.beganMs)),
      ...tokens(customer, atMs, busyness(customer, atMs, span.beganMs)),
      ...daily(customer, atMs, span.beganMs),
    ])
}

/** How much of an average hour's usage falls into this one. */
function busyness(customer: DemoCustomer, atMs: number, beganMs: number): number {
  const at = new Date(atMs)
  const byHour = 0.3 + 1.7 * Math.exp(-(((at.getUTCHours() - 14) / 5) ** 2))
  const isWeekend = at.getUTCDay() === 0 || at.getUTCDay() === 6
  const months = (atMs - beganMs) / (DAYS_A_MONTH * DAY_MS)
  const noise = 0.85 + 0.3 * chance(customer.id, atMs)
  return byHour * (isWeekend ? customer.weekend : 1.1) * customer.growth ** months * noise
}

function calls(customer: DemoCustomer, atMs: number, busy: number): DemoEvent[] {
  const endpoint = pick(ENDPOINTS, chance(customer.id, atMs, 'endpoint'))
  const region = pick(['eu', 'us', 'us'], chance(customer.id, atMs, 'region'))
  return some(customer.calls * busy, (amount) =>
    event(customer, 'API_CALL', atMs, { amount, metadata: { endpoint, region } }),
  )
}

function tokens(customer: DemoCustomer, atMs: number, busy: number): DemoEvent[] {
  const model = pick(MODELS, chance(customer.id, atMs, 'model'))
  return some((customer.tokens ?? 0) * busy, (amount) =>
    event(customer, 'AI_TOKEN', atMs, { amount, metadata: { model } }),
  )
}

/** What is measured in the morning, and who signed in. */
function daily(customer: DemoCustomer, atMs: number, beganMs: number): DemoEvent[] {
  const at = new Date(atMs)
  if (at.getUTCHours() !== 7) return []
  const days = (atMs - beganMs) / DAY_MS
  const gigabytes = (customer.storageGb ?? 0) * customer.growth ** (days / DAYS_A_MONTH)
  const users = customer.users ?? 0
  const signIns = Array.from({ length: users === 0 ? 0 : SIGN_INS_A_DAY }, (_, index) => {
    const user = `user-${Math.floor(chance(customer.id, atMs, `user ${index}`) * users) + 1}`
    return event(customer, 'SIGN_IN', atMs + index * 60_000, { amount: 1, metadata: { user } })
  })
  const stored = some(gigabytes, (amount) =>
    event(customer, 'STORAGE_GB', atMs, { amount, metadata: { region: 'eu' } }),
  )
  return [...stored, ...signIns]
}

function some(amount: number, make: (amount: number) => DemoEvent): DemoEvent[] {
  const rounded = Math.round(amount)
  return rounded > 0 ? [make(rounded)] : []
}

function event(
  customer: DemoCustomer,
  name: string,
  hourMs: number,
  content: Pick<DemoEvent, 'amount' | 'metadata'>,
): DemoEvent {
  const withinHourMs = Math.floor(chance(customer.id, hourMs, `${name} minute`) * HOUR_MS)
  return {
    idempotencyKey: `${customer.id}-${name}-${hourMs / 60_000}`,
    name,
    customerId: customer.id,
    timestamp: new Date(hourMs + withinHourMs).toISOString(),
    ...content,
  }
}

function pick(from: readonly string[], chance: number): string {
  return from[Math.floor(chance * from.length)] ?? ''
}

/** In [0, 1), the same for the same words. */
export function chance(...words: readonly (string | number)[]): number {
  return hash('sha1', words.join(' '), 'buffer').readUInt32BE() / 2 ** 32
}
