import type { Random } from '../../faults/src/random.ts'
import {
  type Decimal,
  type DimensionValue,
  formatDecimal,
  type PriceJson,
  type SimplePriceJson,
  type TierJson,
} from '../../packages/pricing/src/index.ts'

export const UNIT = 10n ** 12n

const MODELS = ['per_unit', 'package', 'graduated', 'volume', 'percentage'] as const
const PERCENTAGES = ['2.9', '1.5', '0.25', '10', '50', '3.3333333333', '100', '0', '0.0000000001']
const FIXED_PARTS = ['0', '0.30', '0.05', '0.005']

/** Values that are easily taken for one another. */
export const VALUES: readonly DimensionValue[] = ['eu', 'us', '1', 1, 0, 1.5, true, false, null, '']

export type Chance = { readonly random: Random; readonly minorDigits: number }

export function randomPrice(chance: Chance): PriceJson {
  const { random } = chance
  if (random.chance(0.8)) return simplePrice(chance)
  const properties = random.shuffled(['model', 'region', 'tier']).slice(0, random.between(1, 3))
  const cases = new Map<string, readonly DimensionValue[]>()
  for (let count = random.between(0, 4); count > 0; count--) {
    const values = properties.map(() => random.pick(VALUES))
    cases.set(JSON.stringify(values), values)
  }
  return {
    model: 'by_dimension',
    properties,
    cases: [...cases.values()].map((values) => ({ values, price: simplePrice(chance) })),
    otherwise: simplePrice(chance),
  }
}

function simplePrice(chance: Chance): SimplePriceJson {
  const { random } = chance
  const scale = BigInt(random.pick([1, 10, 1000, 1_000_000])) * UNIT
  const included = random.chance(0.4) ? 0n : randomSize(random, scale)
  return { ...randomModel(chance, scale), included: decimalText(included), ...bounds(chance) }
}

function randomModel(chance: Chance, scale: bigint) {
  const { random } = chance
  const model = random.pick(MODELS)
  switch (model) {
    case 'per_unit':
      return { model, unitPrice: randomUnitPrice(chance) }
    case 'package':
      return {
        model,
        packageSize: decimalText(randomSize(random, scale)),
        packagePrice: randomUnitPrice(chance),
      }
    case 'graduated':
    case 'volume':
      return { model, tiers: randomTiers(chance, scale) }
    case 'percentage':
      return { model, percent: random.pick(PERCENTAGES), fixedPerEvent: random.pick(FIXED_PARTS) }
    default:
      throw new TypeError(`unknown model: ${model satisfies never}`)
  }
}

function randomTiers(chance: Chance, scale: bigint): TierJson[] {
  const { random } = chance
  const count = random.between(1, 5)
  let upTo = 0n
  return Array.from({ length: count }, (_, index) => {
    upTo += randomSize(random, scale)
    return {
      upTo: index === count - 1 ? null : decimalText(upTo),
      unitPrice: randomUnitPrice(chance),
      flatFee: random.chance(0.3) ? randomUnitPrice(chance) : '0',
    }
  })
}

/** Above 0; mostly whole, sometimes with all its digits. */
function randomSize(random: Random, scale: bigint): bigint {
  const whole = BigInt(random.between(1, 20)) * (random.chance(0.5) ? scale : UNIT)
  return random.chance(0.15) ? whole + BigInt(random.between(1, 1e12)) : whole
}

/** In the major unit. Often a multiple of half a minor unit, which makes ties. */
function randomUnitPrice({ random, minorDigits }: Chance): string {
  const kind = random.between(0, 10)
  if (kind === 0) return '0'
  if (kind === 1) return String(random.between(1, 1000))
  if (kind <= 5)
    return decimalText(
      BigInt(2 * random.between(0, 200) + 1) * 5n * 10n ** BigInt(11 - minorDigits),
    )
  if (kind <= 7) return decimalText(BigInt(random.between(1, 2000)) * 10n ** 9n)
  return decimalText(BigInt(random.between(1, 1000)) * 10n ** BigInt(random.between(0, 8)))
}

/** In whole minor units, as every currency must be able to say them. */
function bounds({ random, minorDigits }: Chance): { minimum?: string; maximum?: string } {
  const minorUnit = 10n ** BigInt(12 - minorDigits)
  const least = BigInt(random.between(0, 10 ** random.between(1, 6)))
  const most = least + BigInt(random.between(0, 10 ** random.between(1, 6)))
  return {
    ...(random.chance(0.15) ? { minimum: decimalText(least * minorUnit) } : {}),
    ...(random.chance(0.15) ? { maximum: decimalText(most * minorUnit) } : {}),
  }
}

export function decimalText(atoms: bigint): string {
  return formatDecimal(atoms as Decimal)
}
