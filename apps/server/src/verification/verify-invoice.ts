import { getInvoice } from '../invoicing/read-invoice.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { type Comparison, compareInvoices, digestOfAll } from './compare-invoices.ts'
import { failures } from './failures.ts'
import { type Recomputed, recomputed } from './recompute.ts'
import type { FinalInvoice } from './recorded-basis.ts'
import { mismatchedRollUps, type RollUpMismatch } from './roll-up-mismatches.ts'

export type Verification = {
  readonly invoice: FinalInvoice
  readonly comparison: Comparison
  /** Sums of usage of the invoice that its events do not confirm, as both are now. */
  readonly rollUps: readonly RollUpMismatch[]
}

/**
 * Computes a final invoice again, from its events one by one and the versions it was made with, and puts the
 * two side by side. Nothing is written. Throws `invoice.unknown` and `invoice.not_final`.
 */
export async function verifyInvoice(tx: Tx, envId: number, id: string): Promise<Verification> {
  const { state, content } = await getInvoice(tx, envId, id)
  const { finalizedAt } = content
  if (finalizedAt === null) throw failures.notFinal(id)
  const invoice = { state, content, finalizedAt }
  const { asked, comparison } = await likeliest(tx, envId, invoice)
  return { invoice, comparison, rollUps: await mismatchedRollUps(tx, envId, asked) }
}

/** The answer that agrees, else the first. */
async function likeliest(tx: Tx, envId: number, invoice: FinalInvoice) {
  let first: (Recomputed & { readonly comparison: Comparison }) | null = null
  for await (const answer of recomputed(tx, envId, invoice)) {
    const comparison = compareInvoices(invoice.content, answer.content)
    first ??= { ...answer, comparison }
    if (isSame(comparison)) return { ...answer, comparison }
  }
  invariant(first !== null, 'an invoice is computed again')
  return first
}

/** Whether both sides say the same of everything. */
export function isSame(comparison: Comparison): boolean {
  return digestOfAll(comparison, 'stored') === digestOfAll(comparison, 'recomputed')
}
