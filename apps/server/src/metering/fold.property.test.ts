import { decimal } from '@usageflow/pricing'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { NewRule } from '../catalog/create-meter.ts'
import type { Meter } from '../catalog/meter.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { backFill } from './back-fill.ts'
import type { Slice } from './slice.ts'
import { aMeter, anEnv, correct, deps, fold, index, keyOf, store } from './test-metering.ts'
import { checkAgainstEvents, eventsOf, foldedUpTo, type Total, totals } from './total.ts'

/** What was sent, with whatever corrections have been made of it. */
type Fact = {
  readonly key: string
  readonly customer: string
  readonly sequence: number
  readonly at: string
  readonly amount: string
  readonly metadata: Metadata
}
type Metadata = { readonly v?: unknown; readonly g?: unknown }
type Content = Pick<Fact, 'at' | 'amount' | 'metadata'>
type Step =
  | { readonly do: 'store'; readonly facts: readonly Omit<Fact, 'key'>[] }
  | { readonly do: 'amend'; readonly which: number; readonly content: Content }
  | { readonly do: 'void'; readonly which: number }
  | { readonly do: 'fold' | 'index' | 'meter' | 'back-fill' }

const RUNS = Number(process.env.PROPERTY_RUNS ?? 10)

const RULES: readonly Partial<NewRule>[] = [
  { aggregation: 'COUNT' },
  { aggregation: 'SUM' },
  { aggregation: 'LAST', valueProperty: ['v'], groupBy: ['g'] },
  { aggregation: 'UNIQUE', valueProperty: ['v'], groupBy: ['g'] },
  { aggregation: 'MAX', valueProperty: ['v'] },
  { aggregation: 'MIN', valueProperty: ['v'], groupBy: ['g', 'v'] },
  {
    aggregation: 'AVG',
    valueProperty: ['v'],
    filter: { property: ['g'], operator: 'eq', value: 'x' },
  },
]

const time = fc.constantFrom(
  '00:10:00',
  '00:30:00',
  '00:59:59.999999',
  '01:00:00',
  '01:00:00.000001',
  '01:45:00',
  '02:15:00',
  '02:30:00',
)
const content: fc.Arbitrary<Content> = fc.record({
  at: time.map((text) => `2026-03-01T${text}Z`),
  amount: fc.constantFrom('0', '1', '2.5', '1000'),
  metadata: fc.record(
    {
      v: fc.constantFrom<unknown>(0, 1, 2, -3, 1.5, '1', '1.50', '-3', 'x', '', true, null, [1]),
      g: fc.constantFrom<unknown>('x', 'y', 1, null),
    },
    { requiredKeys: [] },
  ),
})
const factOf = fc.record({
  customer: fc.constantFrom('ann', 'bob', 'eve'),
  sequence: fc.integer({ min: -1, max: 1 }),
})
const fact = fc.tuple(factOf, content).map(([who, what]) => ({ ...who, ...what }))
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('store' as const),
      facts: fc.array(fact, { minLength: 1, maxLength: 8 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('amend' as const), which: fc.nat(), content }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('void' as const), which: fc.nat() }) },
  {
    weight: 7,
    arbitrary: fc.constantFrom<Step>(
      { do: 'fold' },
      { do: 'fold' },
      { do: 'index' },
      { do: 'meter' },
      { do: 'meter' },
      { do: 'back-fill' },
      { do: 'back-fill' },
    ),
  },
)

const day = (from: string, to: string) => ({
  from: new Date(`2026-03-01T${from}Z`),
  to: new Date(`2026-03-01T${to}Z`),
})
const everyone = { customer: null, except: [] }
const QUESTIONS: readonly (readonly Slice[])[] = [
  [{ ...everyone, ...day('00:00:00', '03:00:00') }],
  [{ customer: 'ann', except: [], ...day('00:00:00', '03:00:00') }],
  [{ ...everyone, except: ['ann'], ...day('00:30:00', '02:30:00') }],
  [
    { customer: 'ann', except: [], ...day('00:30:00', '01:00:00') },
    { customer: 'bob', except: [], ...day('00:45:00', '02:20:00') },
  ],
]

