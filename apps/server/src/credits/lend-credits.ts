import type { LeaseAnswer } from '@usageflow/policy'
import { type Decimal, wholeDecimal } from '@usageflow/pricing'
import type { BalanceCall, BalanceLender, BalanceOwner } from '../control/lend-leases.ts'
import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { createGate } from '../platform/gate.ts'
import { type Ground, selectGround } from './access.store.ts'
import type { UnsettledUse } from './balance.ts'
import { accessTo } from './check-access.ts'
import { SLICE_MAX, sliceOf } from './credit-slice.ts'
import {
  type CreditLease,
  deleteEnded,
  deleteEndedOf,
  insertLeases,
  type LeaseTimes,
  lockGranted,
  selectLeases,
  updateSettled,
} from './leases.store.ts'
import type { KnownUse, RememberedUse } from './remembered-use.ts'

/** Usage that was let through is told within seconds; that of a minute ago is counted, or its process is in trouble. */
export const LEASE_TIMES: LeaseTimes = { lifeMs: 5_000, countedAfterMs: 60_000 }
/** There may be more at any time: somebody pays, or gives back. */
const ASK_AGAIN_MS = 1_000
/** Requests in a slice of what a plan pays: of that there is no end, but it may be suspended. */
const PLAN_REQUESTS = 1_000
const AT_ONCE = 4 // so that most connections are left to others

type Lending = {
  readonly envId: number
  /** Of the environment. */
  readonly now: Date
  readonly unsettledUse: UnsettledUse
  /** What usage takes of the credits of these customers, as it was before the transaction. */
  readonly known: ReadonlyMap<string, KnownUse>
}

/**
 * Lends of credits. What is lent is kept free as by a hold, under the lock of the balance: leases, holds and commits together never
 * promise a unit twice. What was used of a lease stays so until its usage is counted, for a minute at most.
 */
export function lendCredits(deps: {
  readonly db: Database
  readonly rememberedUse: RememberedUse
  readonly unsettledUse: UnsettledUse
}): BalanceLender {
  const gate = createGate(AT_ONCE)
  return {
    async lookAhead(envId, owners, now) {
      const distinct = new Map(owners.map((owner) => [owner.customer, owner]))
      const looks = [...distinct.values()].map((owner) =>
        gate(() => knownUse(deps, envId, owner, now)),
      )
      const known = new Map((await Promise.all(looks)).flatMap((found) => found ?? []))
      const lending = { envId, now, known, unsettledUse: deps.unsettledUse }
      return (tx, call) => lend(tx, lending, call)
    },
  }
}

async function knownUse(
  { db, rememberedUse }: Parameters<typeof lendCredits>[0],
  envId: number,
  owner: BalanceOwner,
  now: Date,
): Promise<[readonly [string, KnownUse]] | null> {
  const { grants, ledgerVersion } = await selectGround(db.kysely, envId, owner, now)
  if (grants.length === 0) return null
  return [[owner.customer, await rememberedUse.of(envId, owner.customer, ledgerVersion)]]
}

async function lend(tx: Tx, lending: Lending, call: BalanceCall): Promise<LeaseAnswer[]> {
  const { envId } = lending
  const items = [...call.settle, ...call.ask]
  const customers = [...new Set(items.flatMap(({ customer }) => customer ?? []))]
  const granted = await lockGranted(tx, envId, customers)
  if (granted.size > 0) await settle(tx, envId, call, [...granted])
  const accounts = await openAccounts(tx, lending, call.ask, granted)
  const answers = call.ask.map((ask) => {
    const account = ask.customer === null ? undefined : accounts.get(keyOf(ask))
    return account ? answerTo(account, { ...ask, holder: call.holder }) : refused(ask.id)
  })
  const lent = [...accounts.values()].flatMap(({ customer, ground, lent }) =>
    lent.map((lease) => ({ ...lease, customer, meterId: ground.meterId ?? '' })),
  )
  if (lent.length > 0) await insertLeases(tx, envId, LEASE_TIMES, lent)
  return answers
}

