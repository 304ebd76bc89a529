import type { Decimal } from '@usageflow/pricing'

/** What was counted in an hour, in units of the meter. */
export type HourCount = { readonly hour: Date; readonly counted: Decimal }

/** By how much an hour differs from what was recorded of it, and what of that is to be sent. */
export type Delta = HourCount & { readonly value: bigint }

const SCALE = 10n ** 24n // of a quantity times a multiplier

/**
 * What is to be recorded, in the order of time, so that all hours are as they were counted. Stripe takes whole units:
 * a value is what brings the sum of all values to the whole part of all that was counted, so a remainder waits for the
 * usage that fills it up, in whatever hour that is, and less than one unit is ever missing. An hour that is not over
 * and comes to no whole unit is left for later.
 */
export function planUsage(
  counted: readonly HourCount[],
  before: {
    readonly hours: readonly HourCount[]
    /** Of all hours ever. */
    readonly sum: { readonly counted: Decimal; readonly value: bigint }
  },
  { multiplier, openHour }: { readonly multiplier: Decimal; readonly openHour: Date },
): Delta[] {
  const deltas: Delta[] = []
  let sum: bigint = before.sum.counted
  let sent = before.sum.value
  for (const { hour, counted: change } of changes(counted, before.hours)) {
    const value = ((sum + change) * multiplier) / SCALE - sent // division cuts towards zero
    if (value === 0n && hour.getTime() >= openHour.getTime()) continue
    deltas.push({ hour, counted: change, value })
    sum += change
    sent += value
  }
  return deltas
}

/** Hours that differ; one that was recorded and of which nothing is left was voided. */
function changes(now: readonly HourCount[], before: readonly HourCount[]): HourCount[] {
  const byHour = new Map<number, bigint>()
  for (const { hour, counted } of now) byHour.set(hour.getTime(), counted)
  for (const { hour, counted } of before)
    byHour.set(hour.getTime(), (byHour.get(hour.getTime()) ?? 0n) - counted)
  return [...byHour]
    .filter(([, change]) => change !== 0n)
    .sort(([a], [b]) => a - b)
    .map(([at, change]) => ({ hour: new Date(at), counted: change as Decimal }))
}
