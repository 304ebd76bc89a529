import type { Tx } from '../platform/db/transaction.ts'
import { scheduleNoLater } from '../platform/due/schedule.ts'
import { alertWork, topUpWork } from './due-work.ts'
import { lockBalances, selectToppedUp, updateToppedUp } from './grants.store.ts'
import { selectWatched } from './notices.store.ts'

/** Has somebody look now, and at each change of a customer's credits, whether more are needed; or no more. */
export async function watchBalance(
  tx: Tx,
  envId: number,
  watched: { readonly customer: string; readonly isWatched: boolean },
  now: Date,
): Promise<void> {
  const { customer, isWatched } = watched
  await lockBalances(tx, envId, [customer])
  await updateToppedUp(tx, envId, customer, isWatched)
  await tellWatchers(tx, envId, [customer], now)
}

/** The credits of these customers, which the caller has locked, have changed. */
export async function tellWatchers(
  tx: Tx,
  envId: number,
  customers: readonly string[],
  now: Date,
): Promise<void> {
  const distinct = [...new Set(customers)]
  const toppedUp = await selectToppedUp(tx, envId, distinct)
  await scheduleNoLater(
    tx,
    envId,
    toppedUp.map((customer) => topUpWork(customer, now)),
  )
  await tellAlerts(tx, envId, distinct, now)
}

/** The same where more was granted: nobody buys because of that. */
export async function tellAlerts(
  tx: Tx,
  envId: number,
  customers: readonly string[],
  now: Date,
): Promise<void> {
  const watched = await selectWatched(tx, envId, customers)
  const work = watched.map((customer) => alertWork(customer, now))
  await scheduleNoLater(tx, envId, work)
}
