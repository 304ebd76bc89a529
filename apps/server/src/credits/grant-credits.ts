import { type Decimal, isCurrency, sum, ZERO } from '@usageflow/pricing'
import { metersById } from '../catalog/find-meter.ts'
import { getCustomer } from '../customers/declare-customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { scheduleMany } from '../platform/due/schedule.ts'
import { appendFact } from '../platform/facts/append-fact.ts'
import { newId } from '../platform/id.ts'
import type { Asset, CreditGrant, Grant } from './credit.ts'
import { lapseWork } from './due-work.ts'
import { insertEntries } from './entries.store.ts'
import { failures } from './failures.ts'
import { insertGrant, lockBalances, selectGrants, updateVoided } from './grants.store.ts'
import { tellAlerts } from './watch-balances.ts'
import { changeGrants, factOf } from './write-entries.ts'

/** What decides a grant; the rest of it follows. */
export type NewGrant = Omit<Grant, 'id' | 'grantedAt' | 'voidedAt'>

/**
 * Grants a customer credits, once. Throws `customer.unknown`, `credit.meter_unsuitable`,
 * `credit.currency_unknown`, `credit.amount_impossible` and `credit.ends_before_start`.
 */
export async function grantCredits(
  tx: Tx,
  envId: number,
  grant: NewGrant,
  now: Date,
): Promise<CreditGrant> {
  await getCustomer(tx, envId, grant.customer)
  await assertGrantable(tx, envId, grant)
  await lockBalances(tx, envId, [grant.customer])
  const granted = await writeGrant(tx, envId, grant, now)
  if (!granted) throw new Error('invariant broken: a new id is nobody else’s')
  return granted
}

/** Writes a grant and its first entry behind the lock of its balance. Null: it was granted before. */
export async function writeGrant(
  tx: Tx,
  envId: number,
  grant: NewGrant,
  now: Date,
): Promise<CreditGrant | null> {
  const made: Grant = { ...grant, id: newId('crg'), grantedAt: now, voidedAt: null }
  if (!(await insertGrant(tx, envId, made))) return null
  const { id: grantId, amount } = made
  await insertEntries(tx, envId, [{ grantId, kind: 'grant', amount }], now)
  const whole = { ...made, left: amount }
  await scheduleMany(tx, envId, lapseWork([whole]))
  await appendFact(tx, envId, factOf('credits.granted', whole, now))
  await tellAlerts(tx, envId, [whole.customer], now)
  return whole
}

/**
 * Takes back what is left of a grant; what it has paid for stays paid. A repeat changes nothing.
 * Throws `credit.unknown`.
 */
export async function voidGrant(
  tx: Tx,
  envId: number,
  id: string,
  now: Date,
): Promise<CreditGrant> {
  const { customer } = await getGrant(tx, envId, id)
  await lockBalances(tx, envId, [customer])
  const grant = await getGrant(tx, envId, id)
  if (grant.voidedAt) return grant
  await updateVoided(tx, envId, id, now)
  const entry = { kind: 'void', amount: -grant.left as Decimal } as const
  await changeGrants(tx, envId, [{ grant, entry }], now)
  return { ...grant, left: ZERO, voidedAt: now }
}

/** Throws `credit.unknown`. */
export async function getGrant(tx: Tx, envId: number, id: string): Promise<CreditGrant> {
  const [grant] = await selectGrants(tx, envId, [id])
  if (!grant) throw failures.unknown(id)
  return grant
}

async function assertGrantable(tx: Tx, envId: number, grant: NewGrant): Promise<void> {
  if (grant.amount <= ZERO) throw failures.amountImpossible('it must be above 0')
  if (grant.to && grant.to <= grant.from) throw failures.endsBeforeStart()
  await assertAsset(tx, envId, grant.asset)
}

async function assertAsset(tx: Tx, envId: number, asset: Asset): Promise<void> {
  if (asset.kind === 'money') {
    if (!isCurrency(asset.currency)) throw failures.currencyUnknown(asset.currency)
    return
  }
  const meters = await metersById(tx, envId, [asset.meterId])
  const meter = meters.get(asset.meterId)
  if (!meter) throw failures.meterUnknown(asset.meterId)
  const addsUp = meter.aggregation === 'COUNT' || meter.aggregation === 'SUM'
  if (!addsUp) throw failures.meterUnsuitable(meter.key, meter.aggregation)
}

/** What all these grants have left together. */
export function leftOf(grants: readonly CreditGrant[]): Decimal {
  return sum(grants.map(({ left }) => left))
}
