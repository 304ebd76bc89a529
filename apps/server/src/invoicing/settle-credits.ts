import { type Decimal, wholeDecimal } from '@usageflow/pricing'
import { grantCredits } from '../credits/grant-credits.ts'
import { giveBackUse, type InvoiceUse, settleUse, usedByInvoices } from '../credits/settle-use.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { selectIdsOfPeriods } from './invoice-states.store.ts'
import type { StoredInvoice } from './invoices.store.ts'

/**
 * Has the ledger of credits say what these invoices, which are being finalized, take from it; and gives what
 * comes to less than nothing back as credit, since an invoice is never paid out. The credits are locked.
 */
export async function settleCredits(
  tx: Tx,
  envId: number,
  invoices: readonly StoredInvoice[],
  now: Date,
): Promise<void> {
  await settleUse(tx, envId, invoices.flatMap(usesOf), now)
  for (const invoice of invoices) await creditSurplus(tx, envId, invoice, now)
}

/** Gives back what an invoice has taken that is declared void. */
export async function returnCredits(
  tx: Tx,
  envId: number,
  invoiceId: string,
  now: Date,
): Promise<void> {
  await giveBackUse(tx, envId, [invoiceId], now)
}

/** What the invoices of these periods have used of grants, by grant: units, or whole minor units. */
export async function creditsUsedIn(
  tx: Tx,
  envId: number,
  refs: readonly { readonly subscriptionId: string; readonly periodNo: number }[],
): Promise<ReadonlyMap<string, Decimal>> {
  return usedByInvoices(tx, envId, await selectIdsOfPeriods(tx, envId, refs))
}

/** What an invoice takes from each grant: units, or whole minor units. */
export function usesOf({ state, content }: StoredInvoice): InvoiceUse[] {
  return content.adjustments.flatMap(({ kind, ref: grantId, units, amountMinor }) => {
    const use = { grantId, invoiceId: state.id }
    if (kind === 'unit_credit' && units) return [{ ...use, amount: units.quantity }]
    const isMoney = kind === 'promotional' || kind === 'prepaid'
    return isMoney ? [{ ...use, amount: wholeDecimal(amountMinor) }] : []
  })
}

/** With tax, as the total has it: so it pays like a payment. */
async function creditSurplus(
  tx: Tx,
  envId: number,
  { state, content }: StoredInvoice,
  now: Date,
): Promise<void> {
  const { totalMinor, currency, number } = content
  if (totalMinor >= 0n) return
  await grantCredits(
    tx,
    envId,
    {
      customer: state.customer,
      asset: { kind: 'money', currency, meterIds: null },
      amount: wholeDecimal(-totalMinor),
      priority: SURPLUS_PRIORITY,
      from: now,
      to: null,
      isPromotional: false,
      lowAt: null,
      source: 'correction',
      name: `Surplus of ${number ?? state.id}`,
      cycle: null,
    },
    now,
  )
}

const SURPLUS_PRIORITY = 0 // it is the customer's own money: before anything else that was paid for
