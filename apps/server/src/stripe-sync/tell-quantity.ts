import { metersById } from '../catalog/find-meter.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { linkedCustomer } from '../stripe/link-customer.ts'
import type { Mirrored } from './plan-quantity.ts'
import { isUser, noteSetting, noteUnset, quantityIn } from './plan-quantity.ts'
import { selectOpenQuantity } from './quantities.store.ts'
import type { Outcome } from './send-usage.ts'
import { type Item, itemsOf, setQuantity } from './subscription-item.ts'
import { NO_ITEM, PERIOD_OVER, SEVERAL_ITEMS, type SyncRecord } from './sync-record.ts'
import { selectNext, updateState } from './sync-records.store.ts'
import type { SubscriptionTrigger } from './trigger.ts'
import {
  BACK_FILL_MS,
  DIGITS_MAX,
  GATHER_MS,
  holding,
  pauseMs,
  storeState,
  type Turn,
} from './turn.ts'

/** To see at Stripe how the item stands, and to set its quantity if that is another one. */
export type QuantityStep = Mirrored & {
  readonly kind: 'mirror'
  readonly trigger: SubscriptionTrigger
  readonly customerRef: string
  /** What was being set, and nobody knows what became of it. */
  readonly record: SyncRecord | null
}

/** Whether the quantity of the customer is to be looked at now; null: no, also for what came in the meantime. */
export async function nextQuantity(
  tx: Tx,
  turn: Turn,
  trigger: SubscriptionTrigger,
): Promise<QuantityStep | null> {
  const { job, account, resting } = turn
  const { envId, ref: customer } = job
  const meter = (await metersById(tx, envId, [trigger.meterId])).get(trigger.meterId)
  if (!meter) throw new Error(`the meter of trigger ${trigger.id} is missing`)
  const mirrored = { trigger, meter, customer }
  const found = await selectNext(tx, envId, { triggerId: trigger.id, customer })
  if (found?.state === 'sending')
    return { kind: 'mirror', ...mirrored, customerRef: found.customerRef ?? '', record: found }
  if (!trigger.isActive) return null
  if (!meter.isComplete) {
    resting.set(trigger.id, BACK_FILL_MS)
    return null
  }
  const customerRef = await linkedCustomer(tx, envId, { accountId: account.id, customer })
  if (customerRef === undefined) return unlinked(tx, turn, mirrored)
  if (await isDone(tx, turn, mirrored)) return null
  return { kind: 'mirror', ...mirrored, customerRef, record: null }
}

async function unlinked(tx: Tx, turn: Turn, mirrored: Mirrored): Promise<null> {
  const { envId } = turn.job
  const now = turn.deps.clock()
  const why = { state: 'waiting', reason: 'customer_not_linked', customerRef: null } as const
  if (await isUser(tx, envId, mirrored, now)) await noteUnset(tx, envId, mirrored, { ...why, now })
  return null
}

/** Of a quantity that was seen to in this turn: what was used since is gathered for a minute. */
async function isDone(tx: Tx, turn: Turn, mirrored: Mirrored): Promise<boolean> {
  const { job, deps, seen, wakes } = turn
  const done = seen.get(mirrored.trigger.id)
  if (!done) return false
  const now = deps.clock()
  const inMs = (ms: number) => new Date(job.now.getTime() + Math.max(ms, 1_000))
  const { value } = await quantityIn(tx, job.envId, mirrored, { item: done.item, now })
  if (value !== done.value) wakes.push(inMs(GATHER_MS))
  wakes.push(inMs(done.item.period.to.getTime() - now.getTime()))
  return true
}

/** Sees to the quantity. Throws what Stripe throws where nothing was set. */
export async function mirror(turn: Turn, step: QuantityStep): Promise<void> {
  const { trigger, customerRef } = step
  const items = await itemsOf(turn.account, { customerRef, priceRef: trigger.priceRef })
  const record = step.record
    ? await resumed(turn, { step, record: step.record, items })
    : await begun(turn, step, items)
  if (record === null) return
  const outcome = await setQuantity(turn.account, record, trigger.prorationBehavior)
  await conclude(turn, { trigger, record }, outcome)
}

/** What is to be set, committed; null: there is nothing to set. */
function begun(turn: Turn, step: QuantityStep, items: readonly Item[]): Promise<SyncRecord | null> {
  const [item] = items
  return holding(turn, (tx) =>
    item && items.length === 1
      ? planned(tx, turn, { step, item })
      : noteNoItem(tx, turn, { step, why: item ? SEVERAL : MISSING }),
  )
}

