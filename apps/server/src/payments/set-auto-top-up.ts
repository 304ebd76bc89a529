import { isCurrency, ZERO } from '@usageflow/pricing'
import { metersById } from '../catalog/find-meter.ts'
import { lockCredits } from '../credits/settle-use.ts'
import { watchBalance } from '../credits/watch-balances.ts'
import { getCustomer } from '../customers/declare-customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import type { AutoTopUp } from './auto-top-up.ts'
import {
  deleteAutoTopUp,
  selectAutoTopUp,
  selectAutoTopUps,
  upsertAutoTopUp,
} from './auto-top-ups.store.ts'
import { failures } from './failures.ts'

/** What decides an automatic top-up; the rest of it follows. */
export type WantedTopUp = Omit<AutoTopUp, 'id' | 'notBefore' | 'createdAt'>

/**
 * Sets what a customer buys of a meter, or of the money of a currency, in the place of what was set. Throws
 * `customer.unknown` and `top_up.impossible`.
 */
export async function setAutoTopUp(
  tx: Tx,
  envId: number,
  wanted: WantedTopUp,
  now: Date,
): Promise<AutoTopUp> {
  const { customer } = wanted
  await getCustomer(tx, envId, customer)
  await assertPossible(tx, envId, wanted)
  await watchBalance(tx, envId, { customer, isWatched: true }, now)
  const made = { ...wanted, id: newId('atu'), notBefore: null, createdAt: now }
  return upsertAutoTopUp(tx, envId, made)
}

/** What was bought already is granted once it is paid. Throws `top_up.unknown`. */
export async function removeAutoTopUp(tx: Tx, envId: number, id: string, now: Date): Promise<void> {
  const found = await selectAutoTopUp(tx, envId, id)
  if (!found) throw failures.autoTopUpUnknown(id)
  const { customer } = found
  await lockCredits(tx, envId, [customer])
  await deleteAutoTopUp(tx, envId, id)
  const isWatched = (await selectAutoTopUps(tx, envId, customer)).length > 0
  await watchBalance(tx, envId, { customer, isWatched }, now)
}

async function assertPossible(
  tx: Tx,
  envId: number,
  { meterId, currency, below, amount, priceMinor }: WantedTopUp,
): Promise<void> {
  const refuse = (reason: string) => failures.autoTopUpImpossible(reason)
  if (!isCurrency(currency)) throw refuse(`"${currency}" is not an ISO 4217 currency code`)
  if (below <= ZERO) throw refuse('`below` must be more than 0')
  if (amount < below) throw refuse('what is bought must be `below` at least, so that one is enough')
  if (priceMinor <= 0n) throw refuse('the price must be more than 0')
  if (meterId === null) return
  const meter = (await metersById(tx, envId, [meterId])).get(meterId)
  if (meter?.aggregation !== 'COUNT' && meter?.aggregation !== 'SUM')
    throw refuse('credits of units need a meter that counts or sums')
}
