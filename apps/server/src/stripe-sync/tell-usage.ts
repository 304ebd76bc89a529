import { metersById } from '../catalog/find-meter.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { defer, finish, holdClaim, postpone } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import { accountOf, noting } from '../stripe/account.ts'
import { customerAt, linkedCustomer } from '../stripe/link-customer.ts'
import { isDefinite, isRefusal } from '../stripe/stripe-api.ts'
import { billWaiting } from './look-at-invoices.ts'
import { planRecords } from './plan-records.ts'
import { askOfHour, type Outcome, sendUsage } from './send-usage.ts'
import { type SyncRecord, UNCLEAR } from './sync-record.ts'
import { selectNext, selectSentOfHour, updateState, updateWaiting } from './sync-records.store.ts'
import { mirror, nextQuantity, noteUnmirrored, type QuantityStep } from './tell-quantity.ts'
import { SENDABLE_MS, type Trigger, type UsageTrigger } from './trigger.ts'
import { selectTriggersAtWork } from './triggers.store.ts'
import {
  ASK_AGAIN_MS_MAX,
  BACK_FILL_MS,
  DIGITS_MAX,
  holding,
  KNOWN_MS,
  pauseMs,
  storeState,
  type TellDeps,
  TURN_MS,
  type Turn,
} from './turn.ts'

type Step =
  | { readonly kind: 'send' | 'ask'; readonly trigger: UsageTrigger; readonly record: SyncRecord }
  | { readonly kind: 'make_customer'; readonly trigger: UsageTrigger }
  | QuantityStep

/**
 * Tells Stripe what a customer used: by one trigger after the other, one call at a time, as Stripe wants it of each customer
 * and meter. Before every call it is committed what is sent, and under which identifier; the call is made in no transaction; then
 * what came of it is committed. A crash anywhere between leaves a record that may have come: it is sent again under the same
 * identifier, which Stripe counts once, or looked up when Stripe may have forgotten that.
 */
export async function tellUsage(job: Job, deps: TellDeps): Promise<void> {
  await deps.db.inTransaction((tx) => billWaiting(tx, job.envId, job.ref, job.now))
  const account = await accountOf(deps, job.envId)
  if (!account) return deps.db.inTransaction((tx) => finish(tx, [job])) // until one is connected
  const endsMs = deps.stopwatch() + TURN_MS
  const turn: Turn = { job, deps, account, endsMs, resting: new Map(), seen: new Map(), wakes: [] }
  const next = () =>
    deps.db.inTransaction(async (tx) => {
      await holdClaim(tx, job)
      const step = deps.stopwatch() < endsMs ? await nextStep(tx, turn) : null
      if (step === null) await giveBack(tx, turn)
      return step
    })
  for (let step = await next(); step !== null; step = await next()) await take(step, turn)
}

async function giveBack(tx: Tx, { job, deps, endsMs, resting, wakes }: Turn): Promise<void> {
  if (deps.stopwatch() >= endsMs) return defer(tx, [job], 0)
  const waits = [...resting.values()].filter((ms) => ms !== null)
  if (waits.length > 0) return defer(tx, [job], Math.min(...waits))
  const [wake] = wakes.toSorted((a, b) => a.getTime() - b.getTime())
  return wake ? postpone(tx, job, wake) : finish(tx, [job])
}

/** What to do next, by the first trigger that has something; null: nothing now, also of what came in the meantime. */
async function nextStep(tx: Tx, turn: Turn): Promise<Step | null> {
  const { job, account, resting } = turn
  const { envId, ref: customer } = job
  const asked = { accountId: account.id, customer }
  for (const trigger of await selectTriggersAtWork(tx, envId, asked)) {
    if (resting.has(trigger.id)) continue
    const isUsage = trigger.type === 'stripe_usage'
    const step = await (isUsage ? nextOf(tx, turn, trigger) : nextQuantity(tx, turn, trigger))
    if (step !== null) return step
  }
  return null
}

async function nextOf(tx: Tx, turn: Turn, trigger: UsageTrigger): Promise<Step | null> {
  const { job, account, resting } = turn
  const { envId, ref: customer } = job
  const told = { triggerId: trigger.id, customer }
  const found = await selectNext(tx, envId, told)
  if (found?.state === 'sending') return repeated(tx, turn, { trigger, record: found })
  if (!trigger.isActive) return null
  const customerRef = await linkedCustomer(tx, envId, { accountId: account.id, customer })
  if (found && customerRef !== undefined)
    return firstTime(tx, turn, { trigger, record: { ...found, customerRef } })
  await plan(tx, turn, trigger)
  const record = await selectNext(tx, envId, told)
  if (!record) return null
  if (customerRef !== undefined)
    return firstTime(tx, turn, { trigger, record: { ...record, customerRef } })
  if (trigger.makesCustomers) return { kind: 'make_customer', trigger }
  await updateWaiting(tx, envId, told, 'customer_not_linked')
  resting.set(trigger.id, null)
  return null
}

async function plan(tx: Tx, { job, deps, resting }: Turn, trigger: UsageTrigger): Promise<void> {
  const { envId, ref: customer } = job
  const meter = (await metersById(tx, envId, [trigger.meterId])).get(trigger.meterId)
  if (!meter) throw new Error(`the meter of trigger ${trigger.id} is missing`)
  if (!meter.isComplete) return void resting.set(trigger.id, BACK_FILL_MS)
  await planRecords(tx, envId, { trigger, meter, customer }, deps.clock())
}

