import { type Decimal, wholeDecimal } from '@usageflow/pricing'
import type { Tree } from './tree.ts'

const ONE = wholeDecimal(1n)

/**
 * How much the quantity grows with each request, if it grows evenly: then many requests together come exactly to
 * what each comes to alone. Null where it does not, or where a step would have to round.
 */
export function slopeOf(tree: Tree): Decimal | null {
  if (tree.is === 'requests') return ONE
  if (tree.is !== 'arithmetic') return null
  const { operator, left, right } = tree
  switch (operator) {
    case '+':
    case '-':
      return added(operator, slopeOf(left), slopeOf(right))
    case '*':
      return times(slopeOf(left), constant(right)) ?? times(slopeOf(right), constant(left))
    case '/':
      return divided(slopeOf(left), constant(right))
    case '%':
      return null
    default:
      throw new TypeError(`unknown operator: ${operator satisfies never}`)
  }
}

function constant(tree: Tree): bigint | null {
  return tree.is === 'literal' && typeof tree.value === 'bigint' ? tree.value : null
}

function added(operator: '+' | '-', left: bigint | null, right: bigint | null): Decimal | null {
  if (left === null || right === null) return null
  return (operator === '+' ? left + right : left - right) as Decimal
}

function times(slope: bigint | null, by: bigint | null): Decimal | null {
  return slope === null || by === null ? null : exact(slope * by, ONE)
}

function divided(slope: bigint | null, by: bigint | null): Decimal | null {
  return slope === null || by === null || by === 0n ? null : exact(slope * ONE, by)
}

function exact(dividend: bigint, divisor: bigint): Decimal | null {
  return dividend % divisor === 0n ? ((dividend / divisor) as Decimal) : null
}
