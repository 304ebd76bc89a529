import { overdueWork } from '../invoicing/collection-work.ts'
import { lockPayable, type PayableInvoice } from '../invoicing/payable-invoices.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { finish, postpone } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import { scheduleMany } from '../platform/due/schedule.ts'
import { invariant } from '../platform/errors.ts'
import { collectionModes } from './collection-settings.ts'
import { handedOver, handOver } from './hand-over.ts'
import { newCharge } from './new-charge.ts'
import { isEndedByHand } from './payment.ts'
import { selectDefaults } from './payment-methods.store.ts'
import { settleWork } from './payment-work.ts'
import { insertPayments, selectLastCharges, selectOpenCharges } from './payments.store.ts'
import { selectTopUpInvoices } from './top-ups.store.ts'

const DAY_MS = 86_400_000
const WAIT_FOR_OTHER_MS = 3_600_000 // the customer may be asking their bank

/**
 * The next attempt of the schedule for each of these invoices: where collection is automatic a charge is
 * begun, which settles after the commit; where it is not, the invoice is handed over to whoever bills it, if somebody does.
 * An invoice that was paid, given up or declared void meanwhile is left alone; while another charge of it is under way,
 * this one waits. All jobs are of one environment.
 */
export async function collectInvoices(tx: Tx, jobs: readonly Job[]): Promise<void> {
  const [first] = jobs
  if (!first) return
  const { envId, now } = first
  const ids = jobs.map(({ ref }) => ref)
  const locked = [...(await lockPayable(tx, envId, ids)).values()].filter(isCollectable)
  const purchases = await selectTopUpInvoices(tx, envId, ids)
  const left = await leftToPeople(tx, envId, ids)
  const invoices = locked.filter(({ id }) => !purchases.has(id) && !left.has(id)) // a purchase is charged once, at once
  const open = new Set((await selectOpenCharges(tx, envId, ids)).map((each) => each.invoiceId))
  const modeOf = await collectionModes(tx, envId, invoices)
  const elsewhere = await handedOver(tx, envId, ids)
  const isAutomatic = (invoice: PayableInvoice) =>
    modeOf(invoice) === 'automatic' && !elsewhere.has(invoice.id)
  const waiting = invoices.filter((invoice) => open.has(invoice.id) && isAutomatic(invoice))
  const automatic = invoices.filter((invoice) => !open.has(invoice.id) && isAutomatic(invoice))
  const manual = invoices.filter((invoice) => !isAutomatic(invoice))

  await beginCharges(tx, envId, automatic, now)
  const toHandOver = manual.filter(({ id }) => !open.has(id) && !elsewhere.has(id))
  await handOver(tx, envId, toHandOver, now)
  await watchDueDates(tx, envId, [...manual, ...automatic.filter(({ dueAt }) => dueAt > now)], now)
  const waits = new Set(waiting.map(({ id }) => id))
  const later = new Date(now.getTime() + WAIT_FOR_OTHER_MS)
  for (const job of jobs.filter(({ ref }) => waits.has(ref))) await postpone(tx, job, later)
  await finish(
    tx,
    jobs.filter(({ ref }) => !waits.has(ref)),
  )
}

/** What failed by hand or by the schedule is not tried again by itself. */
function isCollectable({ status, amountDueMinor }: PayableInvoice): boolean {
  return status === 'finalized' && amountDueMinor > 0n
}

/** Invoices that a payment which a person ended may have paid: only a person has them charged again. */
async function leftToPeople(
  tx: Tx,
  envId: number,
  ids: readonly string[],
): Promise<ReadonlySet<string>> {
  const last = await selectLastCharges(tx, envId, ids)
  return new Set(last.filter(isEndedByHand).map(({ invoiceId }) => invoiceId))
}

async function beginCharges(
  tx: Tx,
  envId: number,
  invoices: readonly PayableInvoice[],
  now: Date,
): Promise<void> {
  const customers = invoices.map(({ customer }) => customer)
  const methods = await selectDefaults(tx, envId, customers)
  const charges = invoices.map((invoice) =>
    newCharge(invoice, methods.get(invoice.customer), 'schedule', now),
  )
  const begun = await insertPayments(tx, envId, charges)
  invariant(begun.size === charges.length, 'a locked invoice without an open charge takes one')
  await scheduleMany(
    tx,
    envId,
    charges.map(({ id }) => settleWork(id, now)),
  )
}

/** Nobody pays by hand in the instant in which an invoice is made. */
function aDayAfter(dueAt: Date): Date {
  return new Date(dueAt.getTime() + DAY_MS)
}

/** What is collected by itself on the day it is due is not late before an attempt has failed. */
async function watchDueDates(
  tx: Tx,
  envId: number,
  invoices: readonly PayableInvoice[],
  now: Date,
): Promise<void> {
  const unseen = invoices.filter(({ overdueAt }) => overdueAt === null)
  await scheduleMany(
    tx,
    envId,
    unseen.map(({ id, dueAt }) => overdueWork(id, dueAt > now ? dueAt : aDayAfter(dueAt))),
  )
}
