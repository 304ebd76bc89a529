import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js'
import { decimal } from '@usageflow/pricing'
import { fieldAt, type Step } from './fields.ts'
import {
  type Arithmetic,
  type Comparison,
  type Field,
  FUNCTION_NAMES,
  type FunctionName,
  type Kind,
  kindOf,
  type TextTest,
  type Tree,
} from './tree.ts'

const CHARACTERS_MAX = 1_000
const PARTS_MAX = 300 // and each is evaluated once at most: that is the budget
const DEPTH_MAX = 40
const EXCERPT_LENGTH_MAX = 40

/** The grammar alone. What is evaluated, and how, is ours: its numbers are doubles, and its `matches` may take for ever. */
const grammar = new Environment({ limits: { maxAstNodes: PARTS_MAX, maxDepth: DEPTH_MAX } })

/** Reads an expression that comes to a number. Throws RangeError that says where and what to change. */
export function parseExpression(text: string): Tree {
  if (text.length > CHARACTERS_MAX)
    throw new RangeError(`it has ${text.length} characters: ${CHARACTERS_MAX} at most`)
  return numberIn(syntaxOf(text))
}

function syntaxOf(text: string): ASTNode {
  try {
    return grammar.parse(text).ast
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    if (error.code === 'limit_exceeded')
      throw new RangeError(
        `it is too deep or has too many parts: ${PARTS_MAX} at most, ${DEPTH_MAX} in each other`,
      )
    throw new RangeError(`at character ${(error.node?.pos ?? 0) + 1}: ${unsaid(error.summary)}`)
  }
}

/** The parser's words for its own things. */
function unsaid(summary: string): string {
  return summary.replace('EOF', 'the end').replace(/^./, (letter) => letter.toLowerCase())
}

function numberIn(node: ASTNode): Tree {
  return expected('number', 'a number', node)
}

function conditionIn(node: ASTNode): Tree {
  return expected('boolean', 'true or false', node)
}

function textIn(node: ASTNode): Tree {
  return expected('text', 'a text', node)
}

function expected(kind: Kind, words: string, node: ASTNode): Tree {
  const tree = build(node)
  const found = kindOf(tree)
  if (found === kind || found === 'any') return tree
  const noun = found === 'boolean' ? 'true or false' : `a ${found}`
  throw impossible(node, `this is ${noun} where ${words} is needed`)
}

function build(node: ASTNode): Tree {
  switch (node.op) {
    case 'value':
      return literal(node)
    case 'id':
    case '.':
    case '[]':
      return reading(node)
    case '-_':
      return { is: 'minus', of: numberIn(node.args) }
    case '!_':
      return { is: 'not', of: conditionIn(node.args) }
    case '&&':
    case '||':
      return both(node.op === '&&' ? 'and' : 'or', node.args)
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(node.op, node.args)
    case '<':
    case '<=':
    case '>':
    case '>=':
      return { is: 'comparison', operator: node.op, ...pair(node.args, numberIn) }
    case '==':
    case '!=':
      return equality(node.op, node)
    case '?:':
      return choice(node)
    case 'in':
      return among(node)
    case 'call':
      return call(node)
    case 'rcall':
      return textTest(node)
    default:
      throw impossible(node, 'lists, maps and optional fields are not for metering')
  }
}

type Node<Operator extends ASTNode['op']> = Extract<ASTNode, { readonly op: Operator }>
type Pair = readonly [ASTNode, ASTNode]

function pair([left, right]: Pair, read: (node: ASTNode) => Tree) {
  return { left: read(left), right: read(right) }
}

function both(is: 'and' | 'or', nodes: Pair): Tree {
  return { is, ...pair(nodes, conditionIn) }
}

function arithmetic(operator: Arithmetic, nodes: Pair): Tree {
  return { is: 'arithmetic', operator, ...pair(nodes, numberIn) }
}

const PLAIN_NUMBER = /^\d+(\.\d+)?$/

/** By its text: what the parser has made of it is a double, which may be another number. */
function literal(node: Node<'value'>): Tree {
  const { args: value } = node
  if (typeof value === 'string' || typeof value === 'boolean') return { is: 'literal', value }
  if (value === null)
    throw impossible(node, 'nothing is null here: has(…) says whether there is a value')
  const written = writtenAs(node)
  if (!PLAIN_NUMBER.test(written)) throw impossible(node, 'write a plain number, like 2 or 0.005')
  return { is: 'literal', value: located(node, () => decimal(written)) }
}

