import { type Decimal, sum, ZERO } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import { scheduleNoLater } from '../platform/due/schedule.ts'
import { invariant } from '../platform/errors.ts'
import type { CreditGrant } from './credit.ts'
import { lapseWork } from './due-work.ts'
import { selectLapsed, selectLeftBefore, selectTaken, selectUsedBy } from './entries.store.ts'
import { lockBalances, selectGrants, selectGrantsOf, selectMetersOfUnits } from './grants.store.ts'
import { changeGrants } from './write-entries.ts'

/** What an invoice takes from a grant: units, or whole minor units. */
export type InvoiceUse = {
  readonly grantId: string
  readonly invoiceId: string
  readonly amount: Decimal
}

/**
 * Makes others wait who would use credits of these customers, until the transaction ends. Whoever is going
 * to settle what an invoice takes calls it before `grantsFor`: else the credits may be gone meanwhile.
 */
export async function lockCredits(
  tx: Tx,
  envId: number,
  customers: readonly string[],
): Promise<void> {
  await lockBalances(tx, envId, customers)
}

/**
 * The grants of these customers that are valid at some time of `[from, to)`, and what of each can still pay
 * for usage of its time: what has lapsed is among it, since usage may be invoiced after that.
 */
export async function grantsFor(
  tx: Tx,
  envId: number,
  customers: readonly string[],
  window: { readonly from: Date; readonly to: Date },
): Promise<readonly CreditGrant[]> {
  if (customers.length === 0) return []
  const grants = await selectGrantsOf(tx, envId, { customers, ...window })
  const usable = grants.filter(({ voidedAt }) => voidedAt === null)
  const ids = usable.map(({ id }) => id)
  const lapsed = await selectLapsed(tx, envId, ids)
  return usable.map((grant) => ({ ...grant, left: withLapsed(grant, lapsed) }))
}

/** The meters of which a customer was ever granted units: usage of others takes no credits but money. */
export async function metersWithCredits(
  tx: Tx,
  envId: number,
  customer: string,
): Promise<ReadonlySet<string>> {
  return new Set(await selectMetersOfUnits(tx, envId, customer))
}

/** The grants that an invoice has used, each with no more left than what it used. */
export async function grantsUsedBy(
  tx: Tx,
  envId: number,
  invoiceId: string,
): Promise<readonly CreditGrant[]> {
  const used = await selectTaken(tx, envId, invoiceId)
  const grants = used.size === 0 ? [] : await selectGrants(tx, envId, [...used.keys()])
  return grants.map((grant) => ({ ...grant, left: used.get(grant.id) ?? ZERO }))
}

/** What these invoices together use of grants, by grant, net of what they gave back. */
export async function usedByInvoices(
  tx: Tx,
  envId: number,
  invoiceIds: readonly string[],
): Promise<ReadonlyMap<string, Decimal>> {
  const all = new Map<string, Decimal>()
  for (const { grantId, used } of await selectUsedBy(tx, envId, invoiceIds))
    all.set(grantId, sum([all.get(grantId) ?? ZERO, used]))
  return all
}

/** `grantsFor` as its answer was at an instant, before the invoice took anything. */
export async function grantsBefore(
  tx: Tx,
  envId: number,
  window: { readonly customer: string; readonly from: Date; readonly to: Date },
  taken: { readonly invoiceId: string; readonly at: Date },
): Promise<readonly CreditGrant[]> {
  const { customer, from, to } = window
  const grants = await selectGrantsOf(tx, envId, { customers: [customer], from, to })
  const known = grants.filter(
    ({ grantedAt, voidedAt }) =>
      grantedAt <= taken.at && (voidedAt === null || voidedAt > taken.at),
  )
  const ids = known.map(({ id }) => id)
  const left = await selectLeftBefore(tx, envId, ids, taken)
  return known.map((grant) => ({ ...grant, left: left.get(grant.id) ?? ZERO }))
}

