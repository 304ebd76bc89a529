import { createServer } from 'node:net'
import pg from 'pg'
import { OWNER } from './data-folder.ts'

/** Where a server listens, and the password that proves it is ours (SCRAM proves it to both sides). */
export type Door = { readonly port: number; readonly password: string }

/** The address of one database behind the door. */
export function urlOf({ port, password }: Door, database: string): string {
  return `postgres://${OWNER}:${encodeURIComponent(password)}@127.0.0.1:${port}/${database}`
}

/**
 * What answers behind the door: `ready` (our server, serving), `busy` (our port, starting up or shutting down), `absent`
 * (nothing, or nothing yet), `stranger` (something that does not know our password).
 */
export type Answer = 'ready' | 'busy' | 'absent' | 'stranger'

const PROBE_MS_MAX = 2_000
const CONNECT_TIMEOUT_MS = 30_000 // a machine may be busy, and what waits here is one caller

/** Asks once. Never throws. */
export async function probe(door: Door): Promise<Answer> {
  try {
    await withClient(urlOf(door, 'postgres'), (client) => client.query('select 1'), PROBE_MS_MAX)
    return 'ready'
  } catch (error) {
    return answerOf(error)
  }
}

function answerOf(error: unknown): Answer {
  const { code = '', message = '' } = error as { code?: string; message?: string }
  if (code.startsWith('57P0') || code.startsWith('53')) return 'busy' // 53300: all connections taken
  if (code.startsWith('28')) return 'stranger'
  if (/^E[A-Z]+$/.test(code) || /terminated|timeout/i.test(message)) return 'absent'
  return 'stranger'
}

/** Runs `work` on a connection of its own and closes it. */
export async function withClient<T>(
  url: string,
  work: (client: pg.Client) => Promise<T>,
  connectTimeoutMs = CONNECT_TIMEOUT_MS,
): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: 'usageflow',
  })
  client.on('error', () => {}) // the failing query reports it; unheard it would end the process
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** A TCP port on 127.0.0.1 that was free a moment ago. */
export async function freePort(): Promise<number> {
  const port = await tryPort(0)
  if (port === undefined) throw new Error('the system has no free TCP port')
  return port
}

/** Whether nothing listens on the port. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await tryPort(port)) !== undefined
}

/** Listens for an instant. Resolves to the port, or to undefined when it is taken or forbidden. */
function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      const found = typeof address === 'object' ? address?.port : undefined
      server.close(() => resolve(found))
    })
  })
}
