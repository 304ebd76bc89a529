import { sql } from 'kysely'
import { type FakeStripe, startFakeStripe } from '../../test/stripe/fake-stripe.ts'
import { attachOnce } from '../payments/payment-methods.ts'
import { livePayments, START, settleDeps } from '../payments/test-payments.ts'
import { systemClock } from '../platform/clock.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { claimDue } from '../platform/due/due.store.ts'
import { createSealer } from '../platform/secrets/seal.ts'
import { boundAccount, type StripeDeps } from './account.ts'
import { connect, proveKey } from './connect.ts'
import { customerAt } from './link-customer.ts'
import { stripeLane } from './stripe.jobs.ts'
import { createStripeApi } from './stripe-api.ts'
import { createStripeProvider } from './stripe-provider.ts'

export const RETURN_URL = 'https://usageflow.example'

/** An environment that is bound to an account of a Stripe on this machine. */
export type Bound = { readonly env: number; readonly stripe: FakeStripe; readonly deps: StripeDeps }

export async function bindToFake(env: number, given?: FakeStripe): Promise<Bound> {
  const stripe = given ?? (await startFakeStripe())
  const deps = await stripeDeps(stripe.url)
  const { apiKey, webhookSecret } = stripe
  const key = await proveKey(deps.api, { apiKey, mode: 'test' })
  const { sealer } = deps
  await inOwnTransaction((tx) => connect(tx, env, { key, webhookSecret }, { sealer, now: START }))
  return { env, stripe, deps }
}

export async function stripeDeps(url: string): Promise<StripeDeps> {
  const { database: db } = await testDatabase()
  const sealer = createSealer(Buffer.alloc(32, 7))
  return { db, sealer, api: createStripeApi(url), clock: systemClock }
}

/** Has the customer pay with a card that behaves so, from now on; returns what Stripe calls the card. */
export async function giveCard(
  { env, stripe, deps }: Bound,
  customer: string,
  behaviour: string,
): Promise<string> {
  const account = await boundAccount(deps, env)
  const token = stripe.books.addCard(await customerAt(deps, env, { account, customer }), behaviour)
  const card = { customer, provider: 'stripe', token, isDefault: true } as const
  await inOwnTransaction((tx) => attachOnce(tx, env, card, START))
  return token
}

export function providerOf({ deps }: Bound) {
  return createStripeProvider({ ...deps, returnUrl: () => RETURN_URL })
}

/** Does all work of payments that falls due until `to`. */
export async function collect(bound: Bound, to: Date): Promise<void> {
  const { providers } = await settleDeps()
  const stripe = providerOf(bound)
  await livePayments(bound.env, to, { providers: { ...providers, stripe } })
}

/** Does what is due of the work of this folder. */
export async function fetchWhatIsDue({ deps }: Bound, now: Date): Promise<number> {
  const { handlers } = stripeLane(deps)
  const kinds = handlers.map(({ kind }) => kind)
  const jobs = await inOwnTransaction((tx) =>
    claimDue(tx, { kinds, limit: 100, leaseMs: 60_000, systemNow: now }),
  )
  for (const job of jobs) await handlers.find(({ kind }) => kind === job.kind)?.run([job])
  return jobs.length
}

/** Lets what was put off because nobody answered be tried at once. */
export async function forgetPauses(env: number): Promise<void> {
  await inOwnTransaction((tx) =>
    sql`update due set lease_until = null where env_id = ${env}`.execute(tx),
  )
}
