import { failures, type UsageFlowError } from './errors.ts'

/** As much of `fetch` as is used, so that the types need neither those of Node nor of a browser. */
export type Fetch = (url: string, init: object) => Promise<object>

export type SpoolOptions = {
  /** Of this program alone; processes share the folder, and never a file in it. */
  readonly folder: string
  /** Survive power cuts too, and not just the end of the process: about one disk write more at a time, off the host's path. */
  readonly fsync?: boolean | undefined
}

export type UsageFlowOptions = {
  /** With the scope `usage:write`. Default: the variable USAGEFLOW_API_KEY. */
  readonly apiKey?: string | undefined
  /** Like `https://usage.example.com`. Default: the variable USAGEFLOW_URL. */
  readonly baseUrl?: string | undefined
  /** How long usage is gathered before it is sent. Default 1,000. */
  readonly flushMs?: number | undefined
  /** Sent as soon as so many events wait; also the most in one request. Default and limit 1,000. */
  readonly batchEventsMax?: number | undefined
  /** How long an answer may take. Default 5,000. */
  readonly timeoutMs?: number | undefined
  /** Default 10,000. What is tracked beyond is dropped and counted. */
  readonly queueEventsMax?: number | undefined
  /** Default 16 MiB. */
  readonly queueBytesMax?: number | undefined
  /** Sum what is tracked between two flushes for the same customer, name and metadata into one event. Default false. */
  readonly aggregate?: boolean | undefined
  /** Keep what waits on disk as well, so that it outlives the process. Needs Node. */
  readonly spool?: SpoolOptions | undefined
  /** Told of everything that does not go well. Default: a warning on the console, at most one a minute of each kind. */
  readonly onError?: ((error: UsageFlowError) => void) | undefined
  readonly fetch?: Fetch | undefined
  /** What time it is: for a test environment whose clock was moved. Default: the machine's. */
  readonly clock?: (() => Date) | undefined
}

export type Config = {
  readonly apiKey: string
  /** Without a slash behind it. */
  readonly baseUrl: string
  readonly flushMs: number
  readonly batchEventsMax: number
  readonly timeoutMs: number
  readonly queueEventsMax: number
  readonly queueBytesMax: number
  readonly aggregate: boolean
  readonly spool: SpoolOptions | null
  readonly fetch: Fetch
}

/** What the process was started with; elsewhere than in Node, nothing. */
export const environmentOf = (): Environment => (typeof process === 'undefined' ? {} : process.env)

type Environment = Readonly<Record<string, string | undefined>>

const BATCH_EVENTS_MAX = 1_000 // what the server takes at once
const MIB = 1024 * 1024
const DELAY_MS_MAX = 2_147_483_647 // what a timer holds

/** The options with what the environment says and the defaults. Throws a `config` error. */
export function readConfig(options: UsageFlowOptions): Config {
  const environment = environmentOf()
  return {
    apiKey: readApiKey(options.apiKey ?? environment.USAGEFLOW_API_KEY),
    baseUrl: readBaseUrl(options.baseUrl ?? environment.USAGEFLOW_URL),
    flushMs: readWhole('flushMs', options.flushMs, 1_000, DELAY_MS_MAX),
    batchEventsMax: readWhole('batchEventsMax', options.batchEventsMax, 1_000, BATCH_EVENTS_MAX),
    timeoutMs: readWhole('timeoutMs', options.timeoutMs, 5_000, DELAY_MS_MAX),
    queueEventsMax: readWhole('queueEventsMax', options.queueEventsMax, 10_000),
    queueBytesMax: readWhole('queueBytesMax', options.queueBytesMax, 16 * MIB),
    aggregate: options.aggregate ?? false,
    spool: options.spool ?? null,
    fetch: options.fetch ?? globalThis.fetch,
  }
}

/** A key that a header cannot carry would show up in the message of what carries headers. */
export function readApiKey(apiKey: string | undefined): string {
  if (!apiKey) throw failures.config('Give an apiKey, or set USAGEFLOW_API_KEY.')
  if (!/^[\x21-\x7e]+$/.test(apiKey))
    throw failures.config('The apiKey has characters that no key has.')
  return apiKey
}

export function readBaseUrl(baseUrl: string | undefined): string {
  if (!baseUrl) throw failures.config('Give a baseUrl, or set USAGEFLOW_URL.')
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : null
  if (url === null || !/^https?:$/.test(url.protocol))
    throw failures.config('The baseUrl must begin with http:// or https://.')
  if (url.username || url.password || url.search || url.hash)
    throw failures.config('The baseUrl must have no user, password, query or fragment.')
  return url.href.replace(/\/+$/, '')
}

function readWhole(
  name: string,
  value: number | undefined,
  byDefault: number,
  max = Number.MAX_SAFE_INTEGER,
): number {
  if (value === undefined) return byDefault
  if (Number.isSafeInteger(value) && value >= 1 && value <= max) return value
  throw failures.config(`${name} must be a whole number from 1 to ${max}.`)
}
