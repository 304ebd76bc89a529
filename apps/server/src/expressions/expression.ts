import { type Decimal, ZERO } from '@usageflow/pricing'
import { type Measured, NoQuantity, numberOf, type Unmeasurable } from './evaluate.ts'
import { parseExpression } from './parse.ts'
import { slopeOf } from './slope.ts'
import type { Tree } from './tree.ts'

/** How a quantity is had from requests. Evaluating is linear in the expression, and touches nothing but what was measured. */
export type Expression = {
  /** The fields it reads, as JSON pointers: what an SDK has to send, and nothing else. */
  readonly captures: readonly string[]
  /** Whether requests may be counted together, and come to the same: it reads nothing and grows evenly. */
  readonly isSummable: boolean
  evaluate(measured: Measured): Decimal | Unmeasurable
}

const CAPTURES_MAX = 20 // which an SDK looks for in each request

/** Throws RangeError that says where in the text what is wrong, and what to change. */
export function compileExpression(text: string): Expression {
  const tree = parseExpression(text)
  const captures = [...new Set(pointersIn(tree))]
  assertApart(captures)
  if (captures.length > CAPTURES_MAX)
    throw new RangeError(`it reads ${captures.length} fields: ${CAPTURES_MAX} at most`)
  const expression: Expression = {
    captures,
    isSummable: slopeOf(tree) !== null,
    evaluate: (measured) => quantityOf(tree, measured),
  }
  if (captures.length === 0) assertCounts(expression)
  return expression
}

function quantityOf(tree: Tree, measured: Measured): Decimal | Unmeasurable {
  try {
    return notNegative(numberOf(tree, measured))
  } catch (error) {
    if (error instanceof NoQuantity) return error.details
    throw error
  }
}

function notNegative(quantity: Decimal): Decimal {
  if (quantity >= ZERO) return quantity
  throw new NoQuantity('quantity_impossible', 'comes to less than nothing')
}

/** What depends on no request can be tried before there is one. */
function assertCounts({ evaluate }: Expression): void {
  const counted = evaluate({ requests: 1, fields: {} })
  if (typeof counted !== 'bigint') throw new RangeError(`it ${counted.reason}`)
}

/**
 * What holds other fields is no value, so it is never sent: `has` of it would always be false, and what it
 * guards would be free without a word.
 */
function assertApart(pointers: readonly string[]): void {
  for (const outer of pointers) {
    const inner = pointers.find((pointer) => pointer.startsWith(`${outer}/`))
    if (inner !== undefined)
      throw new RangeError(
        `${outer} holds ${inner}, so it is no value itself: read, or ask with has(…), the inner field alone`,
      )
  }
}

function pointersIn(tree: Tree): string[] {
  switch (tree.is) {
    case 'literal':
    case 'requests':
      return []
    case 'field':
    case 'has':
      return [tree.field.pointer]
    case 'minus':
    case 'not':
      return pointersIn(tree.of)
    case 'arithmetic':
    case 'comparison':
    case 'and':
    case 'or':
      return [...pointersIn(tree.left), ...pointersIn(tree.right)]
    case 'choice':
      return [tree.condition, tree.ifTrue, tree.ifFalse].flatMap(pointersIn)
    case 'among':
      return [tree.value, ...tree.others].flatMap(pointersIn)
    case 'text test':
      return [tree.text, tree.part].flatMap(pointersIn)
    case 'call':
      return tree.args.flatMap(pointersIn)
    default:
      throw new TypeError(`unknown tree: ${(tree satisfies never as Tree).is}`)
  }
}
