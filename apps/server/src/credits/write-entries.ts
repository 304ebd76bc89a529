import { type Decimal, formatDecimal, sum, ZERO } from '@usageflow/pricing'
import type { Tx } from '../platform/db/transaction.ts'
import { appendFacts, type Fact } from '../platform/facts/append-fact.ts'
import type { CreditGrant, Entry } from './credit.ts'
import { isValidAt, poolOf } from './credit.ts'
import { amountReply, assetReply } from './credit-reply.ts'
import { insertEntries } from './entries.store.ts'
import { selectGrantsOf } from './grants.store.ts'
import { insertNotices } from './notices.store.ts'
import { tellWatchers } from './watch-balances.ts'

/** One entry of a grant, and what was left before it. */
type Change = { readonly grant: CreditGrant; readonly entry: Omit<Entry, 'grantId'> }

/**
 * Takes from grants or gives back, one entry each, and tells who runs low or has run out, unless that was
 * told when the usage was counted. The balances are locked by the caller, and each `left` was read behind the lock.
 */
export async function changeGrants(
  tx: Tx,
  envId: number,
  changes: readonly Change[],
  now: Date,
): Promise<void> {
  const real = changes.filter(({ entry }) => entry.amount !== ZERO)
  if (real.length === 0) return
  const entries = real.map(({ grant, entry }) => ({ ...entry, grantId: grant.id }))
  await insertEntries(tx, envId, entries, now)
  const low = real.filter(isLowNow).map(({ grant, entry }) => after(grant, entry))
  const told = [
    ...low.map((grant) => ({ kind: 'low' as const, subject: grant.id, grant })),
    ...(await exhausted(tx, envId, real, now)),
  ]
  const notices = told.map(({ kind, subject, grant: { customer } }) => ({
    customer,
    kind,
    subject,
  }))
  const untold = await insertNotices(tx, envId, notices, now)
  const facts = told.filter(({ subject }) => untold.has(subject))
  await appendFacts(
    tx,
    envId,
    facts.map(({ kind, grant }) => factOf(`credits.${kind}`, grant, now)),
  )
  const customers = real.map(({ grant }) => grant.customer)
  await tellWatchers(tx, envId, customers, now)
}

function after(grant: CreditGrant, { amount }: { readonly amount: Decimal }): CreditGrant {
  return { ...grant, left: sum([grant.left, amount]) }
}

function isLowNow({ grant, entry }: Change): boolean {
  if (grant.lowAt === null || !isUse(entry)) return false
  return grant.left > grant.lowAt && after(grant, entry).left <= grant.lowAt
}

/** What was taken because it was used: what lapsed or was declared void is told in other words. */
function isUse({ kind }: Pick<Entry, 'kind'>): boolean {
  return kind === 'use' || kind === 'hold_commit'
}

/** Of each pool that somebody used the last of: the grant that was used last. */
async function exhausted(
  tx: Tx,
  envId: number,
  changes: readonly Change[],
  now: Date,
): Promise<{ kind: 'exhausted'; subject: string; grant: CreditGrant }[]> {
  const emptied = changes.filter(
    ({ grant, entry }) => isUse(entry) && after(grant, entry).left === ZERO,
  )
  if (emptied.length === 0) return []
  const last = new Map(emptied.map(({ grant, entry }) => [poolOf(grant), after(grant, entry)]))
  const customers = [...new Set(emptied.map(({ grant }) => grant.customer))]
  const moment = { from: now, to: new Date(now.getTime() + 1) }
  const valid = await selectGrantsOf(tx, envId, { customers, ...moment })
  const filled = new Set(
    valid.filter((grant) => isValidAt(grant, now) && grant.left > ZERO).map(poolOf),
  )
  return [...last]
    .filter(([pool]) => !filled.has(pool))
    .map(([subject, grant]) => ({ kind: 'exhausted', subject, grant }))
}

/** What webhooks are told about a grant. */
export function factOf(type: string, grant: CreditGrant, at: Date): Omit<Fact, 'id'> {
  const data = {
    creditId: grant.id,
    customerId: grant.customer,
    ...assetReply(grant.asset),
    granted: amountReply(grant.asset, grant.amount),
    left: amountReply(grant.asset, grant.left),
    lowAt: grant.lowAt === null ? null : formatDecimal(grant.lowAt),
    validTo: grant.to?.toISOString() ?? null,
  }
  return { type, at, data }
}
