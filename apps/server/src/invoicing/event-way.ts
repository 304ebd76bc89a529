import { metersOfEvent } from '../catalog/find-meter.ts'
import type { Meter } from '../catalog/meter.ts'
import { type EventReading, readEvent } from '../metering/read-event.ts'
import { eventsOf } from '../metering/total.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { earlier } from '../platform/instant.ts'
import { whoBills } from '../rating/who-bills.ts'
import type { BillingPeriod } from '../subscriptions/billing-period.ts'
import { getSubscription } from '../subscriptions/change-subscription.ts'
import { periodsAt } from '../subscriptions/periods-within.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import { type Term, termAt } from '../subscriptions/term.ts'
import { uuidOf } from '../usage/event-key.ts'
import { effectiveAtUs, effectiveContent, type StoredEvent } from '../usage/stored-event.ts'
import type { InvoiceLine } from './invoice.ts'
import { selectStatesSince } from './invoice-states.store.ts'
import { type StoredInvoice, withContents } from './read-invoice.ts'

/** What became of an event: of each meter of its name, what it read and who is billed for it. */
export type EventWay = {
  /** Whether it is in the totals, with all that was said about it later. */
  readonly isFolded: boolean
  readonly stations: readonly Station[]
}

export type Outcome = 'counted' | 'filtered' | 'no_value' | 'void'

export type Station = {
  readonly meter: Meter
  readonly outcome: Outcome
  /** Null where nothing was read. */
  readonly reading: EventReading | null
  /** Null: no plan has a price for it. */
  readonly billing: EventBilling | null
}

export type EventBilling = {
  readonly subscription: Subscription
  /** What the subscription was sold as when the event counts. */
  readonly term: Term
  /** Null while it has not begun. */
  readonly period: BillingPeriod | null
  /** Those that count it, by their lines for the meter. */
  readonly invoices: readonly {
    readonly invoice: StoredInvoice
    readonly lines: readonly InvoiceLine[]
  }[]
}

const INVOICES_MAX = 200

/** The way of an event from the meters to the lines of invoices, by what makes invoices. */
export async function eventWay(tx: Tx, envId: number, event: StoredEvent): Promise<EventWay> {
  const key = uuidOf(event.key)
  const meters = await metersOfEvent(tx, envId, event.name)
  const { readings, isFolded } = await readEvent(tx, envId, { key, name: event.name })
  const isVoid = effectiveContent(event) === null
  const found = meters.map((meter) => {
    const reading = readings.get(meter.meterNo) ?? null
    return { meter, reading, outcome: isVoid ? ('void' as const) : outcomeOf(reading) }
  })
  const billed = found.filter(({ outcome }) => outcome === 'counted' || outcome === 'void')
  const billings = await billingsOf(tx, envId, {
    event,
    key,
    meters: billed.map(({ meter }) => meter),
  })
  return {
    isFolded,
    stations: found.map((each) => ({ ...each, billing: billings.get(each.meter.id) ?? null })),
  }
}

function outcomeOf(reading: EventReading | null): Outcome {
  if (!reading) return 'filtered'
  return reading.isCounted ? 'counted' : 'no_value'
}

type Asked = {
  readonly event: StoredEvent
  readonly key: string
  readonly meters: readonly Meter[]
}

async function billingsOf(
  tx: Tx,
  envId: number,
  asked: Asked,
): Promise<ReadonlyMap<string, EventBilling>> {
  const at = dateOf(effectiveAtUs(asked.event))
  const used = { customer: asked.event.customerId, meterIds: asked.meters.map(({ id }) => id), at }
  const prices = await whoBills(tx, envId, used)
  const ids = [...new Set([...prices.values()].map(({ subscriptionId }) => subscriptionId))]
  const subscriptions = new Map<string, Omit<EventBilling, 'invoices'> & { all: StoredInvoice[] }>()
  for (const id of ids) subscriptions.set(id, await subscriptionAt(tx, envId, id, asked.event))
  const billings = new Map<string, EventBilling>()
  for (const meter of asked.meters) {
    const found = subscriptions.get(prices.get(meter.id)?.subscriptionId ?? '')
    if (!found) continue
    const { all, ...where } = found
    billings.set(meter.id, {
      ...where,
      invoices: await counting(tx, envId, { ...asked, meter, all }),
    })
  }
  return billings
}

