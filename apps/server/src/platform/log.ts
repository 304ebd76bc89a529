import { type DestinationStream, type Logger as PinoLogger, pino } from 'pino'

export type Logger = PinoLogger

/** Paths whose values never reach a log, wherever in an object they stand. */
const SECRET_PATHS = [
  'req.headers.authorization',
  'req.headers.cookie',
  'req.headers["x-usageflow-api-key"]',
  '*.secret',
  '*.password',
  '*.apiKey',
  'secret',
  'password',
  'apiKey',
]

/** One JSON object a line, on standard output unless told otherwise; secrets are replaced. */
export function openLog(level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    redact: { paths: SECRET_PATHS, censor: '[redacted]' },
    serializers: { err: toLoggedError },
    base: null,
  }
  return destination ? pino(options, destination) : pino(options)
}

/** A log that says nothing, for tests and for tools that speak for themselves. */
export function silentLog(): Logger {
  return pino({ level: 'silent' })
}

type LoggedError = Readonly<Record<string, unknown>>

/**
 * What is logged of an error. Libraries hang all sorts of things on theirs, like the connection with
 * its keys or the row that was refused: only what is named here gets out.
 */
function toLoggedError(error: unknown): LoggedError {
  if (!(error instanceof Error)) return { message: String(error) }
  const { code, constraint, table } = error as {
    code?: string
    constraint?: string
    table?: string
  }
  return {
    type: error.name,
    message: error.message,
    stack: error.stack,
    code,
    constraint,
    table,
    ...(error.cause === undefined ? {} : { cause: toLoggedError(error.cause) }),
  }
}
