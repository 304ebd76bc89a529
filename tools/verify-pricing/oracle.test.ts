import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { decimal, minorFromDecimal, type PriceJson } from '../../packages/pricing/src/index.ts'
import type { MeterCase, PricingCase, ShareCase } from './case.ts'
import { hasPython, startOracle } from './oracle.ts'

/** Invoices computed by a third program, where they stand beside the checkout. */
const RULES = new URL('../../../shared/data/expected-rules.json', import.meta.url)

type Rules = {
  readonly name: string
  readonly currency: string
  readonly base?: string
  readonly elapsedSeconds?: number
  readonly periodSeconds?: number
  readonly prices: readonly ({ readonly meter: string } & PriceJson)[]
  readonly usage: Readonly<Record<string, { readonly quantity: string; readonly count: number }>>
  readonly unitCredits?: Readonly<Record<string, string>>
  readonly coupons?: readonly ({ readonly percent: string } | { readonly amount: string })[]
  readonly planMinimum?: string
  readonly promotionalCredit?: string
  readonly prepaidCredit?: string
  readonly taxPercent?: string
  readonly taxInclusive?: boolean
}

type Answer = Readonly<Record<'subtotal' | 'trueUp' | 'tax' | 'total' | 'due', number>> & {
  readonly lines: readonly (readonly unknown[])[]
  readonly discounts: readonly [string, number][]
  readonly promotional: readonly [string, number][]
  readonly prepaid: readonly [string, number][]
  readonly credits: readonly (readonly [string, string][])[]
}

const AMOUNT = 11 // where it stands in a line

test('the second implementation agrees with the 32 invoices of a third', async () => {
  if (!existsSync(RULES) || !hasPython()) return say()
  const rows = JSON.parse(readFileSync(RULES, 'utf8')) as { case: Rules; invoice: object }[]
  const oracle = startOracle()
  const answers = await oracle.ask(rows.map((row) => JSON.stringify(caseOf(row.case))))
  oracle.stop()
  for (const [index, row] of rows.entries()) {
    const answer = JSON.parse(answers[index] ?? '') as Answer
    expect({ name: row.case.name, ...inTheirWords(answer, row.case) }).toEqual({
      name: row.case.name,
      ...row.invoice,
    })
  }
  expect(rows).toHaveLength(32)
})

function say(): void {
  console.info('the 32 invoices or python3 are not here: nothing was compared with them')
}

function caseOf(rules: Rules): PricingCase {
  const minor = (text = '0') => Number(minorFromDecimal(decimal(text), rules.currency))
  const share: ShareCase = [rules.elapsedSeconds ?? 1, rules.periodSeconds ?? 1]
  return {
    currency: rules.currency,
    base: { amount: minor(rules.base), quantity: '1', share, tax: 'tax' },
    flats: [],
    share,
    end: 1000,
    meters: rules.prices.map(({ meter, ...price }) => meterOf(rules, meter, price)),
    items: [],
    coupons: (rules.coupons ?? []).map((coupon, index) =>
      'percent' in coupon
        ? { id: String(index), percent: coupon.percent }
        : { id: String(index), amount: minor(coupon.amount) },
    ),
    minimum: rules.planMinimum === undefined ? null : minor(rules.planMinimum),
    planTax: 'tax',
    promotional: [{ id: 'promotional', left: minor(rules.promotionalCredit), meters: null }],
    taxes: [
      { id: 'tax', percent: rules.taxPercent ?? '0', inclusive: rules.taxInclusive === true },
    ],
    prepaid: [{ id: 'prepaid', left: minor(rules.prepaidCredit), meters: null }],
  }
}

/** One event with all of the quantity, and as many of nothing as were counted beside it. */
function meterOf(rules: Rules, name: string, price: PriceJson): MeterCase {
  const { quantity, count } = rules.usage[name] ?? { quantity: '0', count: 0 }
  const amounts = Array.from({ length: count }, (_, at) => (at === 0 ? quantity : '0'))
  const units = rules.unitCredits?.[name]
  const grant = { id: 'g', priority: 0, from: 0, to: null, promotional: false, grantedAt: 0 }
  return {
    name,
    price,
    events: amounts.map((amount, at) => [at, [], amount]),
    grants: units === undefined ? [] : [{ ...grant, units }],
    tax: 'tax',
  }
}

function inTheirWords(answer: Answer, { prices }: Rules) {
  const amountsOf = (isOwn: (kind: unknown, name: unknown) => boolean) => {
    const own = answer.lines.filter(([kind, name]) => isOwn(kind, name))
    return own.length === 0 ? [0] : own.map((line) => line[AMOUNT])
  }
  const usage = prices.map(({ meter }) => [meter, amountsOf((_, name) => name === meter)])
  const credits = prices.flatMap(({ meter }, index) =>
    (answer.credits[index] ?? []).map(([, units]) => [meter, units]),
  )
  const sum = (pairs: readonly [string, number][]) => pairs.reduce((so, [, part]) => so + part, 0)
  return {
    lines: Object.fromEntries([['base', amountsOf((kind) => kind === 'base')], ...usage]),
    unitCreditsUsed: Object.fromEntries(credits),
    subtotal: answer.subtotal,
    discounts: answer.discounts.map(([, off]) => off),
    trueUp: answer.trueUp,
    promotionalCredit: sum(answer.promotional),
    tax: answer.tax,
    total: answer.total,
    prepaidCredit: sum(answer.prepaid),
    amountDue: answer.due,
  }
}
