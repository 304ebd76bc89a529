import { creditBorders, type Price, type PricePart, partsOf } from '@usageflow/pricing'
import type { PlanPrice, PricedMeter } from '../catalog/plan.ts'
import { type AskedUsage, type DimensionCases, partId, type Slice } from '../metering/total.ts'
import { invariant } from '../platform/errors.ts'
import { earlier, later } from '../platform/instant.ts'
import { endOf } from '../subscriptions/subscription.ts'
import type { Bill } from './bill.ts'
import type { CoverageQuestion } from './coverage.ts'
import type { UsableGrant } from './usable-grants.ts'

export type UsageQuestion = CoverageQuestion & {
  readonly id: string
  readonly billId: string
  readonly meter: PricedMeter
  readonly price: Price
}

export type BillQuestion = AskedUsage & { readonly billId: string }

/** One question for each price: usage of its meter in that part of the period which is covered. */
export function questionsOf(bill: Bill, prices: readonly PlanPrice[]): UsageQuestion[] {
  const { usage, subscription } = bill
  if (usage === null) return []
  const end = endOf(subscription)
  return prices.map(({ meter, price }) => ({
    id: questionId(bill, meter.id),
    billId: bill.id,
    customer: subscription.customer,
    meterId: meter.id,
    meter,
    price,
    from: later(usage.start, subscription.startedAt),
    to: end ? earlier(end, usage.end) : usage.end,
  }))
}

export function questionId(bill: Pick<Bill, 'id'>, meterId: string): string {
  return `${bill.id} ${meterId}`
}

/** The usage of a question, of those whom its price covers, and where grants begin or end within it, what was used until then. */
export function askedBy(
  question: UsageQuestion,
  slices: readonly Slice[],
  grants: readonly UsableGrant[],
): BillQuestion[] {
  const { id, billId, meter } = question
  if (slices.length === 0) return []
  const cases = casesOf(question)
  const asked = { id, billId, meterNo: meter.meterNo, slices, ...(cases ? { cases } : {}) }
  const borders = bordersOf(question, grants)
  return [asked, ...borders.map((until) => ({ ...asked, ...upTo(asked, until) }))]
}

/** The instants of a question at which the units that its customer was granted change. */
export function bordersOf(question: UsageQuestion, grants: readonly UsableGrant[]): Date[] {
  const { meter, customer, meterId, from, to } = question
  if (meter.aggregation !== 'COUNT' && meter.aggregation !== 'SUM') return []
  const mine = grants.filter(
    ({ asset, customer: owner }) =>
      owner === customer && asset.kind === 'units' && asset.meterId === meterId,
  )
  return creditBorders(mine, { start: from, end: to })
}

/** The name of the answer for a part of a price; `until`: what was used before then. */
export function answerId(id: string, part: PricePart, until: Date | null): string {
  return partId(until ? idUntil(id, until) : id, part.caseNo)
}

function upTo({ id, slices }: { id: string; slices: readonly Slice[] }, until: Date) {
  const before = slices
    .map((slice) => ({ ...slice, to: earlier(slice.to, until) }))
    .filter(({ from, to }) => from < to)
  return { id: idUntil(id, until), slices: before }
}

function idUntil(id: string, until: Date): string {
  return `${id} until ${until.toISOString()}`
}

function casesOf({ price, meter }: UsageQuestion): DimensionCases | null {
  if (price.model !== 'by_dimension') return null
  const positions = price.properties.map((property) => meter.groupBy.indexOf(property))
  invariant(!positions.includes(-1), 'a price by dimension names properties of its meter')
  return { positions, values: partsOf(price).flatMap(({ values }) => (values ? [values] : [])) }
}
