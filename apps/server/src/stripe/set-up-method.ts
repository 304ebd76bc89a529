import type Stripe from 'stripe'
import { getCustomer } from '../customers/declare-customer.ts'
import { attachOnce } from '../payments/payment-methods.ts'
import { finish } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import {
  type Account,
  accountOf,
  askedFor,
  boundAccount,
  noting,
  type StripeDeps,
} from './account.ts'
import { selectAccountForShare } from './connections.store.ts'
import { CUSTOMER_FIELD, customerAt, isGone } from './link-customer.ts'
import { methodLabel } from './method-label.ts'
import { isDefinite } from './stripe-api.ts'
import { selectCustomerRef } from './stripe-customers.store.ts'

export type Setup = { readonly url: string; readonly expiresAt: Date }

/**
 * Opens a page of Stripe on which a customer gives a means to pay, which is attached when the page tells of it.
 * Who was deleted at Stripe is made anew there. Throws `stripe.not_connected`, `customer.unknown`, `stripe.customer_gone` and
 * what Stripe throws.
 */
export async function openSetup(
  deps: StripeDeps,
  envId: number,
  wanted: {
    readonly customer: string
    readonly returnUrl: string
    /** Where it leads when they gave one; `returnUrl` if left out. */
    readonly doneUrl?: string
    readonly currency: string
  },
): Promise<Setup> {
  const { customer, returnUrl, doneUrl = returnUrl, currency } = wanted
  await deps.db.inTransaction((tx) => getCustomer(tx, envId, customer))
  const account = await boundAccount(deps, envId)
  return askedFor(deps, envId, async () => {
    const open = (customerRef: string) =>
      account.client.checkout.sessions.create({
        ...{ mode: 'setup', customer: customerRef, currency: currency.toLowerCase() },
        ...{ success_url: doneUrl, cancel_url: returnUrl },
        metadata: { [CUSTOMER_FIELD]: customer },
      })
    const customerRef = await customerAt(deps, envId, { account, customer })
    const session = await open(customerRef).catch(async (error: unknown) => {
      if (!isDefinite(error) || !(await isGone(account, customerRef))) throw error
      return open(await customerAt(deps, envId, { account, customer, gone: customerRef }))
    })
    return { url: session.url ?? returnUrl, expiresAt: new Date(session.expires_at * 1_000) }
  })
}

/** Attaches what a customer gave on such a page. Only what Stripe says of it now counts, not what an event said. */
export async function finishSetup(deps: StripeDeps, job: Job): Promise<void> {
  const { envId, ref, now } = job
  const account = await accountOf(deps, envId)
  const given = account && (await noting(deps, envId, () => givenOn(account, ref)))
  await deps.db.inTransaction(async (tx) => {
    if (account && given && (await isOurs())) {
      const { customer, method } = given
      const givenAt = new Date(method.created * 1_000)
      const named = { token: method.id, givenAt, ...methodLabel(method) }
      await attachOnce(tx, envId, { customer, provider: 'stripe', ...named, isDefault: true }, now)
    }
    await finish(tx, [job])

    async function isOurs(): Promise<boolean> {
      if (!account || !given) return false
      if ((await selectAccountForShare(tx, envId)) !== account.id) return false // it was left meanwhile
      const named = { accountId: account.id, customer: given.customer }
      return (await selectCustomerRef(tx, envId, named)) === given.customerRef
    }
  })
}

/** Null when the page was left, or was none of ours. */
async function givenOn({ client }: Account, sessionId: string) {
  const session = await client.checkout.sessions.retrieve(sessionId, {
    expand: ['setup_intent.payment_method'],
  })
  const { mode, status, metadata, customer: of, setup_intent: intent } = session
  if (mode !== 'setup' || status !== 'complete') return null
  const customer = metadata?.[CUSTOMER_FIELD]
  const customerRef = idOf(of)
  const method = typeof intent === 'string' ? null : intent?.payment_method
  if (!customer || !customerRef || !method || typeof method === 'string') return null
  return { customer, customerRef, method }
}

function idOf(named: string | Pick<Stripe.Customer, 'id'> | null): string | undefined {
  return typeof named === 'string' ? named : named?.id
}
