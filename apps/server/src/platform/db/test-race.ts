import { onTestFinished } from 'vitest'
import { silentLog } from '../log.ts'
import { APP_ROLE } from './app-role.ts'
import { type Database, openDatabase } from './database.ts'
import { testDatabase } from './test-db.ts'

/**
 * The database of the test with `count` connections that are open already. Whoever opens a connection
 * first comes late to a race, and then nothing races.
 */
export async function warmDatabase(count: number): Promise<Database> {
  const { url } = await testDatabase()
  const database = openDatabase({ url, log: silentLog(), role: APP_ROLE, connectionsMax: count })
  onTestFinished(() => database.end())
  await Promise.all(
    Array.from({ length: count }, () => database.pool.query('select pg_sleep(0.05)')),
  )
  return database
}
