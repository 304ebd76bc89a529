import { ROOT } from '../customers/customer.ts'
import { touchedSince } from '../metering/fresh-usage.ts'
import { foldedUpTo } from '../metering/total.ts'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { finish, holdClaim } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import { tellUsageOf } from '../stripe/usage-work.ts'
import { lookAtAllInvoices } from './look-at-invoices.ts'
import { lockProgress, updateProgress } from './progress.store.ts'
import { selectCustomers, selectTellingEnvs } from './triggers.store.ts'
import { GATHER_MS } from './turn.ts'

/**
 * Has those told to Stripe whose usage was counted since the last time. Where it stopped moves in the same transaction:
 * nobody is left out, whatever is killed. One worker at a time does it. Usage of environments that tell nothing is passed
 * over unread; whoever makes a trigger has all customers told.
 */
export async function lookForUsage(deps: {
  readonly db: Pick<Database, 'inTransaction'>
  readonly clock: Clock
}): Promise<void> {
  await deps.db.inTransaction(async (tx) => {
    const from = await lockProgress(tx)
    if (from === null) return
    const folded = await foldedUpTo(tx)
    if (folded.position <= from) return
    const envIds = await selectTellingEnvs(tx)
    if (envIds.length === 0) return updateProgress(tx, folded.position)
    const { position, touched } = await touchedSince(tx, from, envIds)
    const systemNow = deps.clock()
    for (const envId of envIds.toSorted((a, b) => a - b)) {
      const customers = touched
        ? touched.filter((one) => one.envId === envId).map(({ customer }) => customer)
        : await selectCustomers(tx, envId)
      await tellSoon(tx, envId, customers, systemNow)
    }
    await updateProgress(tx, position)
  })
}

/** Has all customers of an environment told, if any usage of it is, and all invoices looked at. */
export async function tellOfAll(tx: Tx, job: Job): Promise<void> {
  const { envId, now } = job
  await holdClaim(tx, job)
  const envIds = await selectTellingEnvs(tx)
  if (envIds.includes(envId)) await tellUsageOf(tx, envId, await selectCustomers(tx, envId), now)
  await lookAtAllInvoices(tx, envId, now)
  await finish(tx, [job])
}

async function tellSoon(
  tx: Tx,
  envId: number,
  customers: readonly string[],
  systemNow: Date,
): Promise<void> {
  const now = await environmentNow(tx, envId, systemNow)
  const named = customers.filter((customer) => customer !== ROOT)
  await tellUsageOf(tx, envId, named, new Date(now.getTime() + GATHER_MS))
}
