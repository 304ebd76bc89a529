import { leftCustomers, restoreLeft } from '../payments/left-methods.ts'
import { defer, finish } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import { type Account, accountOf, noting, type StripeDeps } from './account.ts'
import { selectAccountForShare } from './connections.store.ts'
import { isMissing } from './stripe-api.ts'
import { selectCustomerRef } from './stripe-customers.store.ts'

const CUSTOMERS_AT_ONCE = 4 // their calls are over before the lease of the work is
const PAGE = 100

/**
 * Gives customers back what they could pay with when this account was left, if Stripe still has it with them. Done in
 * pieces: each remains, whatever becomes of the next.
 */
export async function restoreMethods(deps: StripeDeps, job: Job): Promise<void> {
  const { envId, ref } = job
  const { db } = deps
  const account = await accountOf(deps, envId)
  const left = { provider: 'stripe', account: ref } as const
  const customers =
    account?.id === ref
      ? await db.inTransaction((tx) => leftCustomers(tx, envId, left, CUSTOMERS_AT_ONCE))
      : []
  for (const customer of customers) {
    const tokens = account ? await tokensOf(deps, envId, { account, customer }) : []
    await db.inTransaction(async (tx) => {
      if ((await selectAccountForShare(tx, envId)) === ref)
        await restoreLeft(tx, envId, { ...left, customer, tokens: new Set(tokens) })
    })
  }
  const isAll = customers.length < CUSTOMERS_AT_ONCE
  await db.inTransaction((tx) => (isAll ? finish(tx, [job]) : defer(tx, [job], 0)))
}

/** What is attached at Stripe to whom the account knows a customer as. */
async function tokensOf(
  deps: StripeDeps,
  envId: number,
  { account, customer }: { readonly account: Account; readonly customer: string },
): Promise<string[]> {
  const named = { accountId: account.id, customer }
  const customerRef = await deps.db.inTransaction((tx) => selectCustomerRef(tx, envId, named))
  if (customerRef === undefined) return []
  const { paymentMethods } = account.client
  return noting(deps, envId, async () => {
    const tokens: string[] = []
    try {
      for await (const { id } of paymentMethods.list({ customer: customerRef, limit: PAGE }))
        tokens.push(id)
    } catch (error) {
      if (!isMissing(error)) throw error // a customer who was deleted there has nothing to pay with
    }
    return tokens
  })
}
