import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { failures } from './failures.ts'
import { type InvoiceState, type Step, statusAfter } from './invoice.ts'
import { type InvoiceFact, tellOf } from './invoice-facts.ts'
import { isPeriodInvoiced, selectStateForUpdate, updateStatus } from './invoice-states.store.ts'
import { type StoredInvoice, selectContents } from './invoices.store.ts'
import { returnCredits } from './settle-credits.ts'

/** What a person records of an invoice. */
export type StepByHand = Exclude<Step, 'finalize'>

const FACT: Readonly<Record<StepByHand, InvoiceFact['type']>> = {
  pay: 'invoice.paid',
  fail: 'invoice.failed',
  void: 'invoice.voided',
}

/**
 * Takes a step with a finalized invoice: its status changes, its content does not. Of two at once, the
 * second is judged by what the first has left. Throws `invoice.unknown`, `invoice.step_impossible` and, of one
 * that is to be void, `invoice.credited` and `invoice.deducted`.
 */
export async function changeInvoice(
  tx: Tx,
  envId: number,
  taken: { readonly id: string; readonly step: StepByHand; readonly reason: string | null },
  now: Date,
): Promise<StoredInvoice> {
  const { id, step, reason } = taken
  const before = await selectStateForUpdate(tx, envId, id)
  if (!before) throw failures.unknown(id)
  const { status: from, version } = before
  const to = statusAfter(from, step)
  if (step === 'void') await assertVoidable(tx, envId, before)
  const moved = await updateStatus(tx, envId, [id], { from, to, reason, at: now })
  invariant(moved === 1, 'a locked invoice keeps its status')
  const state: InvoiceState = { ...before, status: to, reason, version: version + 1 }
  const content = (await selectContents(tx, envId, [id])).get(id)
  invariant(content !== undefined, 'an invoice that is no draft has its content')
  if (step === 'void') await returnCredits(tx, envId, id, now)
  await tellOf(tx, envId, [{ type: FACT[step], state, content }], now)
  return { state, content }
}

async function assertVoidable(tx: Tx, envId: number, state: InvoiceState): Promise<void> {
  if (state.creditedMinor > 0n) throw failures.credited(state.id)
  if (state.kind === 'threshold' && (await isPeriodInvoiced(tx, envId, state)))
    throw failures.deducted(state.id)
}
