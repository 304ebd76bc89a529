import { failures } from '../errors.ts'

/**
 * What a call of a language model used. Input, cache and output are apart, so that each can have its price:
 * together they are `totalTokens`.
 */
export type LlmUsage = {
  /** Input that neither came from a cache nor was put into one. */
  readonly inputTokens: number
  readonly cacheReadTokens: number
  readonly cacheCreationTokens: number
  /** All output, reasoning too. */
  readonly outputTokens: number
  /** Of the output. 0 where an answer does not say. */
  readonly reasoningTokens: number
  readonly totalTokens: number
  /** False for a stream that ended early: it used at least this. */
  readonly isComplete: boolean
  readonly responseId: string | null
  /** In seconds since 1970. */
  readonly createdAt: number | null
  readonly model: string | null
}

/** As an answer counts. Cumulative where it is streamed: of two the larger holds. */
export type TokenCounts = {
  /** With what OpenAI counts as cached, and without what Anthropic does. */
  readonly input: number
  readonly cachedInput: number
  readonly cacheRead: number
  readonly cacheCreation: number
  readonly output: number
  readonly reasoning: number
}

/** Of which answer usage is told. */
export type Source = Pick<LlmUsage, 'responseId' | 'createdAt' | 'model'>

type Fields = Readonly<Record<string, unknown>>

const TOKENS_MAX = 1e12 // what adds up stays exact in a double
const INPUT = ['prompt_tokens', 'input_tokens'] as const
const OUTPUT = ['completion_tokens', 'output_tokens'] as const

/**
 * Usage in a whole answer: of OpenAI's chat completions, responses and embeddings, of Anthropic's messages,
 * and of what answers like them. Throws an `invalid` error for an answer without.
 */
export function llmUsage(answer: unknown): LlmUsage {
  const fields = fieldsOf(answer)
  const counts = countsIn(fields.usage)
  if (counts === null) throw failures.invalid('usage', 'is not in the answer')
  return usageOf(counts, sourceOf(fields), true)
}

/** Null where there is no usage. Throws an `invalid` error for counts that are none. */
export function countsIn(usage: unknown): TokenCounts | null {
  const fields = fieldsOf(usage)
  if (![...INPUT, ...OUTPUT].some((name) => isGiven(fields[name]))) return null
  const inputDetails = detailsOf(fields, INPUT)
  const outputDetails = detailsOf(fields, OUTPUT)
  return {
    input: count(fields, INPUT),
    cachedInput: count(inputDetails, ['cached_tokens']),
    cacheRead: count(fields, ['cache_read_input_tokens']),
    cacheCreation: count(fields, ['cache_creation_input_tokens']),
    output: count(fields, OUTPUT),
    reasoning: count(outputDetails, ['reasoning_tokens']),
  }
}

export function usageOf(counts: TokenCounts, source: Source, isComplete: boolean): LlmUsage {
  const { input, cachedInput, cacheRead, cacheCreation, output, reasoning } = counts
  if (cachedInput > input)
    throw failures.invalid('usage', 'must have no more cached tokens than tokens of input')
  const inputTokens = input - cachedInput
  const cacheReadTokens = cachedInput + cacheRead
  return {
    ...{ inputTokens, cacheReadTokens, cacheCreationTokens: cacheCreation },
    ...{ outputTokens: output, reasoningTokens: reasoning },
    totalTokens: inputTokens + cacheReadTokens + cacheCreation + output,
    ...{ isComplete, ...source },
  }
}

/** Of an answer, or of a chunk of one. */
export function sourceOf(fields: Fields): Source {
  const { id, model } = fields
  const createdAt = fields.created ?? fields.created_at
  return {
    responseId: typeof id === 'string' && id !== '' ? id : null,
    createdAt: isCount(createdAt) ? createdAt : null,
    model: typeof model === 'string' && model !== '' ? model : null,
  }
}

/** None for what is no object. */
export function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {}
}

function detailsOf(fields: Fields, names: readonly string[]): Fields {
  return fieldsOf(names.map((name) => fields[`${name}_details`]).find(isGiven))
}

/** 0 where none of the names is given. */
function count(fields: Fields, names: readonly string[]): number {
  const name = names.find((each) => isGiven(fields[each]))
  if (name === undefined) return 0
  const value = fields[name]
  if (isCount(value)) return value
  throw failures.invalid(`usage.${name}`, 'must be a whole number, not negative')
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < TOKENS_MAX
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null
}
