import { Socket } from 'node:net'
import pg from 'pg'
import { sqlState } from './database.ts'

/**
 * One connection that belongs to the caller alone. It is lost for good after the first sign of
 * trouble, a late answer included: whether a statement under way was carried out is then unknown, so
 * only statements that may be repeated are sent over it.
 */
export type OwnConnection = {
  /** False from the moment that it is lost or closed. */
  readonly isOpen: boolean
  /** Sends a whole `COPY … FROM STDIN (FORMAT binary)` in one go. Resolves, after its commit, to its rows. */
  copyIn(statement: string, data: Buffer): Promise<number>
  query<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<Row[]>
  /** Hangs up at once. */
  close(): void
  /** Takes leave. Resolves when the connection is closed. */
  end(): Promise<void>
}

export type OwnConnectionOptions = {
  readonly config: pg.ClientConfig
  readonly connectTimeoutMs: number
  /** How long one statement may take. The server ends it by then, and a silent server is hung up on. */
  readonly answerTimeoutMs: number
  /** Called once, when the connection is lost or closed. */
  readonly onEnd: () => void
}

/** What tells a half-open connection from a slow statement: the server's own limit strikes first. */
const SERVER_HEAD_START_MS = 500

/** Connects. Rejects with the reason when that fails or takes longer than `connectTimeoutMs`. */
export async function openOwnConnection(options: OwnConnectionOptions): Promise<OwnConnection> {
  const { config, connectTimeoutMs, answerTimeoutMs, onEnd } = options
  const socket = new Socket()
  const statementTimeoutMs = answerTimeoutMs - SERVER_HEAD_START_MS
  const client = new pg.Client({
    ...config,
    options: `${config.options ?? ''} -c statement_timeout=${statementTimeoutMs} -c lock_timeout=0`,
    stream: () => socket,
    connectionTimeoutMillis: connectTimeoutMs,
  })
  const connection = new Connection(client, socket, answerTimeoutMs)
  await client.connect()
  client.once('end', onEnd)
  return connection
}

class Connection implements OwnConnection {
  isOpen = true
  private readonly client: pg.Client
  private readonly socket: Socket
  private readonly answerTimeoutMs: number

  constructor(client: pg.Client, socket: Socket, answerTimeoutMs: number) {
    this.client = client
    this.socket = socket
    this.answerTimeoutMs = answerTimeoutMs
    const lose = () => this.close()
    client.on('error', lose) // without a listener it would end the process
    client.on('end', lose)
  }

  copyIn(statement: string, data: Buffer): Promise<number> {
    return this.answered(
      new Promise((resolve, reject) => {
        this.client.query(new CopyIn(statement, data, { resolve, reject }))
      }),
    )
  }

  query<Row extends pg.QueryResultRow>(query: pg.QueryConfig): Promise<Row[]> {
    return this.answered(this.client.query<Row>(query)).then((result) => result.rows)
  }

  close(): void {
    this.isOpen = false
    this.socket.destroy()
  }

  async end(): Promise<void> {
    this.isOpen = false
    await this.client.end()
  }

  /** The answer, or an error soon after the time is up: the socket dies, and with it the statement's promise. */
  private async answered<T>(answer: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.close(), this.answerTimeoutMs)
    try {
      return await answer
    } catch (error) {
      if (!isAnswer(error)) this.close()
      throw error
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Whether PostgreSQL refused the statement and goes on, rather than going down or being gone. */
function isAnswer(error: unknown): boolean {
  const code = sqlState(error)
  return code !== undefined && !/^(08|57P)/.test(code)
}

type Settle = { resolve(rows: number): void; reject(error: unknown): void }

const COPY_DATA = 'd'.charCodeAt(0)
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, 4])

/**
 * `COPY` without waiting for the server's word to begin: the data follows the statement at once, which
 * saves a round trip a batch. A server that refuses the statement skips the data.
 */
class CopyIn implements pg.Submittable {
  private readonly statement: string
  private readonly data: Buffer
  private readonly settle: Settle
  private rows = 0

  constructor(statement: string, data: Buffer, settle: Settle) {
    this.statement = statement
    this.data = data
    this.settle = settle
  }

  submit(connection: pg.Connection): void {
    const head = Buffer.alloc(5)
    head[0] = COPY_DATA
    head.writeInt32BE(4 + this.data.length, 1)
    const { stream } = connection
    stream.cork() // one packet, one system call
    connection.query(this.statement)
    stream.write(head)
    stream.write(this.data)
    stream.write(COPY_DONE)
    stream.uncork()
  }

  handleCopyInResponse(): void {
    // the data is on its way already
  }

  /** Comes after the commit; another statement may be sent only after `handleReadyForQuery`. */
  handleCommandComplete(message: { readonly text: string }): void {
    this.rows = Number(/^COPY (\d+)$/.exec(message.text)?.[1] ?? 0)
  }

  handleReadyForQuery(): void {
    this.settle.resolve(this.rows)
  }

  handleError(error: unknown): void {
    this.settle.reject(error)
  }
}
