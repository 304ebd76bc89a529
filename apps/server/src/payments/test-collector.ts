import { setTimeout as sleep } from 'node:timers/promises'
import { systemClock } from '../platform/clock.ts'
import { APP_ROLE } from '../platform/db/app-role.ts'
import { openDatabase } from '../platform/db/database.ts'
import { runLanes } from '../platform/due/worker.ts'
import { silentLog } from '../platform/log.ts'
import { paymentLanes } from './payments.jobs.ts'
import { createTestProvider } from './sandbox-provider.ts'

const ANSWER_MS = 5 // money has moved, and we do not know it yet

/** A process that collects, to be killed: `node --import tsx test-collector.ts URL NOW`. */
const [url = '', now = ''] = process.argv.slice(2)
const db = openDatabase({ url, log: silentLog(), role: APP_ROLE })
const books = createTestProvider(db)
const test = {
  ...books,
  async charge(...call: Parameters<typeof books.charge>) {
    const outcome = await books.charge(...call)
    await sleep(ANSWER_MS)
    return outcome
  },
}
const providers = { test, stripe: { ...books, name: 'stripe' } as const } // whom nobody pays by here
runLanes(paymentLanes({ db, log: silentLog(), clock: systemClock, providers }), {
  ...{ db, log: silentLog() },
  clock: () => new Date(now),
})
