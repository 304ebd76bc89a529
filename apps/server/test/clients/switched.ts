import { expect } from 'vitest'
import { aKey, anOrganization, type RunningApp, runApp } from '../routes/running-app.ts'

/** A server of ours, and what a sender of another product needs of it. */
export type Switched = {
  readonly app: RunningApp
  readonly address: string
  /** Of the live environment, which goes by real time. */
  readonly key: string
  /** A key that may read and not write. */
  readonly readerKey: string
  /** Sends to our own API, and expects it to go well. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON came
  call(method: string, path: string, body?: unknown): Promise<any>
  /** What our meter says of the customer's last two hours, once all that was stored is counted. */
  usage(meter: string, customerId: string): Promise<{ quantity: string | null; events: string }>
}

/** An organization whose senders come from another product. */
export async function aSwitchedOrganization(): Promise<Switched> {
  const app = await runApp()
  const { live, liveKey: key } = await anOrganization('Switched')
  const { key: readerKey } = await aKey(live, ['usage:read'])
  const call: Switched['call'] = async (method, path, body) => {
    const answer = await app.call(method, path, { key, body })
    expect(answer.status, `${method} ${path}: ${answer.text}`).toBeLessThan(300)
    return answer.json
  }
  return {
    ...{ app, address: app.address, key, readerKey, call },
    async usage(meter, customerId) {
      const stored = new Date()
      const from = new Date(stored.getTime() - 2 * 3_600_000).toISOString()
      const to = new Date(stored.getTime() + 60_000).toISOString()
      const path = `/api/v1/usage?${new URLSearchParams({ meter, customerId, from, to })}`
      const counted = async () => {
        const { asOf, total } = await call('GET', path)
        return new Date(asOf) > stored ? total : null
      }
      await expect.poll(counted).not.toBeNull()
      const { quantity, events } = await counted()
      return { quantity, events }
    },
  }
}
