import Stripe from 'stripe'
import { wakePayment } from '../payments/wake-payment.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { scheduleMany } from '../platform/due/schedule.ts'
import { environmentNow } from '../platform/environment-clock/environment-clock.ts'
import type { StripeDeps } from './account.ts'
import { modeOfKey, sealContext } from './connection.ts'
import { selectConnection, selectEnvOfConnection, updateLastEvent } from './connections.store.ts'
import { failures } from './failures.ts'
import { DISPUTE_KIND, REFUND_KIND, SETUP_KIND } from './stripe.jobs.ts'
import { deleteEventsBefore, insertEvent } from './stripe-events.store.ts'
import { PAYMENT_FIELD } from './stripe-provider.ts'
import { INVOICES_AT_KIND } from './usage-work.ts'

/** What Stripe should be told to send. */
export const EVENT_TYPES = [
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.requires_action',
  'payment_intent.canceled',
  'refund.updated',
  'refund.failed',
  'checkout.session.completed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'invoice.paid',
  'invoice.voided',
] as const

const TOLERANCE_S = 300
const KEPT_MS = 30 * 86_400_000 // Stripe repeats an event for three days

/** What came, to the byte. */
export type Message = {
  /** In the address it came to. */
  readonly connectionId: string
  readonly body: Buffer
  readonly signature: string
}

/**
 * Takes an event of Stripe. Nothing of it is believed but that something has happened to what it names: how that stands is
 * asked afterwards. One that comes again does nothing. Throws `stripe.webhook_refused` for a message that the account of
 * this address did not sign in the last five minutes, and `stripe.webhook_wrong_mode`.
 */
export async function takeEvent(
  deps: StripeDeps,
  message: Message,
  systemNow: Date,
): Promise<void> {
  await deps.db.inTransaction(async (tx) => {
    const envId = await selectEnvOfConnection(tx, message.connectionId)
    if (envId === undefined) throw failures.webhookRefused()
    const event = await verifiedEvent(tx, envId, { ...message, deps, systemNow })
    if (!(await insertEvent(tx, envId, { ref: event.id, receivedAt: systemNow }))) return
    await deleteEventsBefore(tx, envId, new Date(systemNow.getTime() - KEPT_MS))
    await updateLastEvent(tx, envId, { at: systemNow, type: event.type })
    await follow(tx, envId, event, await environmentNow(tx, envId, systemNow))
  })
}

async function verifiedEvent(
  tx: Tx,
  envId: number,
  message: Message & { readonly deps: StripeDeps; readonly systemNow: Date },
): Promise<Stripe.Event> {
  const { deps, body, signature, systemNow } = message
  const connection = await selectConnection(tx, envId)
  if (!connection?.sealedWebhookSecret) throw failures.webhookRefused()
  const secret = deps.sealer.open(
    connection.sealedWebhookSecret,
    sealContext(envId, 'webhook secret'),
  )
  const event = constructed({ body, signature, secret, systemNow })
  if (event.account && event.account !== connection.accountId) throw failures.webhookRefused()
  const apiKey = deps.sealer.open(connection.sealedApiKey, sealContext(envId, 'api key'))
  const mode = modeOfKey(apiKey)
  if (mode === null || event.livemode !== (mode === 'live')) throw failures.webhookWrongMode(mode)
  return event
}

function constructed(from: {
  readonly body: Buffer
  readonly signature: string
  readonly secret: string
  readonly systemNow: Date
}): Stripe.Event {
  const { body, signature, secret, systemNow } = from
  const { webhooks } = Stripe
  try {
    const at = systemNow.getTime()
    return webhooks.constructEvent(body, signature, secret, TOLERANCE_S, undefined, at)
  } catch {
    throw failures.webhookRefused()
  }
}

/** Has whatever an event is about be looked at. Types that nobody waits for are taken and forgotten. */
async function follow(tx: Tx, envId: number, event: Stripe.Event, now: Date): Promise<void> {
  const { type, data } = event
  const about = data.object as Readonly<Partial<Record<'id' | 'metadata' | 'customer', unknown>>>
  const paymentId = (about.metadata as Record<string, unknown> | null | undefined)?.[PAYMENT_FIELD]
  if (/^(payment_intent|refund)\./.test(type) && typeof paymentId === 'string')
    await wakePayment(tx, envId, { provider: 'stripe', paymentId }, now)
  if (type.startsWith('refund.') && typeof paymentId === 'string')
    await scheduleMany(tx, envId, [{ kind: REFUND_KIND, ref: paymentId, at: now }])
  if (/^invoice\.(paid|voided)$/.test(type) && typeof about.customer === 'string')
    await scheduleMany(tx, envId, [{ kind: INVOICES_AT_KIND, ref: about.customer, at: now }])
  if (typeof about.id !== 'string') return
  if (type === 'checkout.session.completed')
    await scheduleMany(tx, envId, [{ kind: SETUP_KIND, ref: about.id, at: now }])
  if (type.startsWith('charge.dispute.'))
    await scheduleMany(tx, envId, [{ kind: DISPUTE_KIND, ref: about.id, at: now }])
}
