import { beforeEach, describe, expect, test } from 'vitest'
import { lockCustomer } from '../customers/declare-customer.ts'
import { withClient } from '../platform/db/embedded-postgres/probe.ts'
import { inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { type PortalApp, portalApp, type Visit } from './test-portal.ts'

let app: PortalApp
let ann: Visit
let path: string
beforeEach(async () => {
  app = await portalApp()
  ann = await app.visit('ann')
  path = `/subscriptions/${app.subscriptions.ann}/change`
})

const offer = (...plans: string[]) => app.good('PATCH', '/settings/portal', { plans })

async function choices(visit = ann): Promise<string[]> {
  const { json } = await visit.get('/subscriptions')
  return json.data.flatMap(({ choices }: { choices: { key: string }[] }) =>
    choices.map(({ key }) => key),
  )
}

async function refused(body: object, visit = ann): Promise<string> {
  const preview = await visit.post(`${path}/preview`, body)
  const change = await visit.post(path, body)
  expect(preview.json.error?.code).toBe(change.json.error?.code)
  return change.json.error?.code
}

const TO_PRO = { plan: 'pro', version: 1, when: 'now' }

describe('a customer', () => {
  test('may change to no plan until somebody says so', async () => {
    expect(await app.good('GET', '/settings/portal')).toEqual({ accentColor: null, plans: [] })
    expect(await choices()).toEqual([])
    expect(await refused(TO_PRO)).toBe('portal.change_not_allowed')
  })

  test('changes between the plans of the settings, and sees before what it would cost', async () => {
    await offer('starter', 'pro')
    expect(await choices()).toEqual(['pro'])
    const preview = await ann.post(`${path}/preview`, TO_PRO)
    expect(preview.json).toMatchObject({ differenceMinor: '8980' }) // 100.20 instead of 10.40
    const { status, json } = await ann.post(path, TO_PRO)
    expect([status, json.plan]).toEqual([200, 'pro'])
    const now = await ann.get('/subscriptions')
    expect(now.json.data).toMatchObject([{ plan: 'The pro', choices: [{ key: 'starter' }] }])
  })

  test('changes with the end of the period, and plans one change at a time', async () => {
    await offer('starter', 'pro')
    const { json } = await ann.post(path, { ...TO_PRO, when: 'period_end' })
    expect(json).toEqual({ plan: 'pro', at: '2026-05-01T00:00:00.000Z' })
    const { data } = (await ann.get('/subscriptions')).json
    expect(data).toMatchObject([
      { plan: 'The starter', planned: { plan: 'The pro', at: json.at }, choices: [] },
    ])
    expect(await refused(TO_PRO)).toBe('portal.change_not_allowed')
  })

  test('does it once, however often the request is sent', async () => {
    await offer('starter', 'pro')
    const key = { 'idempotency-key': 'once' }
    const first = await ann.post(path, TO_PRO, key)
    const second = await ann.post(path, TO_PRO, key)
    expect(first.status).toBe(200)
    expect([second.text, second.headers['idempotent-replay']]).toEqual([first.text, 'true'])
    expect(await audited()).toHaveLength(1)
  })

  test('is the actor in the log of changes; what is refused is not in it', async () => {
    await offer('starter', 'pro')
    await ann.post(`${path}/preview`, TO_PRO)
    await ann.post(path, { ...TO_PRO, plan: 'partner' })
    expect(await audited()).toEqual([])
    await ann.post(path, TO_PRO)
    expect(await audited()).toMatchObject([
      {
        ...{ actor_kind: 'customer', actor_id: 'ann', target: app.subscriptions.ann },
        action: 'POST /api/portal/v1/subscriptions/:subscriptionId/change',
        detail: TO_PRO,
      },
    ])
  })

  test('cannot choose what is not offered, is archived or costs another currency', async () => {
    const content = { currency: 'USD', cycle: 'month', basePrice: '1' }
    await app.good('POST', '/plans', { key: 'dollars', name: 'Dollars', ...content })
    await offer('starter', 'pro', 'dollars')
    expect(await choices()).toEqual(['pro'])
    for (const plan of ['partner', 'dollars', 'none', 'starter'])
      expect(await refused({ ...TO_PRO, plan }), plan).toBe('portal.plan_not_offered')
    await app.good('POST', '/plans/pro/archive')
    expect(await refused(TO_PRO)).toBe('portal.change_not_allowed')
    expect(await app.refused('PATCH', '/settings/portal', { plans: ['pro'] })).toBe('plan.archived')
    expect(await app.refused('PATCH', '/settings/portal', { plans: ['x'] })).toBe('plan.unknown')
  })

  test('stays where the organization put it: on a plan that is not offered, at its own prices, suspended', async () => {
    await offer('pro', 'partner')
    expect(await choices()).toEqual([])
    expect(await refused(TO_PRO)).toBe('portal.change_not_allowed')
    await offer('starter', 'pro')
    const subscription = `/subscriptions/${app.subscriptions.ann}`
    await app.good('POST', `${subscription}/suspend`)
    expect(await refused(TO_PRO)).toBe('portal.change_not_allowed')
    await app.good('POST', `${subscription}/resume`)
    expect(await choices()).toEqual(['pro'])
    const agreed = { overrides: { basePrice: '8' }, when: 'now' }
    await app.good('POST', `${subscription}/change`, agreed)
    expect(await refused(TO_PRO)).toBe('portal.change_not_allowed')
  })

  test('changes nothing with a link that does not allow it', async () => {
    await offer('starter', 'pro')
    const reader = await app.visit('ann', { allowPlanChange: false })
    expect(await choices(reader)).toEqual([])
    expect(await refused(TO_PRO, reader)).toBe('portal.change_not_allowed')
  })
})

describe('within a period', () => {
  const changed = (plan: string, when = 'now') => ann.post(path, { ...TO_PRO, plan, when })

  async function times(plan: string): Promise<string[]> {
    const { json } = await ann.get('/subscriptions')
    return json.data[0].choices.find(({ key }: { key: string }) => key === plan).times
  }

  test('a customer divides a period once: tiers begin anew with each part', async () => {
    await offer('starter', 'pro')
    expect(await times('pro')).toEqual(['now', 'period_end'])
    expect((await changed('pro')).status).toBe(200)
    expect(await times('starter')).toEqual(['period_end'])
    expect(await refused({ ...TO_PRO, plan: 'starter' })).toBe('portal.now_not_offered')
    await app.until('2026-05-01T02:00:00Z')
    ann = await app.visit('ann') // links last a day
    expect(await times('starter')).toEqual(['now', 'period_end'])
  })

  test('may be divided that began in the middle of a whole one', async () => {
    await offer('starter', 'pro')
    await app.good('POST', '/customers', { customerId: 'cas', name: 'Mx cas' })
    const first = { customerId: 'cas', plan: 'starter', anchor: 'calendar' }
    const { id } = await app.good('POST', '/subscriptions', first)
    ann = await app.visit('cas')
    path = `/subscriptions/${id}/change`
    expect(await times('pro')).toEqual(['now', 'period_end'])
    expect((await changed('pro')).status).toBe(200)
    expect(await times('starter')).toEqual(['period_end'])
  })

  test('no credits of a plan are granted for seconds of its price', async () => {
    const content = { currency: 'EUR', cycle: 'month', basePrice: '50' }
    const credits = [{ meter: 'CALLS', units: '1000' }]
    await app.good('POST', '/plans', { key: 'generous', name: 'Generous', ...content, credits })
    await offer('starter', 'generous')
    expect(await times('generous')).toEqual(['period_end'])
    expect(await refused({ ...TO_PRO, plan: 'generous' })).toBe('portal.now_not_offered')
    await changed('generous', 'period_end')
    await app.until('2026-05-02T00:00:00Z')
    ann = await app.visit('ann')
    expect(await times('starter')).toEqual(['period_end']) // nor is a plan with them left at once
  })

  test('no other cycle begins: its credits and its year would be for seconds', async () => {
    const content = { currency: 'EUR', cycle: 'year', basePrice: '500' }
    await app.good('POST', '/plans', { key: 'yearly', name: 'Yearly', ...content })
    await offer('starter', 'yearly')
    expect(await times('yearly')).toEqual(['period_end'])
    expect(await refused({ ...TO_PRO, plan: 'yearly' })).toBe('portal.now_not_offered')
  })
})

test('a customer gets the prices that were shown, or is told that there are others', async () => {
  await offer('starter', 'pro')
  const dearer = { currency: 'EUR', cycle: 'month', basePrice: '900' }
  await app.good('POST', '/plans/pro/versions', dearer)
  expect(await refused(TO_PRO)).toBe('portal.offer_changed')
  const { json } = await ann.get('/subscriptions')
  expect(json.data[0].choices).toMatchObject([{ key: 'pro', version: 2, baseMinor: '90000' }])
  expect((await ann.post(path, { ...TO_PRO, version: 2 })).status).toBe(200)
})

test('what the organization agrees with a customer meanwhile is not undone by a click', async () => {
  await offer('starter', 'pro')
  const { ann: subscription } = app.subscriptions
  const agreed = { overrides: { basePrice: '8' }, when: 'now' }
  const [made, clicked] = await whileLocked(
    () => app.good('POST', `/subscriptions/${subscription}/change`, agreed),
    () => ann.post(path, TO_PRO),
  )
  expect(made.overrides).toMatchObject({ basePrice: '8.00' })
  expect(clicked.json.error.code).toBe('portal.change_not_allowed')
  expect(await app.good('GET', `/subscriptions/${subscription}`)).toEqual(made)
})

test('of many clicks at once one changes the plan', async () => {
  await offer('starter', 'pro')
  const clicks = await Promise.all(
    Array.from({ length: 8 }, (_, n) =>
      ann.post(path, TO_PRO, { 'idempotency-key': `click ${n}` }),
    ),
  )
  const said = clicks.map(({ status, json }) => json.error?.code ?? status).sort()
  expect(said).toEqual([200, ...Array(7).fill('portal.plan_not_offered')])
  expect(await audited()).toHaveLength(1)
})

test('what goes on is listed before what is canceled, however much that is', async () => {
  const { data } = await app.good('GET', '/subscriptions?customerId=bob')
  for (let n = 0; n < 20; n++) {
    const { id } = await app.good('POST', '/plans', {
      ...{ key: `old-${n}`, name: 'Old', currency: 'EUR', cycle: 'month', basePrice: '1' },
    })
    const old = await app.good('POST', '/subscriptions', { customerId: 'bob', plan: id })
    await app.good('POST', `/subscriptions/${old.id}/cancel`, { when: 'now' })
  }
  const visit = await app.visit('bob')
  const { json } = await visit.get('/subscriptions')
  expect(json.data).toHaveLength(20)
  expect(json.data[0].id).toBe(data[0].id)
})

/** Sends two requests while ann is locked, the second when the first waits: they are carried out in this order. */
async function whileLocked<First, Second>(
  first: () => Promise<First>,
  second: () => Promise<Second>,
): Promise<[First, Second]> {
  const sent = await inOwnTransaction(async (tx) => {
    await lockCustomer(tx, app.envId, 'ann')
    const firstReply = first()
    await untilWaiting(1)
    const secondReply = second()
    await untilWaiting(2)
    return [firstReply, secondReply] as const
  })
  return Promise.all(sent)
}

async function untilWaiting(requests: number): Promise<void> {
  const { url } = await testDatabase()
  const ofThisFile = "datname = current_database() and wait_event_type = 'Lock'"
  const waiting = `select from pg_stat_activity where ${ofThisFile}`
  await expect
    .poll(() => withClient(url, async (owner) => (await owner.query(waiting)).rowCount))
    .toBe(requests)
}

function audited() {
  return inOwnTransaction((tx) =>
    tx.selectFrom('audit_entries').selectAll().where('env_id', '=', app.envId).execute(),
  )
}
