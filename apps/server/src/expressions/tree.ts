import type { Decimal } from '@usageflow/pricing'

export type Value = Decimal | string | boolean

/** What a part of an expression comes to; of what stands in a request only the request can tell. */
export type Kind = 'number' | 'text' | 'boolean' | 'any'

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>='
export type Arithmetic = '+' | '-' | '*' | '/' | '%'
export type TextTest = 'contains' | 'startsWith' | 'endsWith'

/** An expression whose every part is known to fit into its place: nothing else is ever evaluated. */
export type Tree =
  | { readonly is: 'literal'; readonly value: Value }
  /** `usage_record.quantity` */
  | { readonly is: 'requests' }
  | { readonly is: 'field'; readonly field: Field }
  | { readonly is: 'has'; readonly field: Field }
  | { readonly is: 'minus' | 'not'; readonly of: Tree }
  | {
      readonly is: 'arithmetic'
      readonly operator: Arithmetic
      readonly left: Tree
      readonly right: Tree
    }
  | {
      readonly is: 'comparison'
      readonly operator: Comparison
      readonly left: Tree
      readonly right: Tree
    }
  | { readonly is: 'and' | 'or'; readonly left: Tree; readonly right: Tree }
  | {
      readonly is: 'choice'
      readonly condition: Tree
      readonly ifTrue: Tree
      readonly ifFalse: Tree
    }
  | { readonly is: 'among'; readonly value: Tree; readonly others: readonly Tree[] }
  | {
      readonly is: 'text test'
      readonly test: TextTest
      readonly text: Tree
      readonly part: Tree
    }
  | { readonly is: 'call'; readonly name: FunctionName; readonly args: readonly Tree[] }

export const FUNCTION_NAMES = ['double', 'int', 'min', 'max', 'floor', 'ceil', 'round'] as const
export type FunctionName = (typeof FUNCTION_NAMES)[number]

/** Something of a request or its response. */
export type Field = {
  /** JSON pointer, as an SDK is told it. */
  readonly pointer: string
  readonly kind: Kind
}

export function kindOf(tree: Tree): Kind {
  switch (tree.is) {
    case 'literal':
      return typeof tree.value === 'bigint' ? 'number' : kindOfOther(tree.value)
    case 'field':
      return tree.field.kind
    case 'requests':
    case 'minus':
    case 'arithmetic':
    case 'call':
      return 'number'
    case 'choice':
      return kindOf(tree.ifTrue) === 'any' ? kindOf(tree.ifFalse) : kindOf(tree.ifTrue)
    case 'has':
    case 'not':
    case 'comparison':
    case 'and':
    case 'or':
    case 'among':
    case 'text test':
      return 'boolean'
    default:
      throw new TypeError(`unknown tree: ${(tree satisfies never as Tree).is}`)
  }
}

function kindOfOther(value: string | boolean): Kind {
  return typeof value === 'string' ? 'text' : 'boolean'
}
