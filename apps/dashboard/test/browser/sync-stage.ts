import type { FakeMeter } from '../../../server/test/stripe/fake-meters.ts'
import type { Stage } from './browser.ts'
import { eventually } from './stripe-stage.ts'

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** The hour that was so many hours ago. */
export const hourAgo = (hours: number): string =>
  new Date((Math.floor(Date.now() / HOUR_MS) - hours) * HOUR_MS).toISOString()

/** What a test does with usage that Stripe is told, on a stage in real time. */
export type SyncStage = {
  /** Meters of ours, customers of whom Ann is linked to one of Stripe, and no account yet. */
  begin(): Promise<void>
  connect(): Promise<void>
  /** Links a customer to a new one of Stripe, and says which. */
  link(customerId: string): Promise<string>
  meter(eventName: string): FakeMeter
  trigger(eventName: string): Promise<string>
  /** Of two hours ago. */
  used(...usage: readonly { readonly customerId: string; readonly amount: string }[]): Promise<void>
  /** Waits until as many records are so; the clock of the environment moves on meanwhile. */
  come(triggerId: string, state: string, count?: number): Promise<readonly { id: string }[]>
}

export function syncStage(stage: Stage): SyncStage {
  const { call, stripe } = stage
  const { meters } = stripe.books
  return {
    async begin() {
      const requests = { name: 'Requests', key: 'requests', eventName: 'request', unit: 'calls' }
      await call('POST', '/meters', { ...requests, aggregation: 'SUM' })
      await call('POST', '/meters', { ...requests, name: 'Peak', key: 'peak', aggregation: 'MAX' })
      await call('POST', '/customers', { customerId: 'ann', name: 'Ann & Sons' })
      await call('POST', '/customers', { customerId: 'bob', name: 'Bob’s Garage' })
    },
    async connect() {
      const { apiKey, webhookSecret } = stripe
      await call('PUT', '/stripe', { apiKey, webhookSecret })
    },
    async link(customerId) {
      const { id } = stripe.books.createCustomer({}) as { id: string }
      await call('PUT', `/customers/${customerId}/stripe-customer`, { stripeCustomerId: id })
      return id
    },
    meter: (eventName) => meters.add(eventName),
    async trigger(eventName) {
      const usageFrom = hourAgo(5)
      const made = await call('POST', '/stripe/triggers', {
        ...{ meter: 'requests', eventName, usageFrom },
      })
      return (made as { id: string }).id
    },
    async used(...usage) {
      const timestamp = hourAgo(2)
      await call(
        ...(['POST', '/events'] as const),
        usage.map((one) => ({ ...one, name: 'request', timestamp })),
      )
    },
    async come(triggerId, state, count = 1) {
      let found: readonly { id: string }[] = []
      await eventually(async () => {
        const path = `/stripe/sync-records?triggerId=${triggerId}&state=${state}`
        found = ((await call('GET', path)) as { data: { id: string }[] }).data
        if (found.length >= count) return true
        const clock = (await call('GET', '/clock')) as { now: string; isMoving: boolean }
        const now = new Date(Date.parse(clock.now) + 2 * MINUTE_MS).toISOString()
        if (!clock.isMoving) await call('POST', '/clock', { now })
        return false
      })
      return found
    },
  }
}
