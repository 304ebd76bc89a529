import { type ParentLink, ROOT } from '../customers/customer.ts'
import type { Slice } from '../metering/total.ts'
import type { ActivePrice } from '../subscriptions/covering.ts'
import { difference, intersection, type Span, type Spans, union } from './spans.ts'

/** Whose usage of a meter does a subscription of `customer` bill in `[from, to)`? */
export type CoverageQuestion = {
  readonly customer: string
  readonly meterId: string
  readonly from: Date
  readonly to: Date
}

/** Who stood beneath whom and who had a price of their own, at the times in question. */
export type Surroundings = {
  readonly linksBelow: ReadonlyMap<string, readonly ParentLink[]>
  /** By `priceKey`: when a customer had a price of its own for a meter. */
  readonly pricedAt: ReadonlyMap<string, Spans>
  /** By meter: all customers who have such times. */
  readonly pricedCustomers: ReadonlyMap<string, ReadonlySet<string>>
}

export function surroundingsOf(
  links: readonly ParentLink[],
  prices: readonly ActivePrice[],
): Surroundings {
  const linksBelow = new Map<string, ParentLink[]>()
  for (const link of links) {
    const below = linksBelow.get(link.parent)
    if (below) below.push(link)
    else linksBelow.set(link.parent, [link])
  }
  const pricedAt = new Map<string, Spans>()
  const pricedCustomers = new Map<string, Set<string>>()
  for (const { customer, meterId, from, to } of prices) {
    const key = priceKey(customer, meterId)
    pricedAt.set(key, union(pricedAt.get(key) ?? [], spanOf(from, to)))
    const customers = pricedCustomers.get(meterId) ?? new Set<string>()
    pricedCustomers.set(meterId, customers.add(customer))
  }
  return { linksBelow, pricedAt, pricedCustomers }
}

/**
 * The usage that a subscription's price covers: at every instant, that of its customer and of all who
 * then stood beneath it with nobody nearer who had a price for the meter. For the root customer, that
 * of everybody for whom nobody nearer had one.
 *
 * So at any instant any usage is covered by one price at most, whatever was switched or moved when.
 */
export function slicesOf(question: CoverageQuestion, around: Surroundings): Slice[] {
  const window = spanOf(question.from, question.to)
  if (window.length === 0) return []
  return question.customer === ROOT
    ? slicesOfRoot(question, window, around)
    : slicesOfSubtree(question, window, around)
}

function slicesOfSubtree(
  { customer, meterId }: CoverageQuestion,
  window: Spans,
  around: Surroundings,
): Slice[] {
  const hasOwnPrice = (below: string): Spans => around.pricedAt.get(priceKey(below, meterId)) ?? []
  return slicesFrom(spread([[customer, window]], around, hasOwnPrice))
}

function slicesOfRoot({ meterId }: CoverageQuestion, window: Spans, around: Surroundings): Slice[] {
  const priced = [...(around.pricedCustomers.get(meterId) ?? [])].filter((name) => name !== ROOT)
  const start = priced.map((name): readonly [string, Spans] => [
    name,
    intersection(around.pricedAt.get(priceKey(name, meterId)) ?? [], window),
  ])
  const nearer = spread(start, around, () => [])
  const rest = [...nearer].map(([name, spans]): readonly [string, Spans] => [
    name,
    difference(window, spans),
  ])
  const except = [...nearer.keys()].sort()
  const [all] = window.map((span) => ({ customer: null, except, ...datesOf(span) }))
  return [...(all ? [all] : []), ...slicesFrom(new Map(rest))]
}

/**
 * Carries what holds for some customers down to all who stand beneath them, each for as long as it
 * stood there, except at the times that `stopsAt` names. At any instant the links are a forest, so
 * every instant passes a customer at most once and this ends.
 */
function spread(
  start: readonly (readonly [customer: string, spans: Spans])[],
  around: Surroundings,
  stopsAt: (customer: string) => Spans,
): Map<string, Spans> {
  const reached = new Map<string, Spans>()
  const queue = [...start]
  for (const [customer, spans] of queue) {
    const known = reached.get(customer) ?? []
    const fresh = difference(spans, known)
    if (fresh.length === 0) continue
    reached.set(customer, union(known, fresh))
    for (const link of around.linksBelow.get(customer) ?? []) {
      const passed = intersection(fresh, spanOf(link.since, link.until))
      queue.push([link.customer, difference(passed, stopsAt(link.customer))])
    }
  }
  return reached
}

function slicesFrom(covered: ReadonlyMap<string, Spans>): Slice[] {
  const inOrder = [...covered].sort(([a], [b]) => (a < b ? -1 : 1))
  return inOrder.flatMap(([customer, spans]) =>
    spans.map((span) => ({ customer, except: [], ...datesOf(span) })),
  )
}

function priceKey(customer: string, meterId: string): string {
  return `${meterId} ${customer}`
}

function spanOf(from: Date, to: Date | null): Spans {
  const span = { from: from.getTime(), to: to?.getTime() ?? Number.POSITIVE_INFINITY }
  return span.from < span.to ? [span] : []
}

function datesOf({ from, to }: Span): { readonly from: Date; readonly to: Date } {
  return { from: new Date(from), to: new Date(to) }
}