/**
 * Makes the ledger say that the invoices of these uses have used exactly this of their grants. A repeat
 * changes nothing. All uses of an invoice come together.
 */
export async function settleUse(
  tx: Tx,
  envId: number,
  uses: readonly InvoiceUse[],
  now: Date,
): Promise<void> {
  const invoiceIds = [...new Set(uses.map(({ invoiceId }) => invoiceId))]
  await settle(tx, envId, { invoiceIds, uses }, now)
}

/** Gives back what invoices have used, as when they are declared void. A repeat changes nothing. */
export async function giveBackUse(
  tx: Tx,
  envId: number,
  invoiceIds: readonly string[],
  now: Date,
): Promise<void> {
  await settle(tx, envId, { invoiceIds, uses: [] }, now)
}

type Settled = { readonly invoiceIds: readonly string[]; readonly uses: readonly InvoiceUse[] }

async function settle(tx: Tx, envId: number, settled: Settled, now: Date): Promise<void> {
  const { invoiceIds, uses } = settled
  const before = await selectUsedBy(tx, envId, invoiceIds)
  const ids = [...new Set([...before, ...uses].map(({ grantId }) => grantId))]
  if (ids.length === 0) return
  const customers = (await selectGrants(tx, envId, ids)).map(({ customer }) => customer)
  await lockBalances(tx, envId, customers)
  for (const invoiceId of invoiceIds) await settleOne(tx, envId, { invoiceId, uses }, now)
}

async function settleOne(
  tx: Tx,
  envId: number,
  { invoiceId, uses }: { readonly invoiceId: string; readonly uses: readonly InvoiceUse[] },
  now: Date,
): Promise<void> {
  const wanted = new Map<string, Decimal>()
  for (const use of uses.filter((use) => use.invoiceId === invoiceId)) {
    invariant(!wanted.has(use.grantId), 'an invoice says once what it takes from a grant')
    wanted.set(use.grantId, use.amount)
  }
  const before = await selectUsedBy(tx, envId, [invoiceId])
  const used = new Map(before.map(({ grantId, used }) => [grantId, used]))
  const differing = [...new Set([...wanted.keys(), ...used.keys()])].filter(
    (id) => (wanted.get(id) ?? ZERO) !== (used.get(id) ?? ZERO),
  )
  const grants = await revived(tx, envId, differing, { wanted, used, now })
  const changes = grants.map((grant) => {
    const amount = sum([used.get(grant.id) ?? ZERO, -(wanted.get(grant.id) ?? ZERO) as Decimal])
    const kind = amount < ZERO ? ('use' as const) : ('give_back' as const)
    return { grant, entry: { kind, amount, invoiceId } }
  })
  await changeGrants(tx, envId, changes, now)
  await scheduleNoLater(tx, envId, lapseWork(grants))
}

/** The grants, after what has lapsed of them too early was written back. */
async function revived(
  tx: Tx,
  envId: number,
  ids: readonly string[],
  by: {
    readonly wanted: ReadonlyMap<string, Decimal>
    readonly used: ReadonlyMap<string, Decimal>
    readonly now: Date
  },
): Promise<CreditGrant[]> {
  const grants = await selectGrants(tx, envId, ids)
  const lapsed = await selectLapsed(tx, envId, ids)
  const short = grants.filter(
    ({ id, left }) => (by.wanted.get(id) ?? ZERO) - (by.used.get(id) ?? ZERO) > left,
  )
  const changes = short.map((grant) => ({
    grant,
    entry: { kind: 'expiry' as const, amount: lapsed.get(grant.id) ?? ZERO },
  }))
  await changeGrants(tx, envId, changes, by.now)
  return short.length === 0 ? grants : selectGrants(tx, envId, ids)
}

function withLapsed(grant: CreditGrant, lapsed: ReadonlyMap<string, Decimal>): Decimal {
  return sum([grant.left, lapsed.get(grant.id) ?? ZERO])
}
