import { once } from 'node:events'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import type { Logger } from '../log.ts'
import { preparedName } from './prepared.ts'
import type { Schema } from './schema.gen.ts'
import type { Tx } from './transaction.ts'

export type DatabaseOptions = {
  readonly url: string
  readonly log: Logger
  /** The role that may not change what must never change; null when the database has none. */
  readonly role?: string | null
  readonly connectionsMax?: number
  /** How long a query waits for a connection. */
  readonly connectTimeoutMs?: number
  /** A statement that runs longer is ended by the server. Long reads pass their own limit. */
  readonly statementTimeoutMs?: number
  readonly name?: string
}

/** The database as every feature sees it. */
export type Database = {
  readonly kysely: Kysely<Schema>
  readonly pool: pg.Pool
  /** Runs `work` in one transaction. Throws if it could not be committed, whatever PostgreSQL answered. */
  inTransaction<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** The settings of a connection that belongs to the caller alone (`COPY`, leases, listening). */
  connectionConfig(name: string): pg.ClientConfig
  end(): Promise<void>
}

const CONNECTIONS_MAX = 16
const CONNECT_TIMEOUT_MS = 2_000 // waiting longer only moves the queue into memory: shed instead
const STATEMENT_TIMEOUT_MS = 30_000
const LOCK_TIMEOUT_MS = 5_000
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000

const GOODBYE_MS = 2_000 // a dead line takes leave of nobody
const SERVER_HEAD_START_MS = 2_000 // the server ends a slow statement first; silence beyond it is a dead line

/** Opens a pool. Nothing is sent until the first query. */
export function openDatabase(options: DatabaseOptions): Database {
  const { log, statementTimeoutMs = STATEMENT_TIMEOUT_MS } = options
  const { connectTimeoutMs = CONNECT_TIMEOUT_MS } = options
  const config = clientConfig(options, statementTimeoutMs)
  const pool = new pg.Pool({
    ...config,
    Client: CheckedClient as typeof pg.Client,
    max: options.connectionsMax ?? CONNECTIONS_MAX,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: statementTimeoutMs + SERVER_HEAD_START_MS,
    idleTimeoutMillis: 30_000,
  })
  // Without both listeners a lost connection ends the process.
  pool.on('error', (error) => log.warn({ err: error }, 'an idle database connection was lost'))
  pool.on('connect', (client) =>
    client.on('error', (error) => log.warn({ err: error }, 'a database connection was lost')),
  )
  const kysely = new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) })
  return {
    kysely,
    pool,
    inTransaction: (work) => kysely.transaction().execute(work),
    connectionConfig: (name) => ({ ...config, application_name: name }),
    async end() {
      const gone = untilGone(pool)
      await kysely.destroy()
      await gone
    },
  }
}

/** The pool's own promise resolves while connections are still being closed: a PostgreSQL that is stopped then would end them. */
async function untilGone(pool: pg.Pool): Promise<void> {
  let open = pool.totalCount
  if (open === 0) return
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, GOODBYE_MS)
    pool.on('remove', () => {
      open -= 1
      if (open > 0) return
      clearTimeout(timer)
      resolve()
    })
  })
}

function clientConfig(options: DatabaseOptions, statementTimeoutMs: number): pg.ClientConfig {
  const { connectionString, theirs } = splitOptions(options.url)
  const settings = [
    ...theirs,
    '-c TimeZone=UTC',
    `-c statement_timeout=${statementTimeoutMs}`,
    `-c lock_timeout=${LOCK_TIMEOUT_MS}`,
    `-c idle_in_transaction_session_timeout=${IDLE_IN_TRANSACTION_TIMEOUT_MS}`,
    ...(options.role ? [`-c role=${options.role}`] : []),
  ]
  return {
    connectionString,
    application_name: options.name ?? 'usageflow',
    options: settings.join(' '), // the last word on a setting holds
    keepAlive: true,
    types: exactTypes(),
  }
}

