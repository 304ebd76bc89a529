import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { inOwnTransaction, testDatabase } from '../../platform/db/test-db.ts'
import { forgetReports } from './forget-reports.ts'
import { aSample, DAY_MS, NOW_MS, reportApp, someDecisions, someRequests } from './test-reports.ts'

const TABLES = [
  'endpoint_statistics',
  'endpoint_customers',
  'limit_decisions',
  'request_samples',
  'report_producers',
  'endpoints',
  'report_losses',
] as const

/** How many rows an environment has in each table. */
async function rowsLeft(envId: number): Promise<number[]> {
  return inOwnTransaction(async (tx) => {
    const counts = TABLES.map((table) =>
      sql<{ count: number }>`
        select count(*)::integer as count from ${sql.table(table)} where env_id = ${envId}`.execute(
        tx,
      ),
    )
    return (await Promise.all(counts)).map(({ rows }) => rows[0]?.count ?? 0)
  })
}

test.each([
  [2, [2, 1, 1, 1, 1, 1, 1]],
  [2.1, [1, 1, 1, 1, 1, 1, 0]],
  [7.1, [1, 1, 1, 0, 0, 1, 0]],
  [90.1, [0, 0, 0, 0, 0, 1, 0]],
  [91.1, [0, 0, 0, 0, 0, 0, 0]],
])(
  'after %s days there is left what is kept so long, however often it runs',
  async (days, left) => {
    const app = await reportApp()
    await app.report({
      statistics: [someRequests(1)],
      decisions: [someDecisions(1)],
      samples: [aSample()],
      usage: { produced: 1, delivered: 0, queued: 0, refused: 1, dropped: 0 },
    })
    const { database } = await testDatabase()
    const later = new Date(Math.floor(NOW_MS / 3_600_000) * 3_600_000 + days * DAY_MS)
    await Promise.all([forgetReports(database, later), forgetReports(database, later)])
    expect(await rowsLeft(app.envId)).toEqual(left)
    await forgetReports(database, later)
    expect(await rowsLeft(app.envId)).toEqual(left)
  },
)
