import { decimal, formatDecimal, formatMinor, wholeDecimal } from '@usageflow/pricing'
import { z } from 'zod'
import { findMeter } from '../catalog/find-meter.ts'
import { failures as meterFailures } from '../catalog/meter-failures.ts'
import { getCustomer } from '../customers/declare-customer.ts'
import { failures as customerFailures } from '../customers/failures.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { customerIdField, decimalField, instantText, textField } from '../platform/http/fields.ts'
import { type Route, route } from '../platform/http/route.ts'
import type { AutoTopUp } from './auto-top-up.ts'
import { selectAutoTopUps } from './auto-top-ups.store.ts'
import { failures } from './failures.ts'
import { removeAutoTopUp, setAutoTopUp } from './set-auto-top-up.ts'

const tag = 'Credits'
const ofCustomer = z.object({ customerId: customerIdField })
const minorField = z.string().regex(/^[1-9]\d{0,17}$/, 'send a whole number above 0 as a string')

const autoTopUpReply = z
  .object({
    id: z.string(),
    customerId: z.string(),
    meterId: z.string().nullable().meta({ description: 'Null: money' }),
    currency: z.string(),
    below: z.string().meta({ description: 'Units, or minor units of money, like `amount`' }),
    amount: z.string(),
    priceMinor: z.string(),
    price: z.string(),
    pausedUntil: instantText.nullable().meta({ description: 'After one that failed' }),
    createdAt: instantText,
  })
  .meta({ id: 'AutoTopUp' })

const body = z.strictObject({
  meter: textField(100).optional().meta({ description: 'Id or key: `units` of it are bought' }),
  units: decimalField.optional(),
  amountMinor: minorField.optional().meta({ description: 'Money that is bought' }),
  currency: z.string().length(3).meta({ description: 'ISO 4217', example: 'USD' }),
  below: decimalField.meta({
    description: 'More is bought when less than this is free: units, or minor units of money',
  }),
  priceMinor: minorField.optional().meta({
    description: 'Before taxes; of money as much as is bought unless given',
  }),
})

/** Credits that customers buy by themselves. */
export function autoTopUpsRoutes(): Route[] {
  return [setRoute(), listRoute(), removeRoute()]
}

function setRoute(): Route {
  return route({
    method: 'PUT',
    path: '/api/v1/customers/:customerId/auto-top-up',
    tag,
    summary: 'Have credits be bought when few are left',
    description:
      'One for each meter, and one for the money of each currency; it takes the place of the one before. Each purchase is a one-off invoice, charged to the default payment method; the credits are granted when it is paid.',
    scope: 'billing:write',
    params: ofCustomer,
    body,
    replies: { 200: autoTopUpReply },
    failures: [customerFailures.unknown, meterFailures.unknown, failures.autoTopUpImpossible],
    async handle({ tx, caller, params: { customerId: customer }, body, now }) {
      await getCustomer(tx, caller.envId, customer)
      const wanted = { customer, ...(await termsOf(tx, caller.envId, body)) }
      return { status: 200, body: toReply(await setAutoTopUp(tx, caller.envId, wanted, now)) }
    },
  })
}

async function termsOf(tx: Tx, envId: number, wanted: z.output<typeof body>) {
  const { meter, units, amountMinor, currency, priceMinor } = wanted
  const below = decimal(wanted.below)
  if (meter !== undefined && units !== undefined && !amountMinor && priceMinor) {
    const { id: meterId } = await findMeter(tx, envId, meter)
    return { meterId, currency, below, amount: decimal(units), priceMinor: BigInt(priceMinor) }
  }
  if (meter !== undefined || units !== undefined || !amountMinor)
    throw failures.autoTopUpImpossible('send `meter`, `units` and `priceMinor`, or `amountMinor`')
  const amount = wholeDecimal(BigInt(amountMinor))
  return { meterId: null, currency, below, amount, priceMinor: BigInt(priceMinor ?? amountMinor) }
}

function listRoute(): Route {
  return route({
    method: 'GET',
    path: '/api/v1/customers/:customerId/auto-top-ups',
    tag,
    summary: 'List which credits of a customer are bought when few are left',
    scope: 'billing:read',
    params: ofCustomer,
    replies: { 200: z.object({ data: z.array(autoTopUpReply) }) },
    failures: [customerFailures.unknown],
    async handle({ tx, caller, params: { customerId } }) {
      await getCustomer(tx, caller.envId, customerId)
      const all = await selectAutoTopUps(tx, caller.envId, customerId)
      return { status: 200, body: { data: all.map(toReply) } }
    },
  })
}

function removeRoute(): Route {
  return route({
    method: 'DELETE',
    path: '/api/v1/auto-top-ups/:autoTopUpId',
    tag,
    summary: 'Have no more credits be bought',
    description: 'A purchase under way is granted once it is paid.',
    scope: 'billing:write',
    params: z.object({ autoTopUpId: textField(100) }),
    replies: { 200: z.object({ id: z.string(), isRemoved: z.literal(true) }) },
    failures: [failures.autoTopUpUnknown],
    async handle({ tx, caller, params: { autoTopUpId: id }, now }) {
      await removeAutoTopUp(tx, caller.envId, id, now)
      return { status: 200, body: { id, isRemoved: true } }
    },
  })
}

function toReply(topUp: AutoTopUp): z.input<typeof autoTopUpReply> {
  const { id, meterId, currency, priceMinor } = topUp
  return {
    ...{ id, customerId: topUp.customer, meterId, currency },
    below: formatDecimal(topUp.below),
    amount: formatDecimal(topUp.amount),
    priceMinor: String(priceMinor),
    price: formatMinor(priceMinor, currency),
    pausedUntil: topUp.notBefore?.toISOString() ?? null,
    createdAt: topUp.createdAt.toISOString(),
  }
}
