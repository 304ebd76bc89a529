import type { Random } from '../../faults/src/random.ts'
import {
  decimal,
  type PricePart,
  parsePrice,
  partsOf,
  prorateUnits,
  type Share,
  type SimplePrice,
} from '../../packages/pricing/src/index.ts'
import type { EventCase, GrantCase, MeterCase } from './case.ts'
import { type Chance, decimalText, randomPrice, UNIT, VALUES } from './random-price.ts'

const EVENTS_MAX = 5
const GRANTS_MAX = 4

type Period = { readonly share: Share; readonly end: number }

/** A meter with a price, credits, and events that bring its usage to where the price may turn. */
export function randomMeter(chance: Chance, name: string, period: Period): Omit<MeterCase, 'tax'> {
  const { random } = chance
  const json = randomPrice(chance)
  const parts = partsOf(parsePrice(json))
  const properties = json.model === 'by_dimension' ? json.properties : []
  const grants = random.chance(0.5) ? [] : randomGrants(random, parts, period)
  const instants = grants.flatMap(({ from, to }) => [from, to ?? period.end])
  const events = parts.flatMap((part) => {
    const at = () => randomInstant(random, instants, period.end)
    const total = randomTotal(random, part.price, { grants, share: period.share })
    const values = part.values ?? properties.map(() => random.pick(VALUES))
    return randomAmounts(random, total).map(
      (amount): EventCase => [at(), values, decimalText(amount)],
    )
  })
  return { name, price: json, events: random.shuffled(events), grants }
}

function randomGrants(random: Random, parts: readonly PricePart[], { end }: Period): GrantCase[] {
  const moment = () => random.between(-end, 2 * end)
  const areAlwaysValid = random.chance(0.4)
  return Array.from({ length: random.between(1, GRANTS_MAX + 1) }, (_, index) => {
    const size = random.pick(bordersOf(random.pick(parts).price))
    const from = random.chance(0.5) ? random.pick([0, -1, 1 - end]) : moment()
    const to = random.pick([null, null, end, end + 1, moment(), from + random.between(1, end)])
    return {
      id: `g${index}`,
      units: decimalText(random.chance(0.3) ? size : BigInt(random.between(0, 30)) * UNIT),
      priority: random.between(0, 2),
      from: areAlwaysValid ? Math.min(0, from) : from,
      to: areAlwaysValid && to !== null ? Math.max(end, to) : to,
      promotional: random.chance(0.5),
      grantedAt: random.pick([0, 0, moment()]),
    }
  })
}

/** Where the amount of a price may turn, in billable units, and a number of them beyond. */
function bordersOf(price: SimplePrice): bigint[] {
  if (price.model === 'package')
    return [price.packageSize, 2n * price.packageSize, 7n * price.packageSize]
  if (price.model !== 'graduated' && price.model !== 'volume') return [UNIT, 101n * UNIT] // odd: ties
  const tops = price.tiers.flatMap(({ upTo }) => (upTo === null ? [] : [upTo as bigint]))
  return [...tops, (tops.at(-1) ?? 0n) + 3n * UNIT]
}

/** What a part uses in the period: at a border, just beside one, or anywhere. */
function randomTotal(
  random: Random,
  price: SimplePrice,
  given: { readonly grants: readonly GrantCase[]; readonly share: Share },
): bigint {
  const included = prorateUnits(price.included, given.share)
  const granted = given.grants.reduce((so, { units }) => so + decimal(units), 0n)
  const credited = granted === 0n || random.chance(0.3) ? 0n : granted
  const free = included + credited
  const billable = free === 0n || random.chance(0.75) ? random.pick(bordersOf(price)) : 0n
  const border = free + billable
  const kind = random.between(0, 20)
  if (kind <= 11) return border
  if (kind <= 14) return atLeastZero(border + random.pick([-UNIT, -1n, 1n, UNIT]))
  if (kind === 15) return 0n
  const anywhere = ((border + 3n * UNIT) * BigInt(random.between(0, 1500))) / 1000n
  return random.chance(0.5) ? anywhere : anywhere - (anywhere % UNIT)
}

/** Amounts that add up to `total`; sometimes one is taken back. */
function randomAmounts(random: Random, total: bigint): bigint[] {
  if (total === 0n && random.chance(0.7)) return []
  const amounts: bigint[] = []
  let rest = total
  for (let more = random.between(0, EVENTS_MAX); more > 0; more--) {
    const amount = (rest * BigInt(random.between(0, 101))) / 100n
    amounts.push(amount)
    rest -= amount
  }
  amounts.push(rest)
  if (random.chance(0.08)) amounts.push(total / 3n + UNIT, -(total / 3n + UNIT))
  return amounts
}

/** Within the period, often at a border of a grant or just before it. */
function randomInstant(random: Random, borders: readonly number[], end: number): number {
  const anywhere = random.between(0, end)
  if (borders.length === 0 || random.chance(0.5)) return anywhere
  const at = random.pick(borders) - random.between(0, 2)
  return at >= 0 && at < end ? at : anywhere
}

function atLeastZero(value: bigint): bigint {
  return value > 0n ? value : 0n
}
