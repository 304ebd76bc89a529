import { type Decimal, divide, multiply, wholeDecimal, ZERO } from '@usageflow/pricing'
import { readNumber } from './read-number.ts'
import type { Arithmetic, Comparison, Field, FunctionName, TextTest, Tree, Value } from './tree.ts'

/** What an SDK has measured: requests that were summed, and the fields that were asked for, by pointer. */
export type Measured = {
  readonly requests: number
  readonly fields: Readonly<Record<string, unknown>>
}

/** Why what was measured comes to no quantity. */
export type Unmeasurable = {
  readonly why: 'field_missing' | 'field_unusable' | 'quantity_impossible'
  /** The field that is at fault, as a JSON pointer. */
  readonly pointer: string | null
  /** Says what is wrong with it. */
  readonly reason: string
}

/** Never leaves this folder. */
export class NoQuantity extends Error {
  override readonly name = 'NoQuantity'
  readonly details: Unmeasurable

  constructor(why: Unmeasurable['why'], reason: string, pointer: string | null = null) {
    super(reason)
    this.details = { why, pointer, reason }
  }
}

const ONE = wholeDecimal(1n)
const WHOLE_DIGITS_MAX = 26
const LIMIT = wholeDecimal(10n ** BigInt(WHOLE_DIGITS_MAX))

/** What the tree comes to, and whose field that was: its text is read as a number where one is needed. */
type Found = { readonly value: Value; readonly pointer: string | null }

/** Throws NoQuantity. */
export function numberOf(tree: Tree, measured: Measured): Decimal {
  const found = find(tree, measured)
  return typeof found.value === 'bigint' ? inRange(found.value) : numberFrom(found)
}

/** Evaluates each part once at most; of a choice one side, and of `&&` and `||` what is needed. */
function find(tree: Tree, measured: Measured): Found {
  switch (tree.is) {
    case 'literal':
      return computed(tree.value)
    case 'requests':
      return computed(wholeDecimal(BigInt(measured.requests)))
    case 'field':
      return { value: fieldOf(tree.field, measured), pointer: tree.field.pointer }
    case 'has':
      return computed(Object.hasOwn(measured.fields, tree.field.pointer))
    case 'minus':
      return computed(-numberOf(tree.of, measured) as Decimal)
    case 'not':
      return computed(!conditionOf(tree.of, measured))
    case 'and':
      return computed(conditionOf(tree.left, measured) && conditionOf(tree.right, measured))
    case 'or':
      return computed(conditionOf(tree.left, measured) || conditionOf(tree.right, measured))
    case 'arithmetic':
      return computed(arithmetic(tree, measured))
    case 'comparison':
      return computed(comparison(tree, measured))
    case 'choice':
      return find(conditionOf(tree.condition, measured) ? tree.ifTrue : tree.ifFalse, measured)
    case 'among':
      return computed(isAmong(tree, measured))
    case 'text test':
      return computed(
        TEXT_TESTS[tree.test](textOf(tree.text, measured), textOf(tree.part, measured)),
      )
    case 'call':
      return computed(FUNCTIONS[tree.name](tree.args.map((arg) => numberOf(arg, measured))))
    default:
      throw new TypeError(`unknown tree: ${(tree satisfies never as Tree).is}`)
  }
}

function computed(value: Value): Found {
  return { value, pointer: null }
}

function fieldOf({ pointer }: Field, { fields }: Measured): Value {
  if (!Object.hasOwn(fields, pointer))
    throw new NoQuantity('field_missing', 'is missing, and without has(…) it is needed', pointer)
  const value = fields[pointer]
  if (typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value !== 'number') throw unusable('is no text, number or boolean', pointer)
  return readable(pointer, String(value))
}

/** A text that is a number counts as one: that is how headers and parameters come. */
function numberFrom({ value, pointer }: Found): Decimal {
  if (typeof value !== 'string')
    throw unusable('is true or false where a number is needed', pointer)
  return readable(pointer, value)
}

function readable(pointer: string | null, text: string): Decimal {
  try {
    return readNumber(text)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw unusable(`cannot be counted: ${error.message}`, pointer)
  }
}

function unusable(reason: string, pointer: string | null): NoQuantity {
  return new NoQuantity('field_unusable', reason, pointer)
}

function conditionOf(tree: Tree, measured: Measured): boolean {
  const { value, pointer } = find(tree, measured)
  if (typeof value === 'boolean') return value
  throw unusable('is not true or false, which is needed here', pointer)
}

