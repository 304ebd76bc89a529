import { EVENT_NAME } from './events.ts'
import type { Product } from './product.ts'

/** The customer of the bench that used most. */
export const HEAVY = 'heavy'

const BATCH_EVENTS = 1_000
const DAY_MS = 24 * 60 * 60 * 1_000
const STARTED_DAYS_AGO = 20
const METER = 'calls'

/** Asks of the API of a product. Throws for anything but success. */
export type Call = (method: 'GET' | 'POST', path: string, body?: object) => Promise<unknown>

export function callsOf({ port, apiKey }: Pick<Product, 'port' | 'apiKey'>): Call {
  return async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { 'x-usageflow-api-key': apiKey, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return text === '' ? null : JSON.parse(text)
  }
}

/** A plan with included units and credits of each period, and customers on it; all have credits of their own, too. */
export async function prepareCustomers(call: Call, customers: readonly string[]): Promise<void> {
  const prices = [
    { meter: METER, model: 'per_unit', includedUnits: '10000', unitPrice: '0.001' },
    { meter: 'users', model: 'per_unit', includedUnits: '5', unitPrice: '2' },
  ]
  const credits = [{ meter: METER, units: '5000' }]
  const terms = { currency: 'USD', cycle: 'month', basePrice: '100' }
  await call('POST', '/api/v1/plans', { key: 'scale', name: 'Scale', ...terms, prices, credits })
  const startedAt = new Date(Date.now() - STARTED_DAYS_AGO * DAY_MS).toISOString()
  for (const customerId of customers) {
    await call('POST', '/api/v1/customers', { customerId })
    await sendEvents(call, customerId, 10)
    await call('POST', '/api/v1/subscriptions', { customerId, plan: 'scale', startedAt })
    await call('POST', `/api/v1/customers/${customerId}/credits`, {
      meter: METER,
      units: '10000000',
    })
  }
}

/** Events of the time since the subscriptions began. */
export async function sendEvents(call: Call, customerId: string, count: number): Promise<void> {
  const spreadMs = (STARTED_DAYS_AGO - 1) * DAY_MS
  for (let sent = 0; sent < count; sent += BATCH_EVENTS) {
    const size = Math.min(BATCH_EVENTS, count - sent)
    const events = Array.from({ length: size }, (_, nth) => ({
      name: EVENT_NAME,
      customerId,
      timestamp: new Date(Date.now() - (spreadMs * (sent + nth)) / count).toISOString(),
      metadata: { user: `${customerId}/${nth % 4}`, status: 200 },
    }))
    await call('POST', '/api/v1/events', events)
  }
}

/** The bytes of a question whether a customer may use units of the meter. */
export function question(product: Product, customer: string): string {
  return reading(product, `/api/v1/customers/${customer}/access?meter=${METER}&units=5`)
}

/** The bytes of a question for one stored row. */
export function readingOfMeter(product: Product): string {
  return reading(product, `/api/v1/meters/${METER}`)
}

function reading({ port, apiKey }: Product, path: string): string {
  const head = [`GET ${path} HTTP/1.1`, `Host: 127.0.0.1:${port}`, `x-usageflow-api-key: ${apiKey}`]
  return `${head.join('\r\n')}\r\n\r\n`
}
