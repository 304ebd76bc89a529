/** A process that closes periods and finalizes invoices until nothing is due; says what it took. */
import { billingHandlers } from '@usageflow/server/src/invoicing/invoicing.jobs.ts'
import { APP_ROLE } from '@usageflow/server/src/platform/db/app-role.ts'
import { openDatabase } from '@usageflow/server/src/platform/db/database.ts'
import { runLanes } from '@usageflow/server/src/platform/due/worker.ts'
import { silentLog } from '@usageflow/server/src/platform/log.ts'

const [url = '', nowText = ''] = process.argv.slice(2)
const log = silentLog()
const clock = (): Date => new Date(nowText)
const db = openDatabase({ url, log, role: APP_ROLE })
const startedAt = performance.now()
const lane = {
  name: 'billing',
  handlers: billingHandlers({ db, clock, log }),
  concurrency: 2,
  leaseMs: 60_000,
}
const running = runLanes([lane], { db, clock, log })
const DUE = `select from due where kind in ('period.close', 'invoice.finalize') and at <= $1 and parked_at is null limit 1`
const POLL_MS = 100
let bytesMax = 0
const isDone = async (): Promise<boolean> => (await db.pool.query(DUE, [clock()])).rowCount === 0
while (!(await isDone())) {
  bytesMax = Math.max(bytesMax, process.memoryUsage.rss())
  await new Promise((resolve) => setTimeout(resolve, POLL_MS))
}
await running.stop()
const ms = performance.now() - startedAt
await db.end()
process.stdout.write(`${JSON.stringify({ ms, bytesMax })}\n`)
