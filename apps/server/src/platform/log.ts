import { type Logger as PinoLogger, pino } from 'pino'

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

/** One JSON object a line on standard error's sibling, standard output; secrets are replaced. */
export function openLog(level: string): Logger {
  return pino({ level, redact: { paths: SECRET_PATHS, censor: '[redacted]' }, base: null })
}

/** A log that says nothing, for tests and for tools that speak for themselves. */
export function silentLog(): Logger {
  return pino({ level: 'silent' })
}
