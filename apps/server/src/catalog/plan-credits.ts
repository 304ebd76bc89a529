import {
  type Decimal,
  decimal,
  formatDecimal,
  isCurrency,
  majorText,
  minorFromDecimal,
  ZERO,
} from '@usageflow/pricing'
import { z } from 'zod'
import { decimalField, textField } from '../platform/http/fields.ts'

const PRIORITY_MAX = 1_000
const PERIODS_MAX = 120
const CREDITS_MAX = 20

/** Those of a plan version that are granted anew for each period. */
export const planCreditsField = z
  .array(
    z.strictObject({
      meter: textField(100).optional().meta({ description: 'Id or key: a credit of units' }),
      units: decimalField.optional(),
      amount: decimalField
        .optional()
        .meta({ description: 'A credit of money, in the major unit of the plan’s currency' }),
      priority: z.number().int().min(0).max(PRIORITY_MAX).default(100),
      isPromotional: z.boolean().default(true),
      rollover: z
        .strictObject({
          cap: decimalField
            .nullable()
            .default(null)
            .meta({ description: 'At most this goes over, units or money; null: all of it' }),
          periods: z.number().int().min(1).max(PERIODS_MAX).default(1),
        })
        .nullable()
        .default(null)
        .meta({ description: 'How what is left goes over into the next period; null: it lapses' }),
    }),
  )
  .max(CREDITS_MAX)
  .default([])

/** The same, as a plan is answered with it. */
export const planCreditReply = z.object({
  meter: z.string().optional().meta({ description: 'Id of the meter' }),
  units: z.string().optional(),
  amount: z.string().optional(),
  priority: z.number(),
  isPromotional: z.boolean(),
  rollover: z.object({ cap: z.string().nullable(), periods: z.number() }).nullable(),
})

export type PlanCreditInput = z.output<typeof planCreditsField>[number]

/** A credit of a plan version, checked. */
export type PlanCredit = {
  readonly priority: number
  readonly isPromotional: boolean
  readonly rollover: PlanRollover | null
} & (
  | { readonly meterId: string; readonly units: Decimal }
  | { readonly currency: string; readonly amountMinor: bigint }
)

export type PlanRollover = {
  /** Units, or money in the major unit; null: all that is left. */
  readonly cap: Decimal | null
  /** How many times it may go over. */
  readonly periods: number
}

/**
 * Reads a credit as it was asked for, or as `planCreditToJson` wrote it. `meterId` is what its `meter` names,
 * a meter that counts or sums; `currency` that of the plan. Throws RangeError that says what is wrong.
 */
export function parsePlanCredit(
  input: PlanCreditInput,
  { meterId, currency }: { readonly meterId: string | null; readonly currency: string },
): PlanCredit {
  const { meter, units, amount, priority, isPromotional } = input
  const terms = { priority, isPromotional, rollover: rolloverOf(input.rollover) }
  if (meter !== undefined && meterId !== null && units !== undefined && amount === undefined)
    return { ...terms, meterId, units: aboveZero(units, 'units') }
  if (meter === undefined && units === undefined && amount !== undefined) {
    if (!isCurrency(currency)) throw new RangeError(`"${currency}" is no currency`)
    if (terms.rollover?.cap) minorFromDecimal(terms.rollover.cap, currency) // refuses too many digits
    const amountMinor = minorFromDecimal(aboveZero(amount, 'amount'), currency)
    return { ...terms, currency, amountMinor }
  }
  throw new RangeError('a credit has `meter` and `units`, or `amount`')
}

/** As `parsePlanCredit` reads it back, the meter by its id. */
export function planCreditToJson(credit: PlanCredit): PlanCreditInput {
  const { priority, isPromotional, rollover } = credit
  const cap = rollover?.cap ?? null
  const terms = {
    priority,
    isPromotional,
    rollover: rollover && {
      cap: cap === null ? null : formatDecimal(cap),
      periods: rollover.periods,
    },
  }
  if ('meterId' in credit)
    return { ...terms, meter: credit.meterId, units: formatDecimal(credit.units) }
  return { ...terms, amount: majorText(credit.amountMinor, credit.currency) }
}

function rolloverOf(input: PlanCreditInput['rollover']): PlanRollover | null {
  if (input === null) return null
  return { cap: input.cap === null ? null : aboveZero(input.cap, 'cap'), periods: input.periods }
}

function aboveZero(text: string, name: string): Decimal {
  const value = decimal(text)
  if (value === ZERO) throw new RangeError(`${name} must be above 0`)
  return value
}
