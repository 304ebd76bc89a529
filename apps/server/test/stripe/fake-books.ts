import { FakeError, missing, refusedRequest } from './fake-errors.ts'
import { FakeInvoices } from './fake-invoices.ts'
import { metadataOf } from './fake-metadata.ts'
import { FakeMeters } from './fake-meters.ts'
import { FakeSubscriptions } from './fake-subscriptions.ts'

/**
 * What a card does when it is charged. `authentication`: its bank wants the customer; `debit`: its bank decides days later;
 * `not_possible`: it cannot be charged at all; `insufficient_funds` and others decline.
 */
export type Behaviour = 'ok' | 'authentication' | string

export type FakeIntent = {
  readonly id: string
  readonly object: 'payment_intent'
  readonly amount: number
  readonly currency: string
  readonly customer: string
  readonly created: number
  readonly metadata: Readonly<Record<string, string>>
  readonly livemode: false
  readonly method: string
  status: string
  payment_method: string | null
  cancellation_reason: string | null
  next_action: object | null
  /** The last attempt to charge it. */
  latest_charge: string | null
  last_payment_error: FakeCardError | null
}

export type FakeCardError = {
  readonly type: 'card_error'
  readonly code: string
  readonly decline_code: string
  readonly message: string
  readonly payment_method: { readonly id: string; readonly object: 'payment_method' }
}

type FakeCard = {
  readonly customer: string
  readonly created: number
  behaviour: Behaviour
  expYear: number
}

// biome-ignore lint/suspicious/noExplicitAny: an object of another's API
type Thing = Record<string, any> & { readonly id: string }

type Form = Readonly<Record<string, string>>

/** What an account of Stripe holds, by the rules that Stripe documents. It knows nothing of ours. */
export class FakeBooks {
  readonly account = `acct_fake${Math.floor(Math.random() * 1e12)}`
  readonly customers = new Map<string, Thing>()
  readonly cards = new Map<string, FakeCard>()
  readonly intents = new Map<string, FakeIntent>()
  readonly refunds = new Map<string, Thing>()
  readonly sessions = new Map<string, Thing>()
  readonly disputes = new Map<string, Thing>()
  readonly meters: FakeMeters
  readonly subscriptions: FakeSubscriptions
  readonly invoices: FakeInvoices
  private counter = 0
  private readonly seconds: () => number
  private readonly tell: (type: string, thing: object) => void

  constructor(seconds: () => number, tell: (type: string, thing: object) => void) {
    this.seconds = seconds
    this.tell = tell
    this.subscriptions = new FakeSubscriptions(seconds)
    this.invoices = new FakeInvoices(seconds, tell, (id) => this.customers.has(id))
    this.meters = new FakeMeters(seconds, (id) => this.customers.has(id))
  }

  private id(prefix: string): string {
    this.counter += 1
    return `${prefix}_${String(this.counter).padStart(8, '0')}${this.account.slice(-4)}`
  }

  /** Money that has moved, by the metadata that came with it. */
  moved(): readonly FakeIntent[] {
    return [...this.intents.values()].filter(({ status }) => status === 'succeeded')
  }

  addCard(customer: string, behaviour: Behaviour): string {
    const id = this.id('pm')
    this.cards.set(id, { customer, created: this.seconds(), behaviour, expYear: 2030 })
    return id
  }

  /** Its bank has sent the customer another one with the same number. */
  renewCard(id: string, expYear: number): void {
    this.thing(this.cards, id).expYear = expYear
  }

  /** A card as Stripe shows it. */
  method(id: string): Thing {
    const { customer, created, expYear: exp_year } = this.thing(this.cards, id)
    const card = { brand: 'visa', display_brand: 'visa', last4: '4242', exp_month: 4, exp_year }
    return { id, object: 'payment_method', type: 'card', created, customer, card }
  }

  /** A page, with what was given on it where that is asked for. */
  session(id: string, expand: string | undefined): Thing {
    const session = this.thing(this.sessions, id)
    const intent = session.setup_intent
    if (!intent || expand === undefined) return { ...session, setup_intent: intent?.id ?? null }
    const method = intent.payment_method
    const isWhole = expand === 'setup_intent.payment_method'
    const shown = { ...intent, payment_method: isWhole ? this.method(method) : method }
    return { ...session, setup_intent: shown }
  }

  createCustomer(form: Form): Thing {
    const { name = null, email = null } = form
    const customer = {
      ...{ id: this.id('cus'), object: 'customer', name, email, metadata: metadataOf(form) },
      invoice_settings: { default_payment_method: null },
    }
    this.customers.set(customer.id, customer)
    return customer
  }

