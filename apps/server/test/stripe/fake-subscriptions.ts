import { missing, refusedRequest } from './fake-errors.ts'

type Form = Readonly<Record<string, string>>

export type FakePrice = {
  readonly id: string
  readonly usage_type: 'licensed' | 'metered'
  active: boolean
}

export type FakeItem = {
  readonly id: string
  readonly subscription: string
  readonly price: FakePrice
  quantity: number
}

type FakeSubscription = {
  readonly id: string
  readonly customer: string
  /** In seconds. */
  readonly startedAt: number
  status: string
}

const PERIOD_S = 30 * 86_400

/** Subscriptions of an account of Stripe, by the rules that Stripe documents. It knows nothing of ours. */
export class FakeSubscriptions {
  readonly prices = new Map<string, FakePrice>()
  readonly items = new Map<string, FakeItem>()
  readonly subscriptions = new Map<string, FakeSubscription>()
  private readonly seconds: () => number

  constructor(seconds: () => number) {
    this.seconds = seconds
  }

  addPrice(usageType: FakePrice['usage_type'] = 'licensed'): FakePrice {
    const id = `price_recurring${this.prices.size + 1}`
    const price: FakePrice = { id, usage_type: usageType, active: true }
    this.prices.set(id, price)
    return price
  }

  /** Undefined: it is no price of these. */
  price(id: string): object | undefined {
    const price = this.prices.get(id)
    return price && shownPrice(price)
  }

  /** A customer subscribes to a price; its first period began so many seconds ago. */
  subscribe(customer: string, price: FakePrice, agoS = 0): FakeItem {
    const id = `sub_fake${this.subscriptions.size + 1}`
    const startedAt = this.seconds() - agoS
    this.subscriptions.set(id, { id, customer, startedAt, status: 'active' })
    const item = { id: `si_fake${this.items.size + 1}`, subscription: id, price, quantity: 1 }
    this.items.set(item.id, item)
    return item
  }

  /** All that were not canceled, where nothing is said about it. */
  of({ customer, price, status }: Form): { readonly id: string }[] {
    const isOf = (id: string) =>
      [...this.items.values()].some((item) => item.subscription === id && item.price.id === price)
    return [...this.subscriptions.values()]
      .filter((one) => !customer || one.customer === customer)
      .filter((one) => !price || isOf(one.id))
      .filter((one) => (status ? one.status === status : one.status !== 'canceled'))
      .map((one) => ({ ...one, object: 'subscription' }))
  }

  itemsOf({ subscription = '' }: Form): { readonly id: string }[] {
    if (!this.subscriptions.has(subscription)) throw missing('subscription', subscription)
    return [...this.items.values()]
      .filter((item) => item.subscription === subscription)
      .map((item) => this.shown(item))
  }

  updateItem(id: string, form: Form): object {
    const item = this.items.get(id)
    const subscription = item && this.subscriptions.get(item.subscription)
    if (!item || subscription?.status === 'canceled') throw missing('subscription_item', id)
    if (form.quantity !== undefined) {
      if (item.price.usage_type === 'metered') throw refused('Metered items have no quantity.')
      if (!/^\d+$/.test(form.quantity)) throw refused(`Invalid integer: ${form.quantity}`)
      item.quantity = Number(form.quantity)
    }
    return this.shown(item)
  }

  private shown(item: FakeItem): { readonly id: string } {
    const startedAt = this.subscriptions.get(item.subscription)?.startedAt ?? 0
    const periods = Math.floor((this.seconds() - startedAt) / PERIOD_S)
    const start = startedAt + periods * PERIOD_S
    const period = { current_period_start: start, current_period_end: start + PERIOD_S }
    const price = shownPrice(item.price)
    return { ...item, object: 'subscription_item', price, ...period } as { readonly id: string }
  }
}

function shownPrice({ id, active, usage_type }: FakePrice): object {
  return { id, object: 'price', active, recurring: { usage_type, interval: 'month', meter: null } }
}

function refused(message: string) {
  return refusedRequest('parameter_invalid_integer', message)
}
