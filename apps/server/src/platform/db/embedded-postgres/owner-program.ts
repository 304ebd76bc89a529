import { silentLog } from '../../log.ts'
import { type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded-postgres.ts'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

/**
 * The process that the tests kill: serves a data folder until SIGTERM, and says one line of JSON.
 * `uid` makes it an ordinary user first. The program is bundled and started by `owner-process.ts`.
 */
export type OwnerOrder = Omit<EmbeddedPostgresOptions, 'log'> & {
  readonly uid?: number | undefined
}

/** What the process says when it serves, or why it does not. */
export type OwnerWord =
  | { readonly url: string; readonly adopted: boolean; readonly ms: number }
  | { readonly problem: string; readonly message: string }

const order = JSON.parse(process.argv[2] ?? '') as OwnerOrder
if (order.uid !== undefined) {
  process.setgroups?.([order.uid])
  process.setgid?.(order.uid)
  process.setuid?.(order.uid)
}

const say = (word: OwnerWord) => process.stdout.write(`${JSON.stringify(word)}\n`)
const start = performance.now()
try {
  const { url, adopted, stop } = await startEmbeddedPostgres({ ...order, log: silentLog() })
  const timer = setInterval(() => {}, 60_000) // lives until it is told to end
  process.once('SIGTERM', async () => {
    await stop()
    clearInterval(timer)
  })
  process.once('SIGUSR2', () => process.exit(1)) // ends as on a bug, without `stop`
  say({ url, adopted, ms: performance.now() - start })
} catch (error) {
  const problem = error instanceof EmbeddedPostgresError ? error.problem : 'bug'
  say({ problem, message: (error as Error).message })
}
