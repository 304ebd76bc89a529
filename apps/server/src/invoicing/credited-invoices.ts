import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { failures } from './failures.ts'
import { selectStateForUpdate, updateCredited } from './invoice-states.store.ts'
import { type StoredInvoice, selectContents } from './invoices.store.ts'

/**
 * An invoice of which something is to be taken back: until the transaction ends nobody else changes where it
 * stands. Throws `invoice.unknown`, and `invoice.not_creditable` for a draft and a void one.
 */
export async function lockForCredit(tx: Tx, envId: number, id: string): Promise<StoredInvoice> {
  const state = await selectStateForUpdate(tx, envId, id)
  if (!state) throw failures.unknown(id)
  if (state.status === 'draft' || state.status === 'void')
    throw failures.notCreditable(state.status)
  const content = (await selectContents(tx, envId, [id])).get(id)
  invariant(content !== undefined, 'an invoice that is no draft has its content')
  return { state, content }
}

/** Notes how much of a locked invoice was taken back, tax included: from then on it cannot be void. */
export async function noteCredited(
  tx: Tx,
  envId: number,
  id: string,
  credited: { readonly amountMinor: bigint; readonly at: Date },
): Promise<void> {
  await updateCredited(tx, envId, id, credited)
}