  /** Somebody deletes them at Stripe, with all that they could pay with: their id can still be read. */
  deleteCustomer(id: string): void {
    this.customers.set(id, { id, object: 'customer', deleted: true })
    for (const [card, { customer }] of this.cards) if (customer === id) this.cards.delete(card)
  }

  createSession(form: Form): Thing {
    this.customer(form.customer)
    if (!form.currency) throw missingParameter('currency')
    const id = this.id('cs_test')
    const session = {
      ...{ id, object: 'checkout.session', mode: form.mode, customer: form.customer },
      ...{ status: 'open', url: `https://checkout.invalid/${id}`, metadata: metadataOf(form) },
      ...{ expires_at: this.seconds() + 86_400, setup_intent: null, livemode: false },
    }
    this.sessions.set(id, session)
    return session
  }

  /** The customer gives a card on the page. */
  completeSession(id: string, behaviour: Behaviour): string {
    const session = this.thing(this.sessions, id)
    const card = this.addCard(session.customer, behaviour)
    const setupIntent = { id: this.id('seti'), object: 'setup_intent', payment_method: card }
    Object.assign(session, { status: 'complete', setup_intent: setupIntent })
    this.tell('checkout.session.completed', { ...session, setup_intent: setupIntent.id })
    return card
  }

  createIntent(form: Form): FakeIntent {
    const amount = Number(form.amount)
    if (!Number.isInteger(amount) || amount < 1) throw missingParameter('amount')
    this.customer(form.customer)
    const method = form.payment_method ?? ''
    if (this.cards.get(method)?.customer !== form.customer) throw missing('payment_method', method)
    const intent: FakeIntent = {
      ...{ id: this.id('pi'), object: 'payment_intent', amount, currency: form.currency ?? '' },
      ...{ customer: form.customer ?? '', created: this.seconds(), metadata: metadataOf(form) },
      ...{ livemode: false, method, status: 'requires_confirmation', payment_method: method },
      ...{ next_action: null, last_payment_error: null, cancellation_reason: null },
      latest_charge: null,
    }
    this.intents.set(intent.id, intent)
    return form.confirm === 'true' ? this.confirm(intent, form) : intent
  }

  confirmIntent(id: string, form: Form): FakeIntent {
    const intent = this.thing(this.intents, id)
    const isOpen = ['requires_payment_method', 'requires_confirmation'].includes(intent.status)
    if (!isOpen) throw unexpectedState(intent)
    return this.confirm(intent, form)
  }

  private confirm(intent: FakeIntent, form: Form): FakeIntent {
    const { behaviour } = this.thing(this.cards, intent.method)
    intent.last_payment_error = null
    if (behaviour === 'not_possible') throw this.refuse(intent)
    if (behaviour === 'ok') return this.succeed(intent)
    if (behaviour === 'debit') return this.process(intent)
    if (behaviour !== 'authentication') throw this.decline(intent, behaviour)
    if (form.off_session === 'true') throw this.decline(intent, 'authentication_required')
    if (!form.return_url) throw missingParameter('return_url')
    intent.status = 'requires_action'
    intent.payment_method = intent.method
    const url = `https://hooks.invalid/redirect/${intent.id}`
    intent.next_action = { type: 'redirect_to_url', redirect_to_url: { url } }
    this.tell('payment_intent.requires_action', intent)
    return intent
  }

  /** The customer comes back from the bank; `again`: it charged, and wants them once more. */
  act(id: string, outcome: 'succeeded' | 'failed' | 'again'): void {
    const intent = this.thing(this.intents, id)
    if (intent.status !== 'requires_action') throw unexpectedState(intent)
    intent.next_action = null
    if (outcome === 'succeeded') this.succeed(intent)
    else if (outcome === 'again') this.decline(intent, 'authentication_required')
    else this.decline(intent, 'payment_intent_authentication_failure')
  }

  /** A bank has decided on a direct debit, days later. */
  decide(id: string, outcome: 'succeeded' | 'failed'): void {
    const intent = this.thing(this.intents, id)
    if (intent.status !== 'processing') throw unexpectedState(intent)
    if (outcome === 'succeeded') this.succeed(intent)
    else this.decline(intent, 'insufficient_funds')
  }

  private process(intent: FakeIntent): FakeIntent {
    intent.status = 'processing'
    intent.latest_charge = this.id('py')
    this.tell('payment_intent.processing', intent)
    return intent
  }