async function noteNoItem(
  tx: Tx,
  { job: { envId }, deps, resting }: Turn,
  { step, why }: { readonly step: QuantityStep; readonly why: typeof SEVERAL | typeof MISSING },
): Promise<null> {
  const now = deps.clock()
  resting.set(step.trigger.id, null)
  if (why === SEVERAL || (await isUser(tx, envId, step, now)))
    await noteUnset(tx, envId, step, { ...why, customerRef: step.customerRef, now })
  return null
}

async function planned(
  tx: Tx,
  { job: { envId }, deps, seen }: Turn,
  { step, item }: { readonly step: QuantityStep; readonly item: Item },
): Promise<SyncRecord | null> {
  const { trigger, customer, customerRef } = step
  const now = deps.clock()
  const { counted, value } = await quantityIn(tx, envId, step, { item, now })
  seen.set(trigger.id, { item, value })
  if (String(value).length > DIGITS_MAX) {
    const why = { state: 'refused', reason: 'too_many_digits' } as const
    await noteUnset(tx, envId, step, { ...why, customerRef, now })
    return null
  }
  const isSo = item.quantity === value
  const open = await selectOpenQuantity(tx, envId, { triggerId: trigger.id, customer })
  if (isSo && !open) return null
  const setting = { counted, value, customerRef, item, now }
  const sending = await noteSetting(tx, envId, step, setting)
  if (!isSo) return sending
  await updateState(tx, envId, { ...sending, state: 'sent', sentAt: now })
  return null
}

const MISSING = { state: 'waiting', reason: NO_ITEM } as const
const SEVERAL = { state: 'refused', reason: SEVERAL_ITEMS } as const

/** The same of what may have been set: it is not set once its period is over, nor if it stands there already. */
async function resumed(
  turn: Turn,
  about: {
    readonly step: QuantityStep
    readonly record: SyncRecord
    readonly items: readonly Item[]
  },
): Promise<SyncRecord | null> {
  const { record } = about
  const item = about.items.find(({ ref }) => ref === record.itemRef)
  const sentAt = turn.deps.clock()
  if (!item) {
    const gone = { state: 'refused', reason: NO_ITEM, sentFirstAt: null } as const
    await storeState(turn, { ...record, ...gone, reasonText: null })
    return null
  }
  const isOver = item.period.from.getTime() !== record.at.getTime()
  if (!isOver && item.quantity !== record.value) {
    const again = { ...record, attempts: record.attempts + 1 }
    await storeState(turn, again)
    return again
  }
  const known = isOver
    ? ({ state: 'refused', reason: PERIOD_OVER } as const)
    : ({ state: 'sent', reason: null, sentAt } as const)
  await storeState(turn, { ...record, ...known, reasonText: null })
  return null
}

type Setting = { readonly trigger: SubscriptionTrigger; readonly record: SyncRecord }

/** A quantity that was refused is not there, whatever came of earlier calls: what is tried next is another record's. */
export async function conclude(
  turn: Turn,
  { trigger, record }: Setting,
  outcome: Outcome,
): Promise<void> {
  if (outcome.status === 'unknown') {
    turn.resting.set(trigger.id, pauseMs(record.attempts))
    return storeState(turn, { ...record, reason: outcome.reason })
  }
  if (outcome.status === 'sent') {
    const sentAt = turn.deps.clock()
    return storeState(turn, { ...record, state: 'sent', reason: null, reasonText: null, sentAt })
  }
  turn.resting.set(trigger.id, null)
  const { reason, text: reasonText } = outcome
  await storeState(turn, { ...record, state: 'refused', reason, reasonText, sentFirstAt: null })
}

/** Why Stripe could not be asked, with what is to be set, or may have been. */
export function noteUnmirrored(turn: Turn, step: QuantityStep, reason: string): Promise<void> {
  return holding(turn, async (tx) => {
    const { envId } = turn.job
    const { record, trigger, customer, customerRef } = step
    const held = await selectNext(tx, envId, { triggerId: trigger.id, customer })
    const sending = held?.state === 'sending' ? held : record
    if (sending) return updateState(tx, envId, { ...sending, reason })
    const why = { state: 'waiting', reason, customerRef, now: turn.deps.clock() } as const
    await noteUnset(tx, envId, step, why)
  })
}