/** What stands under `options` in a URL would replace ours, and with them the role. */
function splitOptions(url: string): { connectionString: string; theirs: readonly string[] } {
  const [address = '', query = ''] = url.split(/\?(.*)/s)
  const parameters = new URLSearchParams(query)
  const theirs = parameters.getAll('options')
  parameters.delete('options')
  const rest = parameters.toString()
  return { connectionString: rest === '' ? address : `${address}?${rest}`, theirs }
}

const TEXT_ARRAY: number = 1009 // the enumeration of pg leaves the arrays out
const NUMERIC_ARRAY: number = 1231
const DATE = 1082

/** Arrays of decimals would come as floats, and a day as midnight in the time zone of the machine. */
function exactTypes(): pg.CustomTypesConfig {
  const types = new pg.TypeOverrides()
  types.setTypeParser(NUMERIC_ARRAY, pg.types.getTypeParser(TEXT_ARRAY))
  types.setTypeParser(DATE, (text: string) => text)
  return types
}

/**
 * PostgreSQL answers the COMMIT of a failed transaction with ROLLBACK and no error. Whoever trusts
 * that answer acknowledges what was thrown away, so here it is an error. And whoever waits in vain
 * for an answer must not hand the connection on: it still waits.
 */
class CheckedClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: pg's overloads cannot be spelled here; calls pass unchanged
  override query(...args: any[]): any {
    const answer: unknown = super.query(...(named(args) as [string]))
    if (!(answer instanceof Promise)) return answer
    return answer.then(
      (result: pg.QueryResult) => {
        if (isCommit(args[0]) && result.command !== 'COMMIT')
          throw new Error('the transaction was rolled back instead of committed')
        return result
      },
      async (error: Error) => {
        if (error.message === ANSWER_MISSING) await this.hangUp()
        throw error
      },
    )
  }

  /** Resolves when the pool has seen it too, so that nobody is given the dead connection. */
  private async hangUp(): Promise<void> {
    const { stream } = (this as unknown as { readonly connection: pg.Connection }).connection
    const closed = stream.closed ? undefined : once(stream, 'close')
    stream.destroy()
    await closed
  }
}

/** Gives a statement that is to be planned once its name. */
function named(args: readonly unknown[]): readonly unknown[] {
  const [text, values, ...others] = args
  const name = typeof text === 'string' ? preparedName(text) : undefined
  return name === undefined ? args : [{ name, text, values }, ...others]
}

const ANSWER_MISSING = 'Query read timeout' // pg has no code for it

function isCommit(query: unknown): boolean {
  const text = typeof query === 'string' ? query : (query as { text?: unknown } | null)?.text
  return typeof text === 'string' && text.trim().toLowerCase() === 'commit'
}

/** SQLSTATE of an error of PostgreSQL, or undefined for any other error. */
export function sqlState(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | null)?.code
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}

/** Name of the violated constraint, when a unique or foreign key or a check refused the row. */
export function violatedConstraint(error: unknown): string | undefined {
  if (!sqlState(error)?.startsWith('23')) return undefined
  const name = (error as { constraint?: unknown }).constraint
  return typeof name === 'string' ? name : undefined
}

/**
 * Whether the database could not be reached, was going down, or gave up for a reason that passes, like a
 * deadlock: a retry later may succeed.
 */
export function isOutage(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  if (typeof code === 'string' && OUTAGE_CODES.test(code)) return true
  return error instanceof Error && OUTAGE_MESSAGES.test(error.message)
}

/** Lost connections, shutdown, no resources, limits of time, lost races, a standby; then what the network says. */
const OUTAGE_CODES =
  /^(08...|57P0[1-5]|57014|53...|58030|55P03|25P03|40001|40P01|25006|ECONN(REFUSED|RESET|ABORTED)|E(HOST|NET)UNREACH|EPIPE|ETIMEDOUT|ENOENT|ENOTFOUND|EAI_AGAIN)$/
const OUTAGE_MESSAGES =
  /Connection terminated|timeout exceeded when trying to connect|timeout expired|Query read timeout|Client has encountered a connection error|Client was closed|server closed the connection/i
