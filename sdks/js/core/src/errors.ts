import type { SentEvent } from './event.ts'

/**
 * What an error means for the usage that it is about.
 *
 * `config`: the client cannot be made like this. `invalid`: it is no event, and was not sent. `refused`:
 * the server will not take it, now or later. `unavailable`: no answer is known; what was tracked is kept
 * and sent again. `dropped`: it was given up for want of room, or at the end. `spool`: the disk does not
 * take it; it is kept in memory. `internal`: a mistake of this package.
 */
export type ErrorKind =
  | 'config'
  | 'invalid'
  | 'refused'
  | 'unavailable'
  | 'dropped'
  | 'spool'
  | 'internal'

type About = {
  readonly event?: SentEvent | undefined
  readonly count?: number
  readonly status?: number | undefined
}

/** Everything that this package throws or reports. Holds no secret, and neither does its message. */
export class UsageFlowError extends Error {
  override readonly name = 'UsageFlowError'
  readonly kind: ErrorKind
  /** Stable, to branch on: one of the server's, like `usage.key_reused`, or one of ours, `client.…`. */
  readonly code: string
  /** The event as it was sent, with its key and time: sent again like this it counts once. */
  readonly event: SentEvent | undefined
  /** How many calls of `track` or `send` it is about. */
  readonly count: number
  /** Of the server's answer, if there was one. */
  readonly status: number | undefined

  constructor(kind: ErrorKind, code: string, message: string, about: About = {}) {
    super(message)
    this.kind = kind
    this.code = code
    this.event = about.event
    this.count = about.count ?? 1
    this.status = about.status
  }
}

export const failures = {
  config: (what: string) => new UsageFlowError('config', 'client.config', what),

  /** `at` is the field; `rule` completes "… must …". */
  invalid: (at: string, rule: string) =>
    new UsageFlowError('invalid', 'client.invalid_event', `${at}: ${rule}`),

  noAnswer: (code: string, reason: string, about: About) =>
    new UsageFlowError('unavailable', code, reason, about),

  queueFull: (count: number) =>
    new UsageFlowError(
      'dropped',
      'client.queue_full',
      `The queue is full: usage was dropped (${count}).`,
      { count },
    ),

  reportRefused: (status: number) =>
    new UsageFlowError(
      'refused',
      'client.report_refused',
      `The server took no report of statistics (${status}): they miss what it said. Usage goes apart from it.`,
      { count: 0, status },
    ),

  internal: (error: unknown) =>
    new UsageFlowError(
      'internal',
      'client.internal',
      `A mistake of ours; the request goes on as if we were not here: ${String(error).slice(0, MESSAGE_LENGTH_MAX)}`,
      { count: 0 },
    ),

  closed: (count: number) =>
    new UsageFlowError(
      'dropped',
      'client.closed',
      `The client is closed: usage was dropped (${count}).`,
      { count },
    ),

  leftAtExit: (count: number) =>
    new UsageFlowError(
      'unavailable',
      'client.exit',
      `The process ends before all usage could be sent (${count}).`,
      { count },
    ),

  spool: (error: unknown) =>
    new UsageFlowError(
      'spool',
      'client.spool_failed',
      `The spool cannot be used${errorCode(error)}: usage is kept in memory alone.`,
      { count: 0 },
    ),

  damaged: (lines: number) =>
    new UsageFlowError(
      'spool',
      'client.spool_damaged',
      `A spool had lines that cannot be read (${lines}): a process or a disk failed while they were written.`,
      { count: lines },
    ),
}

/** What the system calls the trouble, like ` (ENOSPC)`. */
export function errorCode(error: unknown): string {
  const { code } = (error ?? {}) as { code?: unknown }
  return typeof code === 'string' ? ` (${code.slice(0, CODE_LENGTH_MAX)})` : ''
}

const CODE_LENGTH_MAX = 60
const MESSAGE_LENGTH_MAX = 200
