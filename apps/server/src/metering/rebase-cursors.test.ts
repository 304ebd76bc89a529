import { sql } from 'kysely'
import pg from 'pg'
import { expect, test } from 'vitest'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { silentLog } from '../platform/log.ts'
import { NumberingChanged } from './cursors.store.ts'
import { rebaseCursors } from './rebase-cursors.ts'
import { rollUp } from './roll-up.ts'
import { aMeter, anEnv, backFillAll, correct, deps, fold, index, store } from './test-metering.ts'
import { checkAgainstEvents, totals } from './total.ts'

const MARCH = {
  customer: null,
  except: [],
  from: new Date('2026-03-01T00:00:00Z'),
  to: new Date('2026-04-01T00:00:00Z'),
}

async function asOwner<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: (await testDatabase()).url })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** As if the cluster had counted far before the database was dumped: no event of now reaches these numbers. */
async function restoreFromElsewhere(): Promise<void> {
  await asOwner(async (client) => {
    await client.query(`
      alter table usage_events disable trigger all;
      alter table event_corrections disable trigger all;
      update usage_events set xid = xid + 5000000000;
      update event_corrections set xid = xid + 5000000000;
      update event_cursors set position = position + 5000000000, system_identifier = 'another cluster';
      update meters set live_from = live_from + 5000000000;
      alter table usage_events enable trigger all;
      alter table event_corrections enable trigger all;`)
  })
}

const rebase = () => asOwner((client) => rebaseCursors(client, silentLog()))

test('after a restore into another cluster every event is counted once, and the past stays as it was', async () => {
  const envId = await anEnv()
  const meter = await aMeter(envId, { aggregation: 'SUM' })
  const asked = [{ id: 'march', meterNo: meter.meterNo, slices: [MARCH] }]
  const read = () =>
    inOwnTransaction(async (tx) => {
      const answer = await totals(tx, envId, asked)
      expect(await checkAgainstEvents(tx, envId, asked, answer)).toEqual([])
      return { position: answer.position, sum: Number(answer.byId.get('march')?.sum) }
    })
  await store(envId, [
    { key: 'folded', amount: '1' },
    { key: 'amended', amount: '1' },
  ])
  await fold()
  await backFillAll()
  await index()
  await store(envId, [{ key: 'not yet folded', amount: '10' }])
  await correct(envId, { key: 'amended', kind: 'amend', amount: '5', at: '2026-03-01T00:00:00Z' })

  await restoreFromElsewhere()
  await expect(rollUp(await deps(), [])).rejects.toThrow(NumberingChanged)
  await Promise.all([rebase(), rebase(), rebase()])
  await rebase()

  const before = await read()
  expect(before.sum).toBe(2)
  await store(envId, [{ amount: '100' }])
  await fold()
  expect((await read()).sum).toBe(116)
  await index()
  await store(envId, [{ key: 'later', amount: '1000' }])
  await correct(envId, { key: 'not yet folded', kind: 'void' })
  await fold()
  const after = await read()
  expect(after.sum).toBe(1106)
  expect(after.position).toBeGreaterThan(before.position)

  await restoreFromElsewhere() // and once more
  await rebase()
  await store(envId, [{ amount: '10000' }])
  await fold()
  expect((await read()).sum).toBe(11_106)
})

test('in the cluster that the cursors know nothing is changed', async () => {
  const offsets = () =>
    inOwnTransaction((tx) =>
      sql`select name, xid_offset, system_identifier from event_cursors order by name`.execute(tx),
    )
  const before = (await offsets()).rows
  await rebase()
  expect((await offsets()).rows).toEqual(before)
})
