import { Failure } from '../platform/errors.ts'

/**
 * Every failure that usage can answer with. What has the wrong shape whenever it is sent is malformed
 * (400); what a rule refuses here and now is invalid (422) or in conflict (409).
 */
export const failures = {
  /** `at` is the field, like `metadata.model`; `rule` completes "… must …". */
  malformed: (at: string, rule: string) =>
    new Failure('malformed', 'usage.malformed', `${at}: ${rule}`, { at }),

  batchTooLong: (eventsMax: number) =>
    new Failure(
      'malformed',
      'usage.batch_too_long',
      `Send 1 to ${eventsMax} events in an array, or any number as application/x-ndjson.`,
    ),

  bodyTooLarge: (bytesMax: number) =>
    new Failure(
      'malformed',
      'request.too_large',
      `The body is larger than ${bytesMax / (1024 * 1024)} MiB. Send less at once.`,
    ),

  lineTooLong: (bytesMax: number) =>
    new Failure(
      'malformed',
      'usage.line_too_long',
      `The line is longer than ${bytesMax / (1024 * 1024)} MiB. An event fits into less.`,
    ),

  mediaType: () =>
    new Failure(
      'malformed',
      'request.media_type',
      'Send one header `Content-Type: application/json` and a body that is not compressed.',
    ),

  twoKeys: () =>
    new Failure(
      'malformed',
      'usage.two_keys',
      'The header Idempotency-Key and the field idempotencyKey differ. Send one of them.',
    ),

  keyForMany: () =>
    new Failure(
      'malformed',
      'usage.key_for_many',
      'An Idempotency-Key header names one event. Give each event of an array its idempotencyKey.',
    ),

  /** A double cannot say which decimal was meant. */
  amountTooPrecise: () =>
    new Failure(
      'invalid',
      'usage.amount_too_precise',
      'A number keeps at most 15 significant digits, up to 2^53 - 1: send `amount` as a string, like "0.1234567890123".',
    ),

  tooLate: (daysMax: number) =>
    new Failure(
      'invalid',
      'usage.timestamp_too_old',
      `timestamp is more than ${daysMax} days ago. Older events come with an import.`,
    ),

  tooEarly: (minutesMax: number) =>
    new Failure(
      'invalid',
      'usage.timestamp_in_future',
      `timestamp is more than ${minutesMax} minutes ahead of this environment's clock.`,
    ),

  outsideImport: (importId: string) =>
    new Failure(
      'invalid',
      'usage.outside_import',
      `timestamp lies outside the window of import ${importId}.`,
    ),

  /** Also for another environment's import: nobody learns that it exists. */
  importUnknown: (importId: string) =>
    new Failure('invalid', 'usage.import_unknown', `There is no import "${importId}".`),

  importReverted: (importId: string) =>
    new Failure(
      'invalid',
      'usage.import_reverted',
      `Import ${importId} was reverted and takes no events.`,
    ),

  meterUnknown: (name: string) =>
    new Failure(
      'invalid',
      'usage.meter_unknown',
      `No meter reads events named "${name}", and this environment refuses them.`,
    ),

  /** Answering OK would lose the second event in silence. */
  keyReused: () =>
    new Failure(
      'invalid',
      'usage.key_reused',
      'This idempotency key has another event. Send a new event with a new key.',
    ),

  /** A mistake of ours: what passes our checks should pass PostgreSQL's. Logged as an error. */
  notStorable: () =>
    new Failure('invalid', 'usage.not_storable', 'The event cannot be stored as it is.'),

  /** Nothing is known to be stored. The same keys may be sent again without risk. */
  unavailable: () =>
    new Failure(
      'unavailable',
      'usage.unavailable',
      'The events could not be stored in time. Send them again with the same idempotency keys.',
      { retryAfter: 1 },
    ),

  overloaded: () =>
    new Failure(
      'unavailable',
      'usage.overloaded',
      'More events are arriving than can be stored. Nothing of this request was: send it again.',
      { retryAfter: 1 },
    ),

  eventNotFound: (eventId: string) =>
    new Failure('not_found', 'usage.event_not_found', `There is no event "${eventId}".`),

  alreadyVoid: (eventId: string) =>
    new Failure('conflict', 'usage.event_void', `Event ${eventId} is void already.`),

  nothingAmended: () =>
    new Failure(
      'malformed',
      'usage.malformed',
      'Send an amount, metadata or a timestamp to amend.',
    ),

  whichEvents: () =>
    new Failure(
      'malformed',
      'usage.which_events',
      'Say whose events: send `customerId`, or `idempotencyKey` alone.',
    ),

  tailFull: () =>
    new Failure(
      'unavailable',
      'usage.tail_full',
      'Too many are listening to this server. Try again later.',
      { retryAfter: 5 },
    ),

  importNotFound: (importId: string) =>
    new Failure('not_found', 'usage.import_not_found', `There is no import "${importId}".`),

  importWindow: () =>
    new Failure(
      'invalid',
      'usage.import_window',
      'An import takes events of a window in the past: `from` before `to`, and `to` not ahead of the clock.',
    ),
}
