import type { RecurringCharge } from '@usageflow/pricing'
import { type NamedVersion, versionKey } from '../catalog/find-plan.ts'
import { taxRatesById } from '../catalog/find-tax-rate.ts'
import { withOverrides } from '../catalog/overrides.ts'
import type { BillingDetails } from '../customers/customer.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { earlier, later } from '../platform/instant.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import { askedBy, questionsOf, type UsageQuestion } from './ask-usage.ts'
import { type Basis, basisNow } from './basis.ts'
import type { Bill, RatedBill, RatedUsage } from './bill.ts'
import { billAddOns } from './bill-add-ons.ts'
import { type BillMaterial, composeBill, payableIn } from './compose-bill.ts'
import { lateCharges } from './late-usage.ts'
import { Purses, type UsableGrant } from './usable-grants.ts'

/**
 * What bills cost, with the usage that is folded now unless a basis says otherwise: the one function behind
 * preview, draft, final invoice and its verification. A handful of reads for any number of bills; nothing is written.
 */
export async function rateBills(
  tx: Tx,
  envId: number,
  bills: readonly Bill[],
  basis: Basis = basisNow(tx, envId),
): Promise<{ readonly rated: readonly RatedBill[]; readonly usage: RatedUsage }> {
  const late = bills.flatMap(lateBills)
  const sold = await soldBills(tx, envId, [...bills, ...late.map(({ bill }) => bill)], basis)
  const taxRates = await taxRatesById(tx, envId, [...new Set(sold.flatMap(taxRateIdsOf))])
  const questions = sold.flatMap((each) => each.questions)
  const slicesOf = await basis.coverage(questions)
  const grants = await usableGrants(bills, basis)
  const isLate = new Set(late.map(({ bill }) => bill.id))
  const asked = questions.flatMap((question) =>
    askedBy(question, slicesOf(question), isLate.has(question.billId) ? [] : grants),
  )
  const usage: RatedUsage = { asked, totals: await basis.totals(asked) }
  const coverage = new Map(asked.map(({ id, slices }) => [id, slices]))
  const couponsOf = await basis.coupons(bills)
  const purses = new Purses(grants)
  const soldLate = sold.slice(bills.length).flatMap((each, at) => {
    const named = late[at]
    return named ? [{ ...each, chargedBy: named.chargedBy, period: named.period }] : []
  })
  const rated = inOrder(sold.slice(0, bills.length)).map((each) => {
    const { currency } = each.version
    const coupons = couponsOf(each.bill, currency)
    const material = { coverage, taxRates, grants, coupons, totals: usage.totals.byId }
    const mine = soldLate.filter(({ chargedBy }) => chargedBy === each.bill.id)
    const charges = mine.flatMap((period) =>
      lateCharges({ ...period, ...material, currency, isPassedOn: basis.isPassedOn }),
    )
    const versions = [each.version, ...mine.map(({ version }) => version)]
    return ratedBill({ late: charges, ...each, ...material }, purses, { usage, versions })
  })
  const byId = new Map(rated.map((each) => [each.bill.id, each]))
  return { rated: bills.flatMap(({ id }) => byId.get(id) ?? []), usage }
}

/** The name of the questions that bill `id` asks for the late usage of a period. */
export function lateBillId(id: string, periodNo: number): string {
  return `${id} late ${periodNo}`
}

/** The late usage of a period, asked about like a bill of its own. */
function lateBills({ id, late }: Bill) {
  return late.map((period) => ({
    chargedBy: id,
    period,
    bill: {
      id: lateBillId(id, period.no),
      subscription: period.subscription,
      usage: period.period,
      period: period.period,
      base: null,
      isFirst: false,
      unusedBase: null,
      paidAhead: null,
      late: [],
      deducted: [],
      afterwardsAt: null,
    },
  }))
}

/** A bill with what is sold to its subscription, and the questions for the usage of its prices. */
type SoldBill = {
  readonly bill: Bill
  readonly version: NamedVersion
  readonly customer: BillingDetails
  readonly addOns: readonly RecurringCharge[]
  readonly questions: readonly UsageQuestion[]
}

async function soldBills(
  tx: Tx,
  envId: number,
  bills: readonly Bill[],
  basis: Basis,
): Promise<SoldBill[]> {
  const refs = bills.map(({ subscription }) => versionRefOf(subscription))
  const versions = await basis.versions(refs)
  const detailsOf = await basis.customers(bills.map(({ subscription }) => subscription.customer))
  const addOnsOf = await billAddOns(tx, envId, bills)
  return bills.map((bill) => {
    const { subscription } = bill
    const found = versions.get(versionKey(versionRefOf(subscription)))
    invariant(found !== undefined, 'a subscription has a plan version')
    const version = withOverrides(found, subscription.overrides)
    const questions = questionsOf(bill, version.prices)
    const customer = detailsOf(subscription.customer)
    return { bill, version, customer, addOns: addOnsOf(bill), questions }
  })
}

function versionRefOf({ plan }: Subscription) {
  return { planId: plan.id, version: plan.version }
}

function taxRateIdsOf({ bill, version, customer, addOns }: SoldBill): string[] {
  const ids = [
    customer.taxRateId,
    version.taxRateId,
    ...version.flatPrices.map(({ taxRateId }) => taxRateId),
    ...version.prices.map(({ taxRateId }) => taxRateId),
    ...addOns.map(({ taxRate = null }) => taxRate),
    ...bill.deducted.map(({ taxRate }) => taxRate),
  ]
  return ids.filter((id) => id !== null)
}

/** What the customers of these bills were granted for any of their time. */
async function usableGrants(bills: readonly Bill[], basis: Basis): Promise<readonly UsableGrant[]> {
  if (bills.length === 0) return []
  const spans = bills.flatMap((bill) => [bill.usage, bill.base, payableIn(bill)]).filter(isGiven)
  const customers = [...new Set(bills.map(({ subscription }) => subscription.customer))]
  const from = spans.map(({ start }) => start).reduce(earlier)
  const to = spans.map(({ end }) => end).reduce(later)
  return basis.grants(customers, { from, to })
}

function isGiven<T>(value: T | null): value is T {
  return value !== null
}

/** Earlier periods use the credits of a customer before later ones. */
function inOrder(sold: readonly SoldBill[]): SoldBill[] {
  const endOf = ({ bill }: SoldBill) => bill.period.end.getTime()
  return sold.toSorted((a, b) => endOf(a) - endOf(b) || (a.bill.id < b.bill.id ? -1 : 1))
}

function ratedBill(
  material: BillMaterial,
  purses: Purses,
  counted: { readonly usage: RatedUsage; readonly versions: readonly NamedVersion[] },
): RatedBill {
  const { bill, version, customer } = material
  const { invoice, lines, adjustments } = composeBill(material, purses)
  const { subtotalMinor, trueUpMinor, taxMinor, totalMinor, amountDueMinor } = invoice
  return {
    bill,
    version,
    lines,
    adjustments,
    subtotalMinor,
    trueUpMinor,
    taxMinor,
    totalMinor,
    amountDueMinor,
    netDays: customer.netDays ?? version.netDays,
    isComplete: (bill.usage === null && bill.late.length === 0) || isComplete(counted),
  }
}

function isComplete({
  usage,
  versions,
}: {
  readonly usage: RatedUsage
  readonly versions: readonly NamedVersion[]
}): boolean {
  const { incompleteMeters } = usage.totals
  const meters = versions.flatMap(({ prices }) => prices.map(({ meter }) => meter.meterNo))
  return meters.every((meterNo) => !incompleteMeters.has(meterNo))
}
