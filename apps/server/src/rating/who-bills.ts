import { ROOT } from '../customers/customer.ts'
import { customersAbove, parentLinks } from '../customers/parent-links.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { type ActivePrice, activePrices } from '../subscriptions/covering.ts'
import { slicesOf, surroundingsOf } from './coverage.ts'

/**
 * Which price covers what a customer used at an instant, by meter; a meter that nobody had a price for is left
 * out. It is the rule by which invoices are made, asked about one customer and those above it.
 */
export async function whoBills(
  tx: Tx,
  envId: number,
  used: { readonly customer: string; readonly meterIds: readonly string[]; readonly at: Date },
): Promise<ReadonlyMap<string, ActivePrice>> {
  const { customer, meterIds, at } = used
  const instant = { from: at, to: new Date(at.getTime() + 1) }
  const above = await customersAbove(tx, envId, customer, at)
  const chain = [...new Set([customer, ...above, ROOT])]
  const tops = above.filter((name) => name !== ROOT)
  const links = tops.length === 0 ? [] : await parentLinks(tx, envId, { tops, ...instant })
  const prices = await activePrices(tx, envId, { meterIds, customers: chain, ...instant })
  const around = surroundingsOf(links, prices)
  const covering = prices.filter(({ customer: payer, meterId }) =>
    slicesOf({ customer: payer, meterId, ...instant }, around).some((slice) =>
      slice.customer === null ? !slice.except.includes(customer) : slice.customer === customer,
    ),
  )
  return new Map(covering.map((price) => [price.meterId, price]))
}
