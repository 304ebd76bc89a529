import type { Config } from '../config.ts'
import { systemClock } from '../platform/clock.ts'
import { type Database, openDatabase } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { openLog } from '../platform/log.ts'
import { type Ground, openGround } from './ground.ts'

const LOG_LEVEL_OF_TOOLS = 'error' // a tool answers its caller; what PostgreSQL says on the way is not the answer

/** Does `work` in one transaction, beside a running server or alone. */
export function withDatabase<T>(
  config: Config,
  work: (tx: Tx, systemNow: Date) => Promise<T>,
): Promise<T> {
  return onDatabase(config, (database) => database.inTransaction((tx) => work(tx, systemClock())))
}

/** Does `work` on one connection, beside a running server or alone. */
export async function onDatabase<T>(
  config: Config,
  work: (database: Database, ground: Ground) => Promise<T>,
): Promise<T> {
  const log = openLog(LOG_LEVEL_OF_TOOLS)
  const ground = await openGround(config, log, true)
  try {
    const database = openDatabase({ url: ground.url, role: ground.role, log, connectionsMax: 1 })
    try {
      return await work(database, ground)
    } finally {
      await database.end()
    }
  } finally {
    await ground.close()
  }
}
