import { type Price, type PriceJson, parsePrice, priceToJson } from '@usageflow/pricing'
import { z } from 'zod'
import { decimalField, textField } from '../platform/http/fields.ts'
import { dottedPropertyField } from './filter-fields.ts'

const TIERS_MAX = 100
const CASES_MAX = 200
const PROPERTIES_MAX = 5

/** A field set for each model of one rule; `extra` stands beside them. */
function simpleFields<Amount extends z.ZodType<string>, Extra extends z.ZodRawShape>(
  { amount, amountOrZero }: Amounts<Amount>,
  extra: Extra,
) {
  const shape = {
    includedUnits: amountOrZero.meta({
      description: 'Units of a whole period that cost nothing',
      example: '10000',
    }),
    minimum: amount.optional().meta({ description: 'What the usage of a period costs at least' }),
    maximum: amount.optional().meta({ description: 'What the usage of a period costs at most' }),
    ...extra,
  }
  const tier = z.strictObject({
    upTo: amount
      .nullable()
      .meta({ description: 'Up to and including; null for the last tier, and for no other' }),
    unitPrice: amount,
    flatFee: amountOrZero,
  })
  const tiers = z.array(tier).min(1).max(TIERS_MAX)
  return [
    z.strictObject({ model: z.literal('per_unit'), unitPrice: amount, ...shape }),
    z.strictObject({
      model: z.literal('package'),
      packageSize: amount,
      packagePrice: amount.meta({ description: 'Of each started package' }),
      ...shape,
    }),
    z.strictObject({ model: z.literal('graduated'), tiers, ...shape }),
    z.strictObject({ model: z.literal('volume'), tiers, ...shape }),
    z.strictObject({
      model: z.literal('percentage'),
      percent: amount.meta({ description: 'Of the sum of the period', example: '2.9' }),
      fixedPerEvent: amountOrZero,
      ...shape,
    }),
  ] as const
}

type Amounts<Amount> = { readonly amount: Amount; readonly amountOrZero: z.ZodType<string> }

/** In requests decimals are read, and what is 0 may be left out. */
const READ = { amount: decimalField, amountOrZero: decimalField.default('0') }
const WRITTEN = { amount: z.string(), amountOrZero: z.string() }

const scalar = z.union([textField(60, 0), z.number(), z.boolean(), z.null()])

/** The price of a meter on a plan: which fields it has is decided by its model. */
function priceUnion<Amount extends z.ZodType<string>, Extra extends z.ZodRawShape>(
  amounts: Amounts<Amount>,
  extra: Extra,
) {
  const simplePrice = z.discriminatedUnion('model', simpleFields(amounts, {}))
  return z.discriminatedUnion('model', [
    ...simpleFields(amounts, extra),
    z.strictObject({
      model: z.literal('by_dimension'),
      properties: z
        .array(dottedPropertyField)
        .min(1)
        .max(PROPERTIES_MAX)
        .meta({ description: 'By which the meter groups', example: ['model'] }),
      cases: z
        .array(z.strictObject({ values: z.array(scalar).max(PROPERTIES_MAX), price: simplePrice }))
        .max(CASES_MAX),
      otherwise: simplePrice.meta({ description: 'For all other values, taken as one' }),
      ...extra,
    }),
  ])
}

export const taxRateRef = textField(100).meta({ description: 'Id or key of a rate of tax' })

/** What a request says of one price. */
export const priceFields = priceUnion(READ, {
  meter: textField(100).meta({ description: 'Id or key of the meter', example: 'API_CALL' }),
  taxRate: taxRateRef.nullable().optional(),
})
export type PriceFields = z.output<typeof priceFields>

/** What a request says of a price that holds for one subscription: its tax stays that of the plan. */
export const overridingPriceFields = priceUnion(READ, {
  meter: textField(100).meta({ description: 'Id or key of the meter', example: 'API_CALL' }),
})
export const overridingPriceReply = priceUnion(WRITTEN, {
  meter: z.string().meta({ description: 'Id of the meter' }),
})

/** What an answer says of one price: the same, with the id of its meter. */
export const priceReply = priceUnion(WRITTEN, {
  meter: z.string(),
  meterId: z.string(),
  taxRate: z.string().nullable(),
})

type PriceContent = WithoutExtra<PriceFields>
type WithoutExtra<T> = T extends unknown ? Omit<T, 'meter' | 'taxRate'> : never

/** Reads a price from its fields. Throws RangeError that names what to change. */
export function priceFromFields(fields: PriceFields): Price {
  const { meter: _, taxRate: __, ...content } = fields
  return parsePrice(contentJson(content as PriceContent), 'price')
}

/** The fields that `priceFromFields` reads back to the same price. */
export function fieldsOfPrice(price: Price): PriceContent {
  const json = priceToJson(price)
  if (json.model !== 'by_dimension') return simpleFromJson(json)
  const { model, properties, cases, otherwise } = json
  return {
    model,
    properties: [...properties],
    cases: cases.map(({ values, price: part }) => ({
      values: [...values],
      price: simpleFromJson(part),
    })),
    otherwise: simpleFromJson(otherwise),
  }
}

function contentJson(content: PriceContent): unknown {
  if (content.model !== 'by_dimension') return simpleToJson(content)
  const { cases, otherwise, ...rest } = content
  return {
    ...rest,
    cases: cases.map(({ values, price }) => ({ values, price: simpleToJson(price) })),
    otherwise: simpleToJson(otherwise),
  }
}

type SimpleFields = Exclude<PriceContent, { model: 'by_dimension' }>

function simpleToJson({ includedUnits, ...rest }: SimpleFields): unknown {
  return { included: includedUnits, ...rest }
}

function simpleFromJson({ included, ...rest }: Exclude<PriceJson, { model: 'by_dimension' }>) {
  return { includedUnits: included, ...rest } as SimpleFields // the fields of each model, one by one
}