  /** What cannot be charged with such a means is said with the PaymentIntent, and no card declined it. */
  private refuse(intent: FakeIntent): FakeError {
    intent.status = 'requires_payment_method'
    intent.payment_method = null
    const error = { type: 'invalid_request_error', code: 'payment_intent_invalid_parameter' }
    return new FakeError(400, { ...error, payment_intent: { ...intent } })
  }

  private succeed(intent: FakeIntent): FakeIntent {
    intent.status = 'succeeded'
    intent.latest_charge ??= this.id('ch')
    this.tell('payment_intent.succeeded', intent)
    return intent
  }

  private decline(intent: FakeIntent, why: string): FakeError {
    const isOwnCode = why === 'authentication_required' || why.startsWith('payment_intent_')
    intent.status = 'requires_payment_method'
    intent.payment_method = null
    intent.latest_charge = this.id('ch')
    intent.last_payment_error = {
      ...{ type: 'card_error', code: isOwnCode ? why : 'card_declined', decline_code: why },
      message: 'Your card was declined.',
      payment_method: { id: intent.method, object: 'payment_method' },
    }
    this.tell('payment_intent.payment_failed', intent)
    return new FakeError(402, { ...intent.last_payment_error, payment_intent: { ...intent } })
  }

  cancelIntent(id: string, form: Form): FakeIntent {
    const intent = this.thing(this.intents, id)
    if (['succeeded', 'canceled', 'processing'].includes(intent.status))
      throw unexpectedState(intent)
    intent.status = 'canceled'
    intent.next_action = null
    intent.cancellation_reason = form.cancellation_reason ?? null
    this.tell('payment_intent.canceled', intent)
    return intent
  }

  createRefund(form: Form): Thing {
    const intent = this.thing(this.intents, form.payment_intent ?? '')
    const earlier = [...this.refunds.values()].filter(
      (one) => one.payment_intent === intent.id && one.status !== 'failed',
    )
    const left = intent.amount - earlier.reduce((sum, { amount }) => sum + Number(amount), 0)
    const amount = Number(form.amount ?? left)
    if (intent.status !== 'succeeded' || amount > left)
      throw refusedRequest('charge_already_refunded', 'It has been refunded.')
    const refund = {
      ...{ id: this.id('re'), object: 'refund', amount, payment_intent: intent.id },
      ...{ status: 'succeeded', metadata: metadataOf(form) },
    }
    this.refunds.set(refund.id, refund)
    this.tell('refund.updated', refund)
    return refund
  }

  /** A bank sends a refund back, days after Stripe said that it had succeeded. */
  failRefund(id: string, reason: string): void {
    const refund = this.thing(this.refunds, id)
    Object.assign(refund, { status: 'failed', failure_reason: reason })
    this.tell('refund.failed', refund)
  }

  /** A dispute, with its PaymentIntent where that is asked for. */
  shownDispute(id: string, expand: string | undefined): Thing {
    const dispute = this.thing(this.disputes, id)
    if (expand !== 'payment_intent') return dispute
    return { ...dispute, payment_intent: this.thing(this.intents, dispute.payment_intent) }
  }

  dispute(intentId: string, reason: string): string {
    const intent = this.thing(this.intents, intentId)
    const dispute = {
      ...{ id: this.id('du'), object: 'dispute', payment_intent: intent.id, reason },
      ...{ amount: intent.amount, currency: intent.currency, status: 'needs_response' },
      evidence_details: { due_by: this.seconds() + 7 * 86_400 },
    }
    this.disputes.set(dispute.id, dispute)
    this.tell('charge.dispute.created', dispute)
    return dispute.id
  }

  closeDispute(id: string, status: 'won' | 'lost' | 'warning_closed'): void {
    const dispute = this.thing(this.disputes, id)
    Object.assign(dispute, { status })
    this.tell('charge.dispute.closed', dispute)
  }

  thing<T>(things: ReadonlyMap<string, T>, id: string): T {
    const found = things.get(id)
    if (!found) throw missing('id', id)
    return found
  }

  private customer(id: string | undefined): Thing {
    const customer = this.thing(this.customers, id ?? '')
    if (customer.deleted) throw missing('customer', customer.id)
    return customer
  }
}

function missingParameter(param: string): FakeError {
  return refusedRequest('parameter_missing', `Missing required param: ${param}.`)
}

function unexpectedState({ status }: FakeIntent): FakeError {
  const message = `This PaymentIntent has a status of ${status}.`
  return refusedRequest('payment_intent_unexpected_state', message)
}
