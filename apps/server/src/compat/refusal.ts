import { Failure } from '../platform/errors.ts'
import type { ErrorAnswer } from '../platform/http/answer.ts'

/** Why the event in this place of a request was refused. */
export type Refusal = {
  readonly index: number
  /** What the client calls the event; empty where nobody asks. */
  readonly name: string
  readonly failure: Failure
}

const REFUSALS_SHOWN = 20

/** One failure for a whole request, since its client reads one answer for all events. */
export function refusalOf(
  refusals: readonly [Refusal, ...Refusal[]],
  { sent, stored }: { readonly sent: number; readonly stored: number },
): Failure {
  const [{ index, failure }] = refusals
  const { kind, code, details } = failure
  const events = refusals
    .slice(0, REFUSALS_SHOWN)
    .map(({ index: at, name, failure: { message } }) => ({ index: at, name, message }))
  if (sent === 1) return new Failure(kind, code, failure.message, { ...details, events })
  const more = refusals.length > 1 ? ` (and ${refusals.length - 1} more)` : ''
  const rest = whatOfTheRest(sent - refusals.length, stored)
  const message = `events[${index}]: ${failure.message}${more} ${rest}`
  return new Failure(kind, code, message, { ...details, events })
}

/** Sending the request again is safe after each of them. */
function whatOfTheRest(others: number, stored: number): string {
  if (stored === 0) return 'Nothing of this request was stored.'
  return stored === others
    ? 'The others are stored.'
    : 'Of the others those with an id are stored, those without are not.'
}

/** The events that a failure is about, the first of them; empty for a failure of the request itself. */
export function refusedEvents({ body }: ErrorAnswer): readonly {
  readonly index: number
  readonly name: string
  readonly message: string
}[] {
  const { events } = body.error.details
  return Array.isArray(events) ? events : []
}
