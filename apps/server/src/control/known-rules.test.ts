import { expect, test } from 'vitest'
import type { Database } from '../platform/db/database.ts'
import { serveUsage } from '../usage/test-usage.ts'
import { createKnownRules } from './known-rules.ts'
import { policiesRoutes } from './policies.routes.ts'
import { aPolicy } from './test-control.ts'

test('known rules are held up to a number of characters, and found beyond it', async () => {
  let database: Database | undefined
  const app = await serveUsage({}, ({ db }) => {
    database = db
    return policiesRoutes()
  })
  const metering = ['ONE', 'TWO'].map((event) => ({ event, quantity: `1.${'0'.repeat(9)}` }))
  const { json } = await app.post('/api/v1/control/policies', aPolicy({ metering }))
  const [one, two] = json.metering.map(({ id }: { id: string }) => id)
  let reads = 0
  const counting = {
    ...(database as Database),
    inTransaction: (work) => {
      reads += 1
      return (database as Database).inTransaction(work)
    },
  } satisfies Database

  const roomy = createKnownRules(counting)
  for (const id of [one, two, one, two])
    expect([...(await roomy(app.envId, [id])).keys()]).toEqual([id])
  expect(reads).toBe(2)

  const narrow = createKnownRules(counting, 80) // for one of them
  for (const id of [one, two, one, two])
    expect([...(await narrow(app.envId, [id])).keys()]).toEqual([id])
  expect(reads).toBe(2 + 4)
})
