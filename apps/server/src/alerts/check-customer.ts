import { formatDecimal } from '@usageflow/pricing'
import { lockCredits } from '../credits/settle-use.ts'
import { tellLevels } from '../credits/tell-levels.ts'
import { unsettledUse } from '../invoicing/unsettled-use.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { finish } from '../platform/due/finish.ts'
import type { Job } from '../platform/due/job.ts'
import { appendFacts } from '../platform/facts/append-fact.ts'
import { type Alert, type AlertState, judged, type Level } from './alert.ts'
import { deleteStates, insertStates } from './alert-states.store.ts'
import { selectAlertsAbout } from './alerts.store.ts'
import { levelsOf } from './levels.ts'

/**
 * Tells what of a customer is to be told, once: thresholds of alerts and credits that are low or used up.
 * Whoever changes its credits, or counts usage, from now on waits and then has it looked at again.
 */
export async function checkCustomer(tx: Tx, job: Job): Promise<void> {
  const { envId, ref: customer, now } = job
  await lockCredits(tx, envId, [customer]) // before the row of the work: so do those who change credits
  await finish(tx, [job])
  await tellLevels(tx, envId, { customer, unsettledUse }, now)
  const alerts = await selectAlertsAbout(tx, envId, customer)
  const levels = await levelsOf(tx, envId, { customer, alerts }, now)
  for (const level of levels) await arm(tx, envId, customer, level)
  const states = levels.flatMap((level) =>
    judged(level).reached.map((threshold) => stateOf(level, { customer, threshold, now })),
  )
  const untold = await insertStates(tx, envId, states)
  const byId = new Map(alerts.map((alert) => [alert.id, alert]))
  const facts = [...untold].flatMap((state) => {
    const alert = byId.get(state.alertId)
    return alert
      ? [{ type: `${alert.kind}.threshold_reached`, at: now, data: told(alert, state) }]
      : []
  })
  await appendFacts(tx, envId, facts)
}

/** A balance that is above a threshold again will be told anew; usage has its windows for that. */
async function arm(tx: Tx, envId: number, customer: string, level: Level): Promise<void> {
  const { alert, subject } = level
  if (alert.kind !== 'balance') return
  const { others: thresholds } = judged(level)
  await deleteStates(tx, envId, { alertId: alert.id, customer, subject, thresholds })
}

function stateOf(
  { alert, subject, windowStart, value }: Level,
  at: { readonly customer: string; readonly threshold: string; readonly now: Date },
): AlertState {
  const { customer, threshold, now: reachedAt } = at
  return { alertId: alert.id, customer, subject, windowStart, threshold, value, reachedAt }
}

/** What webhooks are told. */
function told(alert: Alert, { customer, subject, windowStart, threshold, value }: AlertState) {
  const isBalance = alert.kind === 'balance'
  return {
    alertId: alert.id,
    name: alert.name,
    customerId: customer,
    subscriptionId: subject === '' ? null : subject,
    meterId: alert.meterId,
    currency: alert.currency,
    window: alert.span,
    windowStart: isBalance ? null : windowStart.toISOString(),
    threshold,
    value: formatDecimal(value),
  }
}
