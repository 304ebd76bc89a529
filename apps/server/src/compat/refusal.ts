import { Failure } from '../platform/errors.ts'

/** Why the event in this place of a request was refused. Alone: its neighbours were stored. */
export type Refusal = {
  readonly index: number
  readonly failure: Failure
  readonly isAlone: boolean
}

const REFUSALS_SHOWN = 20

/** One failure for a request of `sent` events, since its client reads one answer for all of them. */
export function refusalOf(refusals: readonly [Refusal, ...Refusal[]], sent: number): Failure {
  const [{ index, failure, isAlone }] = refusals
  const { kind, code, details } = failure
  const events = refusals
    .slice(0, REFUSALS_SHOWN)
    .map((one) => ({ index: one.index, message: one.failure.message }))
  if (sent === 1) return new Failure(kind, code, failure.message, { ...details, events })
  const more = refusals.length > 1 ? ` (and ${refusals.length - 1} more)` : ''
  const rest = isAlone ? 'The others are stored.' : 'Nothing of this request was stored.'
  const message = `events[${index}]: ${failure.message}${more} ${rest}`
  return new Failure(kind, code, message, { ...details, events })
}