/** A subscription with its invoices that may have counted the event, at whatever time it stood. */
async function subscriptionAt(tx: Tx, envId: number, id: string, event: StoredEvent) {
  const at = dateOf(effectiveAtUs(event))
  const subscription = await getSubscription(tx, envId, id)
  const [present] = await periodsAt(tx, envId, [id], at)
  const [earliest] = await periodsAt(tx, envId, [id], instantsOf(event).reduce(earlier))
  const first = { subscriptionId: id, periodNo: earliest?.period.no ?? 0, limit: INVOICES_MAX }
  const states = await selectStatesSince(tx, envId, first)
  return {
    subscription,
    term: termAt(subscription.terms, at),
    period: present?.period ?? null,
    all: await withContents(tx, envId, states),
  }
}

/** The invoices with lines of the meter that count the event. */
async function counting(
  tx: Tx,
  envId: number,
  asked: Asked & { readonly meter: Meter; readonly all: readonly StoredInvoice[] },
): Promise<EventBilling['invoices']> {
  const { meter, all } = asked
  const found: { invoice: StoredInvoice; lines: InvoiceLine[] }[] = []
  for (const invoice of all) {
    const known = new Map<string, boolean>() // a meter has lines of many tiers, of the same events
    const lines: InvoiceLine[] = []
    for (const line of invoice.content.lines) {
      if (line.meterId !== meter.id) continue
      const name = sameEvents(line)
      const counts = known.get(name) ?? (await isCountedBy(tx, envId, { ...asked, invoice, line }))
      known.set(name, counts)
      if (counts) lines.push(line)
    }
    if (lines.length > 0) found.push({ invoice, lines })
  }
  return found
}

async function isCountedBy(
  tx: Tx,
  envId: number,
  asked: Asked & {
    readonly meter: Meter
    readonly invoice: StoredInvoice
    readonly line: InvoiceLine
  },
): Promise<boolean> {
  const { event, key, meter, invoice, line } = asked
  const slices = around(event, line)
  if (slices.length === 0) return false
  const { usageBefore } = invoice.content
  const question = {
    meterNo: meter.meterNo,
    slices,
    usageBefore,
    since: line.late?.since ?? null,
    key,
  }
  const events = await eventsOf(tx, envId, question, { limit: 1, after: null })
  return events.length > 0
}

/** Lines of one meter count the same events unless they are for other times, or for what came late. */
function sameEvents({ coverage, late }: InvoiceLine): string {
  const times = coverage.map(({ from, to }) => `${from.getTime()} ${to.getTime()}`)
  return `${late?.since ?? ''} ${late?.periodNo ?? ''} ${times}`
}

/** What of a line's coverage holds the event's customer at an instant at which it stood. */
function around(event: StoredEvent, { coverage }: InvoiceLine) {
  return instantsOf(event).flatMap((from) =>
    coverage
      .filter((slice) => slice.from <= from && from < slice.to && isIn(slice, event.customerId))
      .map((slice) => {
        const to = new Date(Math.min(from.getTime() + 1, slice.to.getTime()))
        return { ...slice, customer: event.customerId, except: [], from, to }
      }),
  )
}

function isIn(
  { customer, except }: { readonly customer: string | null; readonly except: readonly string[] },
  name: string,
): boolean {
  return customer === null ? !except.includes(name) : customer === name
}

/** When it was said to have happened, each once, to the millisecond. */
function instantsOf(event: StoredEvent): Date[] {
  const amended = event.corrections.flatMap((correction) =>
    correction.kind === 'amend' ? [correction.occurredAtUs] : [],
  )
  const instants = [event.occurredAtUs, ...amended].map((atUs) => dateOf(atUs).getTime())
  return [...new Set(instants)].map((atMs) => new Date(atMs))
}

function dateOf(atUs: number): Date {
  return new Date(Math.floor(atUs / 1_000))
}