type Sending = { readonly trigger: UsageTrigger; readonly record: SyncRecord }

/** Notes that Stripe is about to be called, or why it never will be. */
async function firstTime(tx: Tx, turn: Turn, { trigger, record }: Sending): Promise<Step | null> {
  const { job, deps } = turn
  const systemNow = deps.clock()
  const reason = impossible(record, systemNow)
  if (reason !== null) {
    await updateState(tx, job.envId, { ...record, state: 'refused', reason, reasonText: null })
    return nextOf(tx, turn, trigger)
  }
  const sending = {
    ...record,
    ...({ state: 'sending', reason: null, reasonText: null } as const),
    ...{ attempts: record.attempts + 1, sentFirstAt: record.sentFirstAt ?? systemNow },
  }
  await updateState(tx, job.envId, sending)
  return { kind: 'send', trigger, record: sending }
}

function impossible({ value, at }: SyncRecord, systemNow: Date): string | null {
  if (String(value).replace('-', '').length > DIGITS_MAX) return 'too_many_digits'
  return isTooOld(at, systemNow) ? 'too_old' : null
}

const isTooOld = (at: Date, systemNow: Date) => systemNow.getTime() - at.getTime() > SENDABLE_MS

/** Of a call whose outcome nobody knows: sent again as long as Stripe knows the identifier, else looked up. */
async function repeated(
  tx: Tx,
  { job, deps }: Turn,
  { trigger, record }: Sending,
): Promise<Step | null> {
  const systemNow = deps.clock()
  const sentFirstAt = record.sentFirstAt ?? systemNow
  const isForgotten = systemNow.getTime() - sentFirstAt.getTime() >= KNOWN_MS
  if (isForgotten || isTooOld(record.at, systemNow)) return { kind: 'ask', trigger, record }
  const sending = { ...record, sentFirstAt, attempts: record.attempts + 1 }
  await updateState(tx, job.envId, sending)
  return { kind: 'send', trigger, record: sending }
}

async function take(step: Step, turn: Turn): Promise<void> {
  const { job, deps, account, resting } = turn
  const { trigger } = step
  try {
    await noting(deps, job.envId, async () => {
      if (step.kind === 'make_customer') await makeCustomer(turn)
      else if (step.kind === 'mirror') await mirror(turn, step)
      else if (step.kind === 'ask') await lookUp(turn, step)
      else
        await conclude(turn, step, await sendUsage(account, step.trigger.stripeMeter, step.record))
    })
  } catch (error) {
    if (!isRefusal(error) && step.kind === 'send') throw error
    deps.log.warn({ err: error, envId: job.envId, trigger: trigger.id }, 'Stripe was not told')
    const reason = reasonOf(error)
    if (step.kind === 'make_customer') await noteWaiting(turn, trigger, reason)
    else if (step.kind === 'mirror') await noteUnmirrored(turn, step, reason)
    else await conclude(turn, step, { status: 'unknown', reason })
    resting.set(trigger.id, ASK_AGAIN_MS_MAX)
  }
}

function reasonOf(error: unknown): string {
  if (isRefusal(error)) return 'key_refused'
  return isDefinite(error) ? (error.code ?? 'invalid_request') : 'no_answer'
}

async function makeCustomer({ job, deps, account }: Turn): Promise<void> {
  await customerAt(deps, job.envId, { account, customer: job.ref })
}

function noteWaiting(turn: Turn, { id }: Trigger, reason: string): Promise<void> {
  const { envId, ref: customer } = turn.job
  return holding(turn, (tx) => updateWaiting(tx, envId, { triggerId: id, customer }, reason))
}

/** Has the sum of the hour tell what became of a call a day ago. */
async function lookUp(turn: Turn, { trigger, record }: Sending): Promise<void> {
  const { job, deps, account } = turn
  const before = await deps.db.inTransaction((tx) => selectSentOfHour(tx, job.envId, record))
  const found = await askOfHour(account, trigger.stripeMeter, record, before)
  const systemNow = deps.clock()
  if (found === 'came') return conclude(turn, { trigger, record }, { status: 'sent' })
  if (found === 'unclear' || isTooOld(record.at, systemNow)) {
    const reason = found === 'unclear' ? UNCLEAR : 'too_old'
    return conclude(turn, { trigger, record }, { status: 'refused', reason, text: null })
  }
  await storeState(turn, { ...record, sentFirstAt: systemNow }) // it never came: Stripe does not know the identifier
}

async function conclude(turn: Turn, { trigger, record }: Sending, outcome: Outcome): Promise<void> {
  if (outcome.status === 'unknown') {
    turn.resting.set(trigger.id, pauseMs(record.attempts))
    return storeState(turn, { ...record, reason: outcome.reason })
  }
  if (outcome.status === 'sent') {
    const sentAt = turn.deps.clock()
    return storeState(turn, { ...record, state: 'sent', reason: null, reasonText: null, sentAt })
  }
  const { reason, text: reasonText } = outcome
  const isUnseen = record.attempts <= 1 // of several calls an earlier one may have come
  const sentFirstAt = isUnseen ? null : record.sentFirstAt
  await storeState(turn, { ...record, state: 'refused', reason, reasonText, sentFirstAt })
}
