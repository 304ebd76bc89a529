import { decimal, formatDecimal } from '@usageflow/pricing'
import { beforeEach, describe, expect, test } from 'vitest'
import type { PlanCredit } from '../catalog/plan-credits.ts'
import { aMeter, aPlan } from '../catalog/test-plans.ts'
import { seeCustomers } from '../customers/see-customers.ts'
import { aBillingEnvironment } from '../customers/test-environment.ts'
import { withClient } from '../platform/db/embedded-postgres/probe.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { warmDatabase } from '../platform/db/test-race.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { claimDue } from '../platform/due/due.store.ts'
import { schedule } from '../platform/due/schedule.ts'
import { subscribe } from '../subscriptions/subscribe.ts'
import type { Subscription } from '../subscriptions/subscription.ts'
import type { CreditGrant } from './credit.ts'
import { creditLane } from './credits.jobs.ts'
import { LAPSE_DELAY_MS, LAPSE_KIND } from './due-work.ts'
import { grantForPeriod } from './grant-for-period.ts'
import { selectGrantPage } from './grants.store.ts'
import { grantsFor, settleUse } from './settle-use.ts'

const START = new Date('2026-03-01T00:00:00Z')
const APRIL = new Date('2026-04-01T00:00:00Z')
const MAY = new Date('2026-05-01T00:00:00Z')
const MARCH = { no: 0, start: START, end: APRIL, fullStart: START }

let env: number
let meterId: string
let subscription: Subscription

beforeEach(async () => {
  await inOwnTransaction(async (tx) => {
    env = await aBillingEnvironment(tx, START)
    meterId = await aMeter(tx, env)
    await seeCustomers(tx, [{ envId: env, customer: 'ann' }], START)
    await aPlan(tx, env)
    const wanted = {
      ...{ customer: 'ann', plan: 'pro', planVersion: null, startedAt: START },
      ...{ anchorKind: 'day' as const, timeZone: 'UTC', cancelAt: null },
    }
    subscription = await subscribe(tx, env, wanted, START)
  })
})

function aCredit(rollover: PlanCredit['rollover'] = null): PlanCredit {
  return { meterId, units: decimal('100'), priority: 100, isPromotional: true, rollover }
}

const grant = (credits: PlanCredit[], period = MARCH) =>
  inOwnTransaction((tx) => grantForPeriod(tx, env, { subscription, period, credits }, period.start))

/** As billing leaves it: `period` is invoiced, and the one after it open. */
async function invoiceMarch(): Promise<void> {
  const { url } = await testDatabase()
  await withClient(url, async (client) => {
    await client.query(`update subscription_periods set state = 'invoiced' where env_id = $1`, [
      env,
    ])
    const columns = await client.query<{ column_name: string }>(
      `select column_name from information_schema.columns where table_name = 'subscription_periods'`,
    )
    const changed: Record<string, string> = {
      period_no: 'period_no + 1',
      period_start: 'period_end',
      period_end: `period_end + interval '30 days'`,
      planned_end: `period_end + interval '30 days'`,
      full_start: 'period_end',
      full_end: `period_end + interval '30 days'`,
      state: `'open'`,
    }
    const names = columns.rows.map(({ column_name }) => column_name)
    await client.query(
      `insert into subscription_periods (${names.join()})
       select ${names.map((name) => changed[name] ?? name).join()}
       from subscription_periods where env_id = $1`,
      [env],
    )
  })
}

/** Does what is due at `now`, as the workers do. */
async function work(now: Date): Promise<void> {
  const { database } = await testDatabase()
  await inOwnTransaction((tx) =>
    tx
      .updateTable('environment_clocks')
      .set({ frozen_at: now, target: now })
      .where('env_id', '=', env)
      .execute(),
  )
  const claim = { kinds: [LAPSE_KIND], limit: 100, leaseMs: 60_000, systemNow: now }
  const jobs = await database.inTransaction((tx) => claimDue(tx, claim))
  const [handler] = creditLane({ db: database }).handlers
  for (const job of jobs.filter(({ envId }) => envId === env)) await handler?.run([job])
}

