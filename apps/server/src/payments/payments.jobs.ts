import { TOP_UP_KIND } from '../credits/due-work.ts'
import { COLLECT_KIND, OVERDUE_KIND } from '../invoicing/collection-work.ts'
import { tellOverdue } from '../invoicing/payable-invoices.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { finish } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import type { Lane } from '../platform/due/worker.ts'
import { collectInvoices } from './collect-invoices.ts'
import { SETTLE_KIND } from './payment-work.ts'
import { LEASE_MS, type SettleDeps, settlePayment } from './settle-payment.ts'
import { topUpCustomer } from './top-up.ts'

const INVOICES_AT_ONCE = 500 // some ten statements for all of them
const COLLECTIONS_AT_ONCE = 2
const PAYMENTS_AT_ONCE = 6 // of the 16 connections that all work of a process shares

/** The work of payments that falls due. A provider that is slow holds up nothing but payments. */
export function paymentLanes(deps: SettleDeps): Lane[] {
  const { db } = deps
  return [
    {
      name: 'collection',
      handlers: [
        {
          kind: COLLECT_KIND,
          batchMax: INVOICES_AT_ONCE,
          run: (jobs) => db.inTransaction((tx) => collectInvoices(tx, jobs)),
        },
        {
          kind: OVERDUE_KIND,
          batchMax: INVOICES_AT_ONCE,
          run: (jobs) => db.inTransaction((tx) => tellDue(tx, jobs)),
        },
        {
          kind: TOP_UP_KIND,
          batchMax: 1, // each waits for its customer's balance, in no order
          async run(jobs) {
            for (const job of jobs) await db.inTransaction((tx) => topUpCustomer(tx, job))
          },
        },
      ],
      concurrency: COLLECTIONS_AT_ONCE,
      leaseMs: LEASE_MS,
    },
    {
      name: 'payments',
      handlers: [
        {
          kind: SETTLE_KIND,
          batchMax: 1,
          run: async (jobs) => {
            for (const job of jobs) await settlePayment(job, deps)
          },
        },
      ],
      concurrency: PAYMENTS_AT_ONCE,
      leaseMs: LEASE_MS,
    },
  ]
}

async function tellDue(tx: Tx, jobs: readonly Job[]): Promise<void> {
  const [first] = jobs
  if (!first) return
  const ids = jobs.map(({ ref }) => ref)
  await tellOverdue(tx, first.envId, ids, first.now)
  await finish(tx, jobs)
}
