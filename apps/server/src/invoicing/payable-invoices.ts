import type { Tx } from '../platform/db/transaction.ts'
import type { Status } from './invoice.ts'
import { tellOf } from './invoice-facts.ts'
import { selectState, selectStatesForUpdate, updateOverdue } from './invoice-states.store.ts'
import { selectContents, selectDues } from './invoices.store.ts'

/** What whoever collects the money has to know of an invoice that is no draft. */
export type PayableInvoice = {
  readonly id: string
  readonly customer: string
  /** Null for a one-off invoice, like the plan. */
  readonly subscriptionId: string | null
  readonly planId: string | null
  readonly status: Status
  readonly currency: string
  readonly amountDueMinor: bigint
  readonly dueAt: Date
  readonly overdueAt: Date | null
  /** By credit notes. What was credited cannot be void. */
  readonly creditedMinor: bigint
}

/**
 * Those of the invoices that are finalized or further, by id. Until the transaction ends nobody else
 * changes their status: whoever also locks their subscriptions does that before.
 */
export async function lockPayable(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PayableInvoice>> {
  const states = await selectStatesForUpdate(tx, envId, ids)
  if (states.length === 0) return new Map()
  const dues = await selectDues(tx, envId, ids)
  return new Map(
    states.flatMap(({ id, customer, subscriptionId, status, overdueAt, creditedMinor }) => {
      const due = dues.get(id)
      const state = { id, customer, subscriptionId, status, overdueAt, creditedMinor }
      return due ? [[id, { ...state, ...due }]] : []
    }),
  )
}

/**
 * The subscription that an invoice bills, to be locked before the invoice is; null: it is of none.
 * Undefined: there is no such invoice.
 */
export async function subscriptionOfInvoice(
  tx: Tx,
  envId: number,
  id: string,
): Promise<string | null | undefined> {
  return (await selectState(tx, envId, id))?.subscriptionId
}

/** Notes and tells, once, that those of the invoices which still are not paid should have been. */
export async function tellOverdue(
  tx: Tx,
  envId: number,
  ids: readonly string[],
  now: Date,
): Promise<void> {
  const states = await selectStatesForUpdate(tx, envId, ids)
  const unpaid = states.filter(
    ({ status, overdueAt }) =>
      (status === 'finalized' || status === 'failed') && overdueAt === null,
  )
  if (unpaid.length === 0) return
  const late = unpaid.map(({ id }) => id)
  await updateOverdue(tx, envId, late, now)
  const contents = await selectContents(tx, envId, late)
  const facts = unpaid.flatMap((before) => {
    const content = contents.get(before.id)
    const state = { ...before, overdueAt: now, version: before.version + 1 }
    return content ? [{ type: 'invoice.overdue' as const, state, content }] : []
  })
  await tellOf(tx, envId, facts, now)
}