async function settle(
  tx: Tx,
  envId: number,
  { holder, settle }: BalanceCall,
  granted: readonly string[],
): Promise<void> {
  const { countedAfterMs } = LEASE_TIMES
  const settlements = settle.flatMap(({ id, customer, meter, used }) =>
    customer === null ? [] : [{ id, customer, meter, used }],
  )
  if (settlements.length > 0)
    await updateSettled(tx, envId, { holder, countedAfterMs }, settlements)
  await deleteEndedOf(tx, envId, granted)
}

/** What a customer may use of a meter, and what this call lends of it. */
type Account = {
  readonly customer: string
  readonly ground: Ground
  readonly used: ReadonlyMap<string, Decimal>
  readonly leases: readonly CreditLease[]
  readonly lent: CreditLease[]
}

async function openAccounts(
  tx: Tx,
  lending: Lending,
  asks: BalanceCall['ask'],
  granted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, Account>> {
  const accounts = new Map<string, Account>()
  for (const { customer, meter } of asks) {
    if (customer === null || accounts.has(keyOf({ customer, meter }))) continue
    const found = await selectGround(tx, lending.envId, { customer, meter }, lending.now)
    // What was granted since the lock, to one who had nothing, is lent when it is locked: by the next call.
    const ground = granted.has(customer) ? found : { ...found, grants: [] }
    const account = {
      customer,
      ground,
      lent: [],
      ...(await useAndLeases(tx, lending, customer, ground)),
    }
    accounts.set(keyOf({ customer, meter }), account)
  }
  return accounts
}

/** By what was known before where the ledger is still the same. */
async function useAndLeases(
  tx: Tx,
  { envId, known, unsettledUse }: Lending,
  customer: string,
  { grants, ledgerVersion, meterId }: Ground,
): Promise<Pick<Account, 'used' | 'leases'>> {
  if (grants.length === 0 || meterId === null) return { used: new Map(), leases: [] }
  const before = known.get(customer)
  const isCurrent = before?.ledgerVersion === ledgerVersion
  return {
    used: isCurrent ? before.used : await unsettledUse(tx, envId, customer),
    leases: await selectLeases(tx, envId, { customer, meterId }),
  }
}

type Ask = BalanceCall['ask'][number] & { readonly holder: string }

function answerTo({ ground, used, leases, lent }: Account, ask: Ask): LeaseAnswer {
  const { id, holder, needed, planPays } = ask
  const earlier = leases.find((lease) => lease.id === id && lease.holder === holder)
  if (earlier) return answerFor(earlier)
  const lentNow = wholeDecimal(BigInt(lent.reduce((sum, { units }) => sum + units, 0)))
  const left = { ...ground, held: (ground.held + lentNow) as Decimal }
  const { reason, available } = accessTo(wholeDecimal(BigInt(needed)), left, used)
  const { lifeMs } = LEASE_TIMES
  if (reason === 'plan' && planPays)
    return answerFor({ id, holder, units: planSlice(needed), lifeMs })
  if (reason !== 'credits') return refused(id)
  const open = [...leases, ...lent].filter((lease) => lease.lifeMs > 0)
  const holders = new Set([holder, ...open.map((lease) => lease.holder)]).size
  const lease = { id, holder, units: sliceOf({ available, needed, holders }), lifeMs }
  lent.push(lease)
  return answerFor(lease)
}

function planSlice(needed: number): number {
  return Math.max(needed, Math.min(needed * PLAN_REQUESTS, SLICE_MAX))
}

function answerFor({ id, units, lifeMs }: CreditLease): LeaseAnswer {
  return { id, units, lifeMs, retryAfterMs: 0, askAgainMs: 0 }
}

function refused(id: string): LeaseAnswer {
  return { id, units: 0, lifeMs: 0, retryAfterMs: null, askAgainMs: ASK_AGAIN_MS }
}

function keyOf({ customer, meter }: { readonly customer: string | null; readonly meter: string }) {
  return JSON.stringify([customer, meter])
}

const FORGOTTEN_AT_ONCE = 10_000

/** Forgets leases that are over, of those who ask no more. Returns how many went. May run twice at once, and beside calls. */
export async function forgetCreditLeases(db: Database): Promise<number> {
  let forgotten = 0
  for (;;) {
    const count = await db.inTransaction((tx) => deleteEnded(tx, FORGOTTEN_AT_ONCE))
    forgotten += count
    if (count < FORGOTTEN_AT_ONCE) return forgotten
  }
}
