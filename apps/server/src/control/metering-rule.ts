import { compileExpression, type Expression } from '../expressions/expression.ts'

export const STATUS_CLASSES = ['2xx', '3xx', '4xx', '5xx'] as const
export type StatusClass = (typeof STATUS_CLASSES)[number]

/** What of the requests that a policy covers is usage, and how much of it each is. */
export type MeteringRule = {
  /** Never means anything else: usage is counted by the rule it was measured with. */
  readonly id: string
  /** The name of the events, as meters read it. */
  readonly event: string
  /** An expression. */
  readonly quantity: string
  readonly when: readonly StatusClass[]
}

/** A rule as it is asked for. */
export type WantedRule = Omit<MeteringRule, 'id'>

/** A rule with what its expression comes to. */
export type CompiledRule = Pick<MeteringRule, 'id' | 'event'> & Expression

export function compileRule({ id, event, quantity }: MeteringRule): CompiledRule {
  return { id, event, ...compileExpression(quantity) }
}

/** Whether both measure the same requests in the same way: then they are one rule. */
export function isSameRule(one: WantedRule, other: WantedRule): boolean {
  return (
    one.event === other.event &&
    one.quantity === other.quantity &&
    one.when.length === other.when.length &&
    one.when.every((statusClass) => other.when.includes(statusClass))
  )
}

/** In their order, each once. */
export function orderedClasses(when: readonly StatusClass[]): StatusClass[] {
  return STATUS_CLASSES.filter((statusClass) => when.includes(statusClass))
}