test('folding in any order of turns, corrections and late meters is counting the events that hold', {
  timeout: 900_000,
}, async () => {
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 25 }), live), {
    numRuns: RUNS,
    endOnFailure: true, // to shrink takes minutes; `seed` and `path` of the report repeat the failure
  })
})

/** An environment, and what is known of it beside the database. */
type World = {
  readonly envId: number
  readonly facts: Fact[]
  readonly corrections: Map<string, (Content | null)[]>
  readonly meters: Meter[]
}

/** Lives through the steps and compares all answers at each fold and at the end, where all meters are complete. */
async function live(steps: readonly Step[]): Promise<void> {
  const world: World = { envId: await anEnv(), facts: [], corrections: new Map(), meters: [] }
  for (const step of steps) await take(step, world)
  while (world.meters.length < RULES.length) await addMeter(world)
  await fold()
  while (await backFill(await deps(), 3));
  await compare(world)
  await compareEvents(world)
}

async function take(step: Step, world: World): Promise<unknown> {
  switch (step.do) {
    case 'store':
      return addFacts(step.facts, world)
    case 'amend':
      return addCorrection(step.which, step.content, world)
    case 'void':
      return addCorrection(step.which, null, world)
    case 'meter':
      return addMeter(world)
    case 'fold':
      return compare(world)
    case 'index':
      return index()
    case 'back-fill':
      return backFill(await deps(), 3)
    default:
      throw new Error(`unknown step ${JSON.stringify(step satisfies never)}`)
  }
}

async function addFacts(
  added: readonly Omit<Fact, 'key'>[],
  { envId, facts }: World,
): Promise<void> {
  const named = added.map((one, n) => ({ ...one, key: `${envId} ${facts.length + n}` }))
  facts.push(...named)
  await store(envId, named)
}

async function addCorrection(
  which: number,
  content: Content | null,
  { envId, facts, corrections }: World,
) {
  const target = facts[which % Math.max(1, facts.length)]
  if (!target) return
  const all = corrections.get(target.key) ?? []
  corrections.set(target.key, [...all, content])
  const what = content === null ? { kind: 'void' as const } : { kind: 'amend' as const, ...content }
  await correct(envId, { key: target.key, no: all.length + 1, ...what })
}

async function addMeter({ envId, meters }: World): Promise<void> {
  const rule = RULES[meters.length]
  if (rule) meters.push(await aMeter(envId, { ...rule, key: `m${meters.length}` }))
}

function questionsOf({ meters }: World) {
  return meters.flatMap((meter, m) =>
    QUESTIONS.map((slices, q) => ({
      id: `${m} ${q}`,
      rule: RULES[m] ?? {},
      meterNo: meter.meterNo,
      slices,
    })),
  )
}

function holding({ facts, corrections }: World): Fact[] {
  return facts.flatMap((one) => {
    const content = corrections.get(one.key)?.at(-1)
    return content === null ? [] : [{ ...one, ...content }]
  })
}

async function compare(world: World): Promise<void> {
  await fold()
  const asked = questionsOf(world)
  await inOwnTransaction(async (tx) => {
    const answer = await totals(tx, world.envId, asked)
    const complete = asked.filter(({ meterNo }) => !answer.incompleteMeters.has(meterNo))
    for (const { id, rule, slices } of complete) {
      const found = answer.byId.get(id)
      const expected = reference(rule, slices, holding(world))
      expect(found && comparable(found), `${id} ${rule.aggregation}`).toEqual(expected.total)
    }
    expect(await checkAgainstEvents(tx, world.envId, complete, answer)).toEqual([])
  })
}