function reading(node: ASTNode): Tree {
  const steps = stepsOf(node)
  if (steps.join('.') === 'usage_record.quantity') return { is: 'requests' }
  if (steps[0] === 'usage_record')
    throw impossible(node, 'write usage_record.quantity, which is the number of requests')
  return { is: 'field', field: fieldOf(node, steps) }
}

function fieldOf(node: ASTNode, steps: readonly Step[]): Field {
  return located(node, () => fieldAt(steps))
}

/** The names from the root on. They are all literal, for a field must be known before there is a request. */
function stepsOf(node: ASTNode): Step[] {
  if (node.op === 'id') return [node.args]
  if (node.op === '.') return [...stepsOf(node.args[0]), node.args[1]]
  if (node.op !== '[]') throw impossible(node, 'a field is read from request, response or metadata')
  const [holder, inside] = node.args
  return [...stepsOf(holder), stepOf(inside)]
}

function stepOf(node: ASTNode): Step {
  if (node.op === 'value' && typeof node.args === 'string') return node.args
  if (node.op === 'value' && typeof node.args === 'bigint' && /^\d{1,9}$/.test(writtenAs(node)))
    return Number(node.args) // tidy: not money — a place in a list
  throw impossible(node, 'in brackets stands a text in quotes, or a whole number')
}

function equality(operator: Comparison, node: Node<'==' | '!='>): Tree {
  const sides = pair(node.args, build)
  assertComparable(node, sides.left, sides.right)
  return { is: 'comparison', operator, ...sides }
}

function assertComparable(node: ASTNode, left: Tree, right: Tree): void {
  const [one, other] = [kindOf(left), kindOf(right)]
  if (one === other || one === 'any' || other === 'any') return
  throw impossible(node, `one side is a ${one} and the other a ${other}: write two of a kind`)
}

function choice(node: Node<'?:'>): Tree {
  const [condition, one, other] = node.args
  const chosen = { ifTrue: build(one), ifFalse: build(other) }
  assertComparable(node, chosen.ifTrue, chosen.ifFalse)
  return { is: 'choice', condition: conditionIn(condition), ...chosen }
}

function among(node: Node<'in'>): Tree {
  const [sought, list] = node.args
  if (list.op !== 'list')
    throw impossible(list, 'after `in` stands a list, like [200, 201]; has(…) asks for a field')
  const value = build(sought)
  const others = list.args.map((element) => {
    const other = build(element)
    assertComparable(element, value, other)
    return other
  })
  return { is: 'among', value, others }
}

function call(node: Node<'call'>): Tree {
  const [name, args] = node.args
  if (name === 'has') return presence(node, args)
  const known = FUNCTION_NAMES.find((one) => one === name)
  if (!known)
    throw impossible(
      node,
      `there is no function ${name}; there are has, ${FUNCTION_NAMES.join(', ')}`,
    )
  assertCount(node, known, args.length)
  return { is: 'call', name: known, args: args.map(numberIn) }
}

function assertCount(node: ASTNode, name: FunctionName, count: number): void {
  const takesMany = name === 'min' || name === 'max'
  if (takesMany ? count > 0 : count === 1) return
  throw impossible(node, `${name} takes ${takesMany ? 'one number or more' : 'one number'}`)
}

function presence(node: ASTNode, args: readonly ASTNode[]): Tree {
  const [asked] = args
  if (!asked || args.length > 1) throw impossible(node, 'has takes one field')
  return { is: 'has', field: fieldOf(asked, stepsOf(asked)) }
}

const TEXT_TESTS: readonly TextTest[] = ['contains', 'startsWith', 'endsWith']

function textTest(node: Node<'rcall'>): Tree {
  const [name, text, args] = node.args
  const test = TEXT_TESTS.find((one) => one === name)
  const [part] = args
  if (!test)
    throw impossible(node, `there is no ${name}; of a text one can ask ${TEXT_TESTS.join(', ')}`)
  if (!part || args.length > 1) throw impossible(node, `${test} takes one text`)
  return { is: 'text test', test, text: textIn(text), part: textIn(part) }
}

function writtenAs({ input, start, end }: ASTNode): string {
  return input.slice(start, end)
}

/** What `read` refuses, with where it stands. */
function located<T>(node: ASTNode, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof RangeError ? impossible(node, error.message) : error
  }
}

function impossible(node: ASTNode, why: string): RangeError {
  const written = writtenAs(node)
  const excerpt =
    written.length > EXCERPT_LENGTH_MAX ? `${written.slice(0, EXCERPT_LENGTH_MAX)}…` : written
  return new RangeError(`at character ${node.start + 1} (${excerpt}): ${why}`)
}