const after = (at: Date, ms = LAPSE_DELAY_MS) => new Date(at.getTime() + ms)

async function grants(): Promise<readonly CreditGrant[]> {
  const page = { customer: 'ann', limit: 50, before: null }
  const all = await inOwnTransaction((tx) => selectGrantPage(tx, env, page))
  return all.toSorted((a, b) => a.from.getTime() - b.from.getTime() || (a.id < b.id ? -1 : 1))
}

const shown = (all: readonly CreditGrant[]) =>
  all.map(({ source, left }) => `${source} ${formatDecimal(left)}`)

async function settle(amount: string): Promise<void> {
  const [first] = await grants()
  const use = { grantId: first?.id ?? '', invoiceId: 'inv_1', amount: decimal(amount) }
  await inOwnTransaction((tx) => settleUse(tx, env, [use], APRIL))
}

describe('the credits of a plan', () => {
  test('are granted once for a period, though 16 ask at once and again later', async () => {
    const database = await warmDatabase(16)
    const once = () =>
      database.inTransaction((tx: Tx) => {
        const credits = [aCredit(), aCredit()]
        return grantForPeriod(tx, env, { subscription, period: MARCH, credits }, START)
      })
    await Promise.all(Array.from({ length: 16 }, once))
    await once()
    expect(shown(await grants())).toEqual(['plan 100', 'plan 100'])
  })

  test('lapse after the period, and not before it is invoiced', async () => {
    await grant([aCredit()])
    await work(after(APRIL))
    expect(shown(await grants())).toEqual(['plan 100'])
    await invoiceMarch()
    await work(after(APRIL, 2 * LAPSE_DELAY_MS))
    expect(shown(await grants())).toEqual(['plan 0'])
  })

  test('still pay for usage of their time that is invoiced after they lapsed', async () => {
    await grant([aCredit()])
    await invoiceMarch()
    await work(after(APRIL))
    const window = { from: START, to: APRIL }
    const [usable] = await inOwnTransaction((tx) => grantsFor(tx, env, ['ann'], window))
    expect(usable && formatDecimal(usable.left)).toBe('100')
    await settle('30')
    expect(shown(await grants())).toEqual(['plan 70'])
    await work(after(MAY)) // what came back is over again
    expect(shown(await grants())).toEqual(['plan 0'])
  })

  test.each([
    ['all of it', null, '70'],
    ['up to the cap', '50', '50'],
    ['less than the cap', '80', '70'],
  ])('go over into the next period: %s', async (_, cap, rolled) => {
    await grant([aCredit({ cap: cap === null ? null : decimal(cap), periods: 1 })])
    await settle('30')
    await invoiceMarch()
    await work(after(APRIL))
    await repeat()
    const all = await grants()
    expect(shown(all)).toEqual(['plan 0', `rollover ${rolled}`])
    expect(all[1]).toMatchObject({ from: APRIL, to: MAY, cycle: { rollover: null } })
  })

  test('lapse where no period follows', async () => {
    await grant([aCredit({ cap: null, periods: 1 })])
    await inOwnTransaction((tx) =>
      tx
        .updateTable('subscription_periods')
        .set({ state: 'invoiced' })
        .where('env_id', '=', env)
        .execute(),
    )
    await work(after(APRIL))
    expect(shown(await grants())).toEqual(['plan 0'])
  })
})

/** The work comes again, as after a crash between two of its transactions. */
async function repeat(): Promise<void> {
  const before = shown(await grants())
  const over = (await grants()).filter(({ to }) => to !== null && to <= APRIL)
  for (const { id } of over)
    await inOwnTransaction((tx) => schedule(tx, env, { kind: LAPSE_KIND, ref: id, at: APRIL }))
  await work(after(APRIL))
  expect(shown(await grants())).toEqual(before)
}
