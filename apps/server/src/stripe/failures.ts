import { Failure } from '../platform/errors.ts'

export const failures = {
  notConnected: () =>
    new Failure(
      'conflict',
      'stripe.not_connected',
      'This environment is bound to no account of Stripe; connect one with PUT /api/v1/stripe.',
    ),

  keyMissing: () =>
    new Failure(
      'invalid',
      'stripe.key_missing',
      'Send `apiKey` as well: this environment is bound to no account of Stripe yet.',
    ),

  /** A test that moves money, or an invoice of a customer that only looks paid. */
  wrongMode: (mode: string) =>
    new Failure(
      'invalid',
      'stripe.wrong_mode',
      `The ${mode} environment takes ${mode} keys of Stripe only: sk_${mode}_… or rk_${mode}_….`,
      { mode },
    ),

  keyRefused: () =>
    new Failure(
      'invalid',
      'stripe.key_refused',
      'Stripe refuses this key. It must be valid and, if restricted, may read Account, Disputes and Setup Intents and write Customers, Payment Intents, Payment Methods, Refunds and Checkout Sessions.',
    ),

  refused: (reason: string) =>
    new Failure('invalid', 'stripe.refused', `Stripe refuses this: ${reason}.`, { reason }),

  unreachable: () =>
    new Failure(
      'unavailable',
      'stripe.unreachable',
      'Stripe did not answer. Nothing was changed; try again.',
    ),

  /** Their outcome can be asked for there alone. */
  paymentsOpen: (account: string) =>
    new Failure(
      'conflict',
      'stripe.payments_open',
      `Payments by account ${account} are under way. Wait for their outcome, or cancel those that wait for their customer.`,
      { account },
    ),

  customerUnknown: (customer: string) =>
    new Failure(
      'invalid',
      'stripe.customer_unknown',
      `The connected account of Stripe has no customer "${customer}".`,
    ),

  customerTaken: (customer: string) =>
    new Failure(
      'conflict',
      'stripe.customer_taken',
      `The customer of Stripe "${customer}" is linked to another customer, or this one is linked already.`,
    ),

  /** What was paid as the former one could not be found as another, and might be paid again. */
  customerGone: (customer: string) =>
    new Failure(
      'conflict',
      'stripe.customer_gone',
      `The customer of Stripe "${customer}", whom this one is linked to, was deleted there, and a payment of theirs is under way. Wait for its outcome, or end it, and ask again.`,
      { customer },
    ),

  /** Nothing of the one that was asked may be attached where another one moves the money. */
  accountChanged: () =>
    new Failure(
      'conflict',
      'stripe.account_changed',
      'Another account of Stripe was connected meanwhile. Nothing was changed; ask again.',
    ),

  /** It is signed: the endpoint at Stripe is one of the other mode. */
  webhookWrongMode: (mode: 'live' | 'test' | null) =>
    new Failure(
      'malformed',
      'stripe.webhook_wrong_mode',
      `This environment takes ${mode ?? 'no'} events of Stripe only. Make the endpoint in the ${mode ?? 'same'} mode of the account, and give its signing secret.`,
      { mode },
    ),

  webhookRefused: () =>
    new Failure(
      'malformed',
      'stripe.webhook_refused',
      'The signature does not belong to this message, or is older than five minutes. Check the signing secret of the endpoint.',
    ),
}

/** What whoever waits for an answer of Stripe may get in its place. */
export const askFailures = [
  ...[failures.notConnected, failures.keyRefused, failures.refused, failures.unreachable],
]
