import { FakeError, missing, refusedRequest } from './fake-errors.ts'

type Form = Readonly<Record<string, string>>

export type FakeMeter = {
  readonly id: string
  readonly event_name: string
  readonly formula: string
  readonly window: 'hour' | 'day' | null
  /** Where in a payload the customer and the value stand. */
  readonly keys: { readonly customer: string; readonly value: string }
  status: 'active' | 'inactive'
}

export type FakeMeterEvent = {
  readonly identifier: string
  readonly meter: string
  readonly customer: string
  readonly value: bigint
  /** In seconds. */
  readonly timestamp: number
}

const DAY_S = 86_400
const OLDEST_S = 35 * DAY_S
const AHEAD_S = 300
const DIGITS_MAX = 15
const IDENTIFIER_MAX = 100

/** Billing meters of an account of Stripe, by the rules that Stripe documents. It knows nothing of ours. */
export class FakeMeters {
  readonly meters = new Map<string, FakeMeter>()
  readonly prices = new Map<string, { readonly id: string; readonly meter: string | null }>()
  /** All that ever counted. */
  readonly events: FakeMeterEvent[] = []
  /** Customers and meters with more than one call at a time. */
  readonly overlaps: string[] = []
  /** Until when an identifier is known. */
  private readonly identifiers = new Map<string, number>()
  private readonly sums = new Map<string, bigint>()
  private readonly underWay = new Set<string>()
  private readonly seconds: () => number
  private readonly isCustomer: (id: string) => boolean

  constructor(seconds: () => number, isCustomer: (id: string) => boolean) {
    this.seconds = seconds
    this.isCustomer = isCustomer
  }

  add(eventName: string, overrides: Partial<Omit<FakeMeter, 'id' | 'event_name'>> = {}): FakeMeter {
    const meter: FakeMeter = {
      ...{ id: `mtr_test_${this.meters.size + 1}`, event_name: eventName, formula: 'sum' },
      ...{
        window: null,
        status: 'active',
        keys: { customer: 'stripe_customer_id', value: 'value' },
      },
      ...overrides,
    }
    this.meters.set(meter.id, meter)
    return meter
  }

  /** Of a meter, or of none. */
  addPrice(meter: string | null): string {
    const id = `price_fake${this.prices.size + 1}`
    this.prices.set(id, { id, meter })
    return id
  }

  price(id: string): object {
    const price = this.prices.get(id)
    if (!price) throw missing('price', id)
    const recurring = price.meter === null ? null : { usage_type: 'metered', meter: price.meter }
    return { id, object: 'price', active: true, recurring }
  }

  meter(id: string): object {
    const meter = this.meters.get(id)
    if (!meter) throw missing('meter', id)
    return shown(meter)
  }

  listed({ status }: Form): object {
    const found = [...this.meters.values()].filter((one) => !status || one.status === status)
    return { object: 'list', has_more: false, data: found.map(shown) }
  }

  /** What has come of a customer in this time. */
  sum(
    meter: string,
    customer: string,
    span: { readonly from: number; readonly to: number },
  ): bigint {
    return this.events
      .filter((one) => one.meter === meter && one.customer === customer)
      .filter(({ timestamp }) => timestamp >= span.from && timestamp < span.to)
      .reduce((sum, { value }) => sum + value, 0n)
  }

  /** All that has come of a customer, ever. */
  total(meter: string, customer: string): bigint {
    return this.sums.get(`${meter} ${customer}`) ?? 0n
  }

  summaries(id: string, form: Form): object {
    this.meter(id)
    const { customer = '', start_time: start = '', end_time: end = '' } = form
    if (!this.isCustomer(customer)) throw missing('customer', customer)
    const [from, to] = [Number(start), Number(end)]
    if (from % 60 !== 0 || to % 60 !== 0 || from >= to)
      throw refusedRequest('parameter_invalid_integer', 'Times must be aligned with minutes.')
    const value = Number(this.sum(id, customer, { from, to }))
    const summary = { id: 'mtrusg_fake', object: 'billing.meter_event_summary', meter: id }
    const times = { start_time: from, end_time: to }
    const data = value === 0 ? [] : [{ ...summary, ...times, aggregated_value: value }]
    return { object: 'list', has_more: false, data }
  }

  /** Notes that a call is under way; null: another one of the customer and meter is. */
  begin(form: Form): (() => void) | null {
    const about = `${form.event_name} ${Object.values(payloadOf(form)).find((one) => one.startsWith('cus_'))}`
    if (this.underWay.has(about)) {
      this.overlaps.push(about)
      return null
    }
    this.underWay.add(about)
    return () => this.underWay.delete(about)
  }

  createEvent(form: Form): object {
    const meter = [...this.meters.values()].find((one) => one.event_name === form.event_name)
    if (meter?.status !== 'active') throw refused(`No active meter found for ${form.event_name}.`)
    const payload = payloadOf(form)
    const customer = payload[meter.keys.customer] ?? ''
    if (!this.isCustomer(customer)) throw missing('customer', customer)
    const value = wholeNumber(payload[meter.keys.value] ?? '')
    const timestamp = this.time(form)
    const identifier = this.remembered(form.identifier ?? '')
    this.events.push({ identifier, meter: meter.id, customer, value, timestamp })
    const about = `${meter.id} ${customer}`
    this.sums.set(about, (this.sums.get(about) ?? 0n) + value)
    return { object: 'billing.meter_event', identifier, timestamp, payload, livemode: false }
  }

  private time(form: Form): number {
    const now = this.seconds()
    const timestamp = Number(form.timestamp ?? now)
    if (timestamp < now - OLDEST_S) throw refusedRequest('timestamp_too_far_in_past', 'Too old.')
    if (timestamp > now + AHEAD_S) throw refusedRequest('timestamp_in_future', 'In the future.')
    return timestamp
  }

  /** For a day. */
  private remembered(identifier: string): string {
    const now = this.seconds()
    if (identifier === '' || identifier.length > IDENTIFIER_MAX) throw refused('Bad identifier.')
    if ((this.identifiers.get(identifier) ?? 0) > now)
      throw refused(`An event already exists with identifier ${identifier}.`)
    this.identifiers.set(identifier, now + DAY_S)
    return identifier
  }
}

function wholeNumber(value: string): bigint {
  if (!/^-?\d+$/.test(value) || value.replace('-', '').length > DIGITS_MAX)
    throw refused(`The value ${value} must be a whole number of at most 15 digits.`)
  return BigInt(value)
}

function shown({ id, event_name, formula, window, keys, status }: FakeMeter): object {
  return {
    ...{ id, object: 'billing.meter', event_name, status, default_aggregation: { formula } },
    customer_mapping: { type: 'by_id', event_payload_key: keys.customer },
    value_settings: { event_payload_key: keys.value },
    event_time_window: window,
  }
}

function payloadOf(form: Form): Record<string, string> {
  const entries = Object.entries(form).flatMap(([name, value]) => {
    const key = /^payload\[(.+)\]$/.exec(name)?.[1]
    return key === undefined ? [] : [[key, value] as const]
  })
  return Object.fromEntries(entries)
}

/** Stripe gives these no code. */
function refused(message: string): FakeError {
  return new FakeError(400, { type: 'invalid_request_error', message })
}
