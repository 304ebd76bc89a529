import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { dbTest, inOwnTransaction, testDatabase } from './test-db.ts'

const organization = { id: 'org_1', name: 'Acme', created_at: new Date('2026-01-01T00:00:00Z') }

describe('dbTest', () => {
  for (const round of ['first', 'second']) {
    dbTest(`gives the ${round} of two tests an empty database`, async ({ tx }) => {
      expect(await tx.selectFrom('organizations').selectAll().execute()).toEqual([])
      await tx.insertInto('organizations').values(organization).execute()
    })
  }
})

test('a test works as the program does: it may not change history', async () => {
  const change = inOwnTransaction((tx) => sql`delete from usage_events`.execute(tx))
  await expect(change).rejects.toMatchObject({ code: '42501' })
})

test('what its own transaction commits stays for the rest of the file', async () => {
  await inOwnTransaction((tx) => tx.insertInto('organizations').values(organization).execute())
  const { database } = await testDatabase()
  expect(await database.kysely.selectFrom('organizations').selectAll().execute()).toHaveLength(1)
})
