import { failures } from '../errors.ts'
import {
  countsIn,
  fieldsOf,
  type LlmUsage,
  type Source,
  sourceOf,
  type TokenCounts,
  usageOf,
} from './llm-usage.ts'
import { SseReader } from './sse-reader.ts'

type Fields = ReturnType<typeof fieldsOf>

const NO_SOURCE: Source = { responseId: null, createdAt: null, model: null }
const LAST_OF_RESPONSE: ReadonlySet<unknown> = new Set([
  'response.completed',
  'response.incomplete',
  'response.failed',
])

/** Reads the usage of one answer while it comes, in whatever pieces. */
export class LlmStreamReader {
  readonly #sse = new SseReader()
  #counts: TokenCounts | null = null
  #source = NO_SOURCE
  #isFinished = false
  #isComplete = false

  /**
   * Takes bytes or text of server-sent events, cut anywhere, or an event as clients of the APIs give it.
   * Throws an `invalid` error for counts that are none.
   */
  push(chunk: unknown): void {
    if (typeof chunk === 'string' || chunk instanceof Uint8Array)
      for (const event of this.#sse.push(chunk)) this.#take(fieldsOf(event))
    else this.#take(fieldsOf(chunk))
  }

  /** What was used as far as it was told. Throws an `invalid` error when nothing was. */
  usage(): LlmUsage {
    for (const event of this.#sse.end()) this.#take(fieldsOf(event))
    if (this.#counts === null)
      throw failures.invalid(
        'usage',
        'was not in the stream: ask for it by stream_options.include_usage; it comes last, and not to who leaves early',
      )
    return usageOf(this.#counts, this.#source, this.#isComplete)
  }

  #take(event: Fields): void {
    const { type } = event
    if (type === 'message_start') this.#see(fieldsOf(event.message))
    else if (type === 'message_delta') {
      this.#see({ usage: event.usage })
      this.#end(isText(fieldsOf(event.delta).stop_reason))
    } else if (typeof type === 'string' && type.startsWith('response.')) {
      this.#see(fieldsOf(event.response))
      this.#end(LAST_OF_RESPONSE.has(type))
    } else if (type === undefined) this.#takeCompletion(event)
  }

  /** A chunk of a chat completion: usage comes with the reason to stop, or behind it. */
  #takeCompletion(chunk: Fields): void {
    const choices = Array.isArray(chunk.choices) ? chunk.choices : []
    this.#isFinished ||= choices.some((choice) => isText(fieldsOf(choice).finish_reason))
    const isTold = this.#see(chunk)
    this.#end(isTold && this.#isFinished)
  }

  #see(answer: Fields): boolean {
    const { responseId, createdAt, model } = sourceOf(answer)
    this.#source = {
      responseId: this.#source.responseId ?? responseId,
      createdAt: this.#source.createdAt ?? createdAt,
      model: this.#source.model ?? model,
    }
    const counts = countsIn(answer.usage)
    if (counts !== null) this.#counts = larger(this.#counts, counts)
    return counts !== null
  }

  #end(isLast: boolean): void {
    this.#isComplete ||= isLast && this.#counts !== null
  }
}

/** Counts of a stream only ever grow; what a later event leaves out is known from an earlier one. */
function larger(known: TokenCounts | null, told: TokenCounts): TokenCounts {
  if (known === null) return told
  return {
    input: Math.max(known.input, told.input),
    cachedInput: Math.max(known.cachedInput, told.cachedInput),
    cacheRead: Math.max(known.cacheRead, told.cacheRead),
    cacheCreation: Math.max(known.cacheCreation, told.cacheCreation),
    output: Math.max(known.output, told.output),
    reasoning: Math.max(known.reasoning, told.reasoning),
  }
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== ''
}
