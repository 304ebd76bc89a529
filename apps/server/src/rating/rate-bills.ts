import {
  composeInvoice,
  type Decimal,
  type Interval,
  type Line,
  type MeteredPrice,
  type Span,
  shareOf,
  WHOLE,
  ZERO,
} from '@usageflow/pricing'
import { type NamedVersion, planVersions, versionKey } from '../catalog/find-plan.ts'
import type { PlanPrice } from '../catalog/plan.ts'
import { type AskedUsage, quantityOf, type Slice, totals } from '../metering/total.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { invariant } from '../platform/errors.ts'
import { earlier, later } from '../platform/instant.ts'
import { endOf, type Subscription } from '../subscriptions/subscription.ts'
import type { Bill, BillLine, RatedBill, RatedUsage } from './bill.ts'
import { type CoverageQuestion, type Surroundings, slicesOf } from './coverage.ts'
import { describeBase, describeUsage } from './describe-line.ts'
import { loadSurroundings } from './load-surroundings.ts'

/**
 * What bills cost, with the usage that is folded now: the one function behind preview, draft and final
 * invoice. A handful of reads for any number of bills; nothing is written.
 */
export async function rateBills(
  tx: Tx,
  envId: number,
  bills: readonly Bill[],
): Promise<{ readonly rated: readonly RatedBill[]; readonly usage: RatedUsage }> {
  const refs = bills.map(({ subscription }) => versionRefOf(subscription))
  const versions = await planVersions(tx, envId, refs)
  const versioned = bills.map((bill): VersionedBill => {
    const version = versions.get(versionKey(versionRefOf(bill.subscription)))
    invariant(version !== undefined, 'a subscription has a plan version')
    return { bill, version }
  })
  const questions = versioned.flatMap(questionsOf)
  const around = await loadSurroundings(tx, envId, questions)
  const asked = questions.map((question) => askedBy(question, around))
  const answered = asked.filter(({ slices }) => slices.length > 0)
  const usage = { asked: answered, totals: await totals(tx, envId, answered) }
  const coverage = new Map(asked.map(({ id, slices }) => [id, slices]))
  return { rated: versioned.map((bill) => rated(bill, coverage, usage)), usage }
}

type VersionedBill = { readonly bill: Bill; readonly version: NamedVersion }

type UsageQuestion = CoverageQuestion & {
  readonly id: string
  readonly billId: string
  readonly meterNo: number
}

function versionRefOf({ plan }: Subscription) {
  return { planId: plan.id, version: plan.version }
}

/** One question for each price: usage of its meter in that part of the period which is covered. */
function questionsOf({ bill, version }: VersionedBill): UsageQuestion[] {
  const { usage, subscription } = bill
  if (usage === null) return []
  const end = endOf(subscription)
  return version.prices.map(({ meter }) => ({
    id: questionId(bill, meter.id),
    billId: bill.id,
    customer: subscription.customer,
    meterId: meter.id,
    meterNo: meter.meterNo,
    from: later(usage.start, subscription.startedAt),
    to: end ? earlier(end, usage.end) : usage.end,
  }))
}

function questionId(bill: Bill, meterId: string): string {
  return `${bill.id} ${meterId}`
}

function askedBy(
  question: UsageQuestion,
  around: Surroundings,
): AskedUsage & { readonly billId: string } {
  const { id, billId, meterNo } = question
  return { id, billId, meterNo, slices: slicesOf(question, around) }
}

function rated(
  { bill, version }: VersionedBill,
  coverage: ReadonlyMap<string, readonly Slice[]>,
  usage: RatedUsage,
): RatedBill {
  const { totals: answers } = usage
  const prices = version.prices.map((planPrice) => meteredPrice(bill, planPrice, usage))
  const invoice = composeInvoice({
    currency: version.currency,
    base: bill.base && {
      ...intervalOf(bill.base),
      amountMinor: version.baseMinor,
      share: shareOf(bill.base),
    },
    usage: bill.usage && { ...intervalOf(bill.usage), share: shareOf(bill.usage), prices },
  })
  return {
    bill,
    version,
    lines: invoice.lines.map((line) => billLine(line, { bill, version }, coverage)),
    totalMinor: invoice.totalMinor,
    isComplete:
      bill.usage === null ||
      version.prices.every(({ meter }) => !answers.incompleteMeters.has(meter.meterNo)),
  }
}

function meteredPrice(bill: Bill, { meter, price }: PlanPrice, usage: RatedUsage): MeteredPrice {
  const total = usage.totals.byId.get(questionId(bill, meter.id))
  const quantity: Decimal = total ? quantityOf(meter, total) : ZERO // nobody was covered at any time
  return { meter: meter.id, price, quantity }
}

function billLine(
  line: Line,
  { bill, version }: VersionedBill,
  coverage: ReadonlyMap<string, readonly Slice[]>,
): BillLine {
  if (line.kind === 'base') {
    const share = bill.base ? shareOf(bill.base) : WHOLE
    const description = describeBase(version.planName, share)
    return { ...line, kind: line.kind, description, billedMeter: null, coverage: [] }
  }
  invariant(line.kind === 'usage', 'a bill is made of a base price and usage')
  const meter = version.prices.find((price) => price.meter.id === line.meter)?.meter
  invariant(meter !== undefined, 'a line of usage has a price')
  return {
    ...line,
    description: describeUsage(meter, line),
    billedMeter: meter,
    coverage: coverage.get(questionId(bill, meter.id)) ?? [],
  }
}

function intervalOf({ start, end }: Span): Interval {
  return { periodStart: start, periodEnd: end }
}
