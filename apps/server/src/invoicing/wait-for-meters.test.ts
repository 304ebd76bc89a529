import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { metersBehind } from '../catalog/back-fill.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { openLog } from '../platform/log.ts'
import { LATE_KIND } from '../subscriptions/due-work.ts'
import { FINALIZE_KIND } from './draft-invoices.ts'
import { billingHandlers } from './invoicing.jobs.ts'
import { advance, anEnvironmentWithPro, claim, fold, subscribed, use } from './test-billing.ts'
import { createWaitLog } from './wait-for-meters.ts'

const START = new Date('2026-03-01T00:00:00Z')
const END = '2026-04-01T00:00:00Z'
const IN_MARCH = '2026-03-20T10:20:00Z'

function logging() {
  const lines: string[] = []
  const log = openLog('info', { write: (line) => lines.push(line) })
  return { log, lines: () => lines.map((line) => JSON.parse(line)) }
}

test('what waits is told of when it begins, and again after ten minutes', () => {
  const { log, lines } = logging()
  let nowMs = 0
  const say = createWaitLog(log, () => nowMs)
  const waiting = { envId: 1, invoices: 2, meters: ['CALLS'] }
  const timesAt = (ms: number, more: object = {}) => {
    nowMs = ms
    say({ ...waiting, ...more })
    return lines().length
  }
  expect(timesAt(0, { invoices: 0 })).toBe(0)
  expect(timesAt(0)).toBe(1)
  expect(timesAt(599_999)).toBe(1)
  expect(timesAt(600_000)).toBe(2)
  expect(timesAt(600_001, { envId: 2 })).toBe(3)
  expect(timesAt(600_001, { meters: ['CALLS', 'GB'] })).toBe(4)
})

test.each([
  ['of a period', FINALIZE_KIND, '2026-04-01T01:00:00Z'],
  ['of late usage', LATE_KIND, '2026-05-06T01:00:00Z'],
])(
  'an invoice %s waits for a meter that is counted back, which the log says once',
  async (_, kind, at) => {
    const env = await anEnvironmentWithPro(START)
    await subscribed(env, { cancelAt: new Date(END) })
    await advance(env, kind === LATE_KIND ? '2026-04-02T00:00:00Z' : END)
    await use(env, [{ customer: 'ann', at: IN_MARCH, amount: '12000' }])
    await fold()
    await inOwnTransaction((tx) =>
      sql`update meters set backfilled_at = null where env_id = ${env}`.execute(tx),
    )
    expect(await inOwnTransaction(metersBehind)).toBeGreaterThan(0)
    const { log, lines } = logging()
    const { database: db } = await testDatabase()
    const handler = billingHandlers({ db, clock: () => new Date(), log }).find(
      (each) => each.kind === kind,
    )
    for (const _try of [1, 2]) {
      await inOwnTransaction((tx) =>
        sql`update due set lease_until = null where env_id = ${env}`.execute(tx),
      )
      const jobs = (await claim(new Date(at))).filter((job) => job.kind === kind)
      expect(jobs).toHaveLength(1)
      await handler?.run(jobs)
    }
    expect(lines()).toMatchObject([{ level: 40, envId: env, invoices: 1, meters: ['API_CALL'] }])
  },
)
