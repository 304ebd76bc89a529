/** What is said of a type of trigger. */
export type TriggerType = {
  readonly label: string
  /** What it does, in a sentence. */
  readonly sentence: string
  /** What stands at Stripe for each of its records. */
  readonly becomes: string
  /** Pieces of usage, which add up to what Stripe has; a quantity itself; or what invoices say. */
  readonly tells: 'usage' | 'quantity' | 'invoices'
}

/** The types that can be made here; the first is the one that a form begins with. */
export const TRIGGER_TYPES: Readonly<Record<string, TriggerType>> = {
  stripe_usage: {
    label: 'Usage',
    sentence: 'Stripe is told, customer by customer and hour by hour, what a meter counted.',
    becomes: 'an event of the meter of Stripe',
    tells: 'usage',
  },
  stripe_subscription: {
    label: 'Quantity of subscriptions',
    sentence:
      'The item of a price in each customer’s subscription at Stripe has as its quantity what a meter comes to in its current period.',
    becomes: 'the quantity of an item of the subscription',
    tells: 'quantity',
  },
  stripe_invoice: {
    label: 'Invoices',
    sentence:
      'What is due of each invoice that is not charged here is billed by Stripe: its lines become invoice items of the customer there.',
    becomes: 'items of an invoice of Stripe',
    tells: 'invoices',
  },
}

/** Also of one that this dashboard has never heard of, as after an update of the server alone. */
export function triggerType(type: string): TriggerType {
  const words = type.replace(/^stripe_/, '').replaceAll('_', ' ')
  const label = words.slice(0, 1).toUpperCase() + words.slice(1)
  return (
    TRIGGER_TYPES[type] ?? {
      label,
      sentence: `Stripe is told of usage (${type}).`,
      becomes: 'something at Stripe',
      tells: 'usage',
    }
  )
}