async function compareEvents(world: World): Promise<void> {
  await inOwnTransaction(async (tx) => {
    const { position } = await foldedUpTo(tx)
    for (const { meterNo, rule, slices } of questionsOf(world)) {
      const usage = { meterNo, slices, usageBefore: position }
      const listed = await eventsOf(tx, world.envId, usage, { limit: 1_000, after: null })
      const expected = reference(rule, slices, holding(world))
      expect(listed.map(({ key }) => key).sort()).toEqual(expected.keys)
    }
  })
}

/** Numbers in hundredths. */
type Comparable = {
  events: number
  notCounted: number
  uniques: number
  sum: number
  min: number | null
  max: number | null
  last: number | null
}

function comparable(total: Total): Comparable {
  const hundredths = (text: string | null) =>
    text === null ? null : Number(decimal(text.replace(/(\.\d{12})\d*$/, '$1')) / 10n ** 10n)
  return {
    events: Number(total.events),
    notCounted: Number(total.notCounted),
    uniques: Number(total.uniques),
    sum: hundredths(total.sum) ?? 0,
    min: hundredths(total.min),
    max: hundredths(total.max),
    last: hundredths(total.last),
  }
}

/** The rules a second time, in plain TypeScript over plain arrays. */
function reference(rule: Partial<NewRule>, slices: readonly Slice[], facts: readonly Fact[]) {
  const inSlice = (fact: Fact, { customer, except, from, to }: Slice) =>
    (customer === null ? !except.includes(fact.customer) : fact.customer === customer) &&
    micros(fact.at) >= micros(from.toISOString()) &&
    micros(fact.at) < micros(to.toISOString())
  const met = facts
    .filter((fact) => slices.some((one) => inSlice(fact, one)))
    .filter((fact) => !rule.filter || fact.metadata.g === 'x')
    .map((fact) => ({ fact, value: countedValue(rule, fact) }))
  const counted = met.filter(({ value }) => value !== undefined)
  const readsNumber = rule.aggregation !== 'COUNT' && rule.aggregation !== 'UNIQUE'
  const numbers = readsNumber ? counted.map(({ value }) => Number(value)) : []
  const is = (...aggregations: unknown[]) => aggregations.includes(rule.aggregation)
  const latest = [...counted].sort((a, b) => (order(a.fact) < order(b.fact) ? -1 : 1)).at(-1)
  return {
    keys: counted.map(({ fact }) => keyOf(fact.key)).sort(),
    total: {
      events: counted.length,
      notCounted: met.length - counted.length,
      uniques: is('UNIQUE') ? new Set(counted.map(({ value }) => value)).size : 0,
      sum: is('SUM', 'AVG') ? numbers.reduce((sum, value) => sum + value, 0) : 0,
      min: is('MIN') && numbers.length > 0 ? Math.min(...numbers) : null,
      max: is('MAX') && numbers.length > 0 ? Math.max(...numbers) : null,
      last: is('LAST') && latest ? Number(latest.value) : null,
    },
  }
}

/** Sortable text: time, then sequence, then key. */
function order({ at, sequence, key }: Fact): string {
  return `${micros(at)} ${sequence + 1} ${keyOf(key)}`
}

/** Sortable text, to the microsecond. */
function micros(at: string): string {
  const [seconds = '', fraction = ''] = at.replace('Z', '').split('.')
  return `${seconds}.${fraction.padEnd(6, '0')}`
}

/** In hundredths, or the text of a unique value; undefined when it does not count. */
function countedValue(
  rule: Partial<NewRule>,
  { amount, metadata }: Fact,
): number | string | undefined {
  if (rule.aggregation === 'COUNT') return 1
  if (!rule.valueProperty) return Math.round(Number(amount) * 100)
  const { v } = metadata
  if (rule.aggregation === 'UNIQUE')
    return ['string', 'number', 'boolean'].includes(typeof v) ? `${typeof v} ${v}` : undefined
  if (typeof v === 'number') return v * 100
  return typeof v === 'string' && /^-?\d+(\.\d+)?$/.test(v)
    ? Math.round(Number(v) * 100)
    : undefined
}
