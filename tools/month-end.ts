import { setTimeout as sleep } from 'node:timers/promises'
import type { ApiClient } from '../apps/server/src/cli/api-client.ts'

export type MonthInvoice = {
  readonly totalMinor: string
  readonly lines: readonly { readonly meter: string | null; readonly quantity: string }[]
}

const MONTHS_MS = 62 * 86_400_000
const WAIT_MS_MAX = 120_000
const POLL_MS = 100

/**
 * Moves the clock of a test environment past the first month of its subscriptions. Resolves with a customer's
 * invoice when it is finalized, or paid, as one with nothing to pay is at once; throws when it is not in time.
 */
export async function invoiceOfFirstMonth(
  api: ApiClient,
  customerId: string,
  status: 'finalized' | 'paid' = 'finalized',
): Promise<MonthInvoice> {
  const { body } = await api.get('/api/v1/clock')
  const now = new Date(Date.parse((body as { now: string }).now) + MONTHS_MS).toISOString()
  const moved = await api.post('/api/v1/clock', { now })
  if (moved.status >= 300) throw new Error(`the clock does not move: ${JSON.stringify(moved.body)}`)
  for (const endMs = Date.now() + WAIT_MS_MAX; Date.now() < endMs; await sleep(POLL_MS)) {
    const invoices = await api.get(`/api/v1/invoices?status=${status}&customerId=${customerId}`)
    const id = (invoices.body as { data: readonly { id: string }[] }).data.at(-1)?.id
    if (id !== undefined) return (await api.get(`/api/v1/invoices/${id}`)).body as MonthInvoice
  }
  throw new Error(`${customerId} has no invoice`)
}