function textOf(tree: Tree, measured: Measured): string {
  const { value, pointer } = find(tree, measured)
  if (typeof value === 'string') return value
  throw unusable('is no text, which is needed here', pointer)
}

function arithmetic(
  { operator, left, right }: Extract<Tree, { is: 'arithmetic' }>,
  measured: Measured,
): Decimal {
  return inRange(ARITHMETIC[operator](numberOf(left, measured), numberOf(right, measured)))
}

/** Exact, or rounded at the twelfth digit after the point, half away from zero. */
const ARITHMETIC: Readonly<Record<Arithmetic, (left: Decimal, right: Decimal) => Decimal>> = {
  '+': (left, right) => (left + right) as Decimal,
  '-': (left, right) => (left - right) as Decimal,
  '*': multiply,
  '/': (left, right) => divide(left, divisor(right)),
  '%': (left, right) => (left % divisor(right)) as Decimal,
}

function divisor(value: Decimal): Decimal {
  if (value === ZERO) throw new NoQuantity('quantity_impossible', 'divides by zero')
  return value
}

/** So no number grows with the expression, and what is stored is what was computed. */
function inRange(value: Decimal): Decimal {
  if (value < LIMIT && value > -LIMIT) return value
  throw new NoQuantity(
    'quantity_impossible',
    `comes to a number of more than ${WHOLE_DIGITS_MAX} digits before the point`,
  )
}

function comparison(
  { operator, left, right }: Extract<Tree, { is: 'comparison' }>,
  measured: Measured,
): boolean {
  if (operator === '==' || operator === '!=')
    return isSame(find(left, measured), find(right, measured)) === (operator === '==')
  return ORDER[operator](numberOf(left, measured), numberOf(right, measured))
}

const ORDER: Readonly<
  Record<Exclude<Comparison, '==' | '!='>, (left: Decimal, right: Decimal) => boolean>
> = {
  '<': (left, right) => left < right,
  '<=': (left, right) => left <= right,
  '>': (left, right) => left > right,
  '>=': (left, right) => left >= right,
}

function isAmong({ value, others }: Extract<Tree, { is: 'among' }>, measured: Measured): boolean {
  const sought = find(value, measured)
  return others.some((other) => isSame(sought, find(other, measured)))
}

/** `"3"` of a header is 3, since nothing in a header is a number; a text that is none is not equal to any. */
function isSame(one: Found, other: Found): boolean {
  if (typeof one.value === 'bigint' && typeof other.value === 'string')
    return isNumber(other.value, one.value)
  if (typeof other.value === 'bigint' && typeof one.value === 'string')
    return isNumber(one.value, other.value)
  return one.value === other.value
}

function isNumber(text: string, value: Decimal): boolean {
  try {
    return readNumber(text) === value
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}

/** Linear in the texts, unlike regular expressions, which there are none of. */
const TEXT_TESTS: Readonly<Record<TextTest, (text: string, part: string) => boolean>> = {
  contains: (text, part) => text.includes(part),
  startsWith: (text, part) => text.startsWith(part),
  endsWith: (text, part) => text.endsWith(part),
}

/** All of them are given at least one number. */
const FUNCTIONS: Readonly<Record<FunctionName, (args: readonly Decimal[]) => Decimal>> = {
  double: ([value = ZERO]) => value,
  int: ([value = ZERO]) => (value - (value % ONE)) as Decimal,
  min: (values) => furthest(values, (value, other) => value < other),
  max: (values) => furthest(values, (value, other) => value > other),
  floor: ([value = ZERO]) => floor(value),
  ceil: ([value = ZERO]) => -floor(-value as Decimal) as Decimal,
  round: ([value = ZERO]) => rounded(value),
}

function furthest(
  [first = ZERO, ...others]: readonly Decimal[],
  isFurther: (value: Decimal, other: Decimal) => boolean,
): Decimal {
  return others.reduce((found, value) => (isFurther(value, found) ? value : found), first)
}

function floor(value: Decimal): Decimal {
  const below = value % ONE
  return (value - below - (below < 0n ? ONE : 0n)) as Decimal
}

/** Half away from zero, as everywhere. */
function rounded(value: Decimal): Decimal {
  const half = ONE / 2n
  const away = value < 0n ? value - half : value + half
  return (away - (away % ONE)) as Decimal
}
