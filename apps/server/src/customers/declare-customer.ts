import { findTaxRates } from '../catalog/find-tax-rate.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { newId } from '../platform/id.ts'
import { later } from '../platform/instant.ts'
import { ALWAYS, type Customer, type Profile, ROOT } from './customer.ts'
import {
  type CustomerTraits,
  endLink,
  insertCustomers,
  insertLink,
  lockCustomerRow,
  selectChain,
  selectCustomer,
  selectCustomers,
  selectLastLink,
  updateProfile,
} from './customers.store.ts'
import { failures } from './failures.ts'

/** What may be said about a customer; what is left out stays as it is. `parent: null` takes it off. */
export type CustomerChange = {
  readonly [Field in keyof Omit<Profile, 'taxRateId'>]?: Profile[Field] | undefined
} & {
  /** Id or key of a rate of tax. */
  readonly taxRate?: string | null | undefined
  readonly parent?: string | null | undefined
}

/**
 * Makes sure that the customer exists and is as said: it may exist already, through its first event.
 * The parent of a new customer holds for all time, that of an existing one from `now` on.
 * Throws as `changeCustomer` does, except `customer.unknown`.
 */
export async function declareCustomer(
  tx: Tx,
  envId: number,
  declared: CustomerChange & { readonly customer: string },
  now: Date,
): Promise<{ readonly customer: Customer; readonly isNew: boolean }> {
  const { customer, name = '', parent, ...said } = declared
  const inserted = await insertCustomers(tx, [{ envId, customer, id: newId('cus'), name }], now)
  if (inserted.length === 0)
    return { customer: await changeCustomer(tx, envId, declared, now), isNew: false }
  await describe(tx, envId, customer, said)
  if (parent) await setParent(tx, envId, { customer, parent }, ALWAYS)
  return { customer: await getCustomer(tx, envId, customer), isNew: true }
}

/**
 * Changes what is said of a customer and, from `now` on, who stands above it: usage before then is billed
 * to whoever stood there before. Throws `customer.unknown`, `customer.tax_contradictory`,
 * `tax_rate.unknown`, `tax_rate.archived`, `customer.parent_unknown`, `customer.parent_circle` and
 * `customer.root_is_top`.
 */
export async function changeCustomer(
  tx: Tx,
  envId: number,
  change: CustomerChange & { readonly customer: string },
  now: Date,
): Promise<Customer> {
  const { customer, parent, ...said } = change
  const before = await getCustomer(tx, envId, customer)
  await describe(tx, envId, customer, said)
  if (parent !== undefined && parent !== before.parent)
    await setParent(tx, envId, { customer, parent }, now)
  return getCustomer(tx, envId, customer)
}

/** Throws `customer.unknown`. */
export async function getCustomer(tx: Tx, envId: number, customer: string): Promise<Customer> {
  const found = await selectCustomer(tx, envId, customer)
  if (!found) throw failures.unknown(customer)
  return found
}

/** Up to `limit` customers with this in them, in the order of their ids, those after the first `offset`; without the root. */
export async function customersInOrder(
  tx: Tx,
  envId: number,
  {
    limit,
    offset,
    ...traits
  }: CustomerTraits & { readonly limit: number; readonly offset: number },
): Promise<Customer[]> {
  const all = { after: null, parent: null, search: null, only: null, withoutRoot: true } as const
  return selectCustomers(tx, envId, { limit, offset, traits, ...all })
}

/**
 * Until the transaction ends, nobody else who locks this customer goes on: what must not happen
 * twice for one customer is decided behind it. Throws `customer.unknown`.
 */
export async function lockCustomer(tx: Tx, envId: number, customer: string): Promise<void> {
  if (!(await lockCustomerRow(tx, envId, customer))) throw failures.unknown(customer)
}

/** Writes what is said; what is left out stays. */
async function describe(
  tx: Tx,
  envId: number,
  customer: string,
  { taxRate, ...said }: Omit<CustomerChange, 'parent'>,
): Promise<void> {
  const isSaid = taxRate !== undefined || Object.values(said).some((value) => value !== undefined)
  if (!isSaid) return
  await lockCustomer(tx, envId, customer) // of two at once, each keeps what the other has said
  const before = await getCustomer(tx, envId, customer)
  const rates = await findTaxRates(tx, envId, taxRate ? [taxRate] : [], before.taxRateId)
  const {
    name = before.name,
    email = before.email,
    address = before.address,
    taxNumber = before.taxNumber,
    language = before.language,
    isTaxExempt = before.isTaxExempt,
    netDays = before.netDays,
  } = said
  const taxRateId =
    taxRate === undefined ? before.taxRateId : (rates.get(taxRate ?? '')?.id ?? null)
  if (isTaxExempt && taxRateId !== null) throw failures.taxContradictory()
  const profile = { name, email, address, taxNumber, language, isTaxExempt, netDays, taxRateId }
  await updateProfile(tx, envId, customer, profile)
}

async function setParent(
  tx: Tx,
  envId: number,
  link: { readonly customer: string; readonly parent: string | null },
  from: Date,
): Promise<void> {
  const { customer, parent } = link
  if (customer === ROOT || parent === ROOT) throw failures.rootIsTop()
  // Two changes at once could close a circle that neither of them sees: one after the other.
  await lockCustomerRow(tx, envId, ROOT)
  if (parent !== null) await assertMayStandAbove(tx, envId, customer, parent)
  const last = await selectLastLink(tx, envId, customer)
  // Another process may have changed the customer by a clock that is a little ahead of ours.
  const since = last ? later(from, last.until ?? last.since) : from
  await endLink(tx, envId, customer, since)
  if (parent !== null) await insertLink(tx, envId, { customer, parent, since })
}

async function assertMayStandAbove(
  tx: Tx,
  envId: number,
  customer: string,
  parent: string,
): Promise<void> {
  if (!(await selectCustomer(tx, envId, parent))) throw failures.parentUnknown(parent)
  const chain = await selectChain(tx, envId, parent)
  if (chain.includes(customer)) throw failures.parentCircle(customer, parent)
}
