import { beforeEach, describe, expect, test } from 'vitest'
import { aMeter, aPlan } from '../catalog/test-plans.ts'
import { createRootCustomer } from '../customers/create-root-customer.ts'
import { declareCustomer } from '../customers/declare-customer.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { KEY, serveForTest, type TestApp } from '../platform/http/test-app.ts'
import { voidEvent } from '../usage/correct-event.ts'
import { eventIdOf, keyOfUuid } from '../usage/event-key.ts'
import { newestEventsRoute } from '../usage/newest-events.route.ts'
import { eventWayRoutes } from './event-way.routes.ts'
import { invoicesRoutes } from './invoices.routes.ts'
import { advance, fold, forgetWork, subscribed, use } from './test-billing.ts'

const START = new Date('2026-03-01T00:00:00Z')
const IN_MARCH = '2026-03-20T10:20:00.000123Z'
const AFTER_MARCH = '2026-04-01T01:00:00Z' // and its grace
const AFTER_APRIL = '2026-05-01T01:00:00Z'

let app: TestApp
beforeEach(async () => {
  await forgetWork()
  app = await serveForTest([newestEventsRoute(), ...invoicesRoutes(), ...eventWayRoutes()])
  await inOwnTransaction(async (tx) => {
    await createRootCustomer(tx, app.envId, START)
    await aMeter(tx, app.envId)
    await aPlan(tx, app.envId)
  })
})

/** The ids of the events with this amount. */
async function idsOf(amount: string): Promise<string[]> {
  const rows = await inOwnTransaction((tx) =>
    tx
      .selectFrom('usage_events')
      .where('env_id', '=', app.envId)
      .select(['key', 'amount'])
      .execute(),
  )
  return rows
    .filter((row) => Number(row.amount) === Number(amount))
    .map(({ key }) => eventIdOf(keyOfUuid(key)))
}

async function wayOf(amount: string) {
  const [id] = await idsOf(amount)
  const { status, json } = await app.send('GET', `/api/v1/events/${id}/way`, { headers: KEY })
  expect(status).toBe(200)
  return json
}

/** What each invoice on the way is, and which of its lines. */
async function billedOn(amount: string) {
  const [{ billing }] = (await wayOf(amount)).meters
  return billing.invoices.map(({ kind, status, lines }: Record<string, unknown>) => ({
    ...{ kind, status },
    late: (lines as { late: boolean }[]).map(({ late }) => late),
  }))
}

describe('the way of an event', () => {
  test('leads to the open period, and after its end to the line that counts it', async () => {
    const { id } = await subscribed(app.envId, { customer: 'ann' })
    await use(app.envId, [{ customer: 'ann', at: IN_MARCH, amount: '7' }])
    expect((await wayOf('7')).counted).toBe(false)
    await fold()
    const open = await wayOf('7')
    expect(open).toMatchObject({
      counted: true,
      meters: [
        {
          ...{ meter: 'API_CALL', outcome: 'counted', value: '7' },
          billing: {
            ...{ customerId: 'ann', subscriptionId: id, plan: 'pro', term: 'billed' },
            period: { start: '2026-03-01T00:00:00.000Z', state: 'open' },
            invoices: [],
          },
        },
      ],
    })
    await advance(app.envId, AFTER_MARCH)
    expect(await billedOn('7')).toEqual([{ kind: 'period', status: 'finalized', late: [false] }])
    const [{ billing }] = (await wayOf('7')).meters
    expect(billing.period.state).toBe('invoiced')
  })

  test('agrees with the events of the line that it names', async () => {
    await subscribed(app.envId, { customer: 'ann' })
    const usage = ['11', '12', '13'].map((amount) => ({ customer: 'ann', at: IN_MARCH, amount }))
    await use(app.envId, [...usage, { customer: 'bob', at: IN_MARCH, amount: '14' }])
    await fold()
    await advance(app.envId, AFTER_MARCH)
    const [{ billing }] = (await wayOf('12')).meters
    const [{ invoiceId, lines }] = billing.invoices
    const target = `/api/v1/invoices/${invoiceId}/lines/${lines[0].lineNo}/events`
    const { json } = await app.send('GET', target, { headers: KEY })
    const ids = json.data.map(({ eventId }: { eventId: string }) => eventId)
    expect(ids).toContain((await idsOf('12'))[0])
    expect(ids).toHaveLength(3)
    expect((await wayOf('14')).meters).toMatchObject([{ outcome: 'counted', billing: null }])
  })

  test('leads what came late to the next invoice, and not to the one that it missed', async () => {
    await subscribed(app.envId, { customer: 'ann' })
    await use(app.envId, [{ customer: 'ann', at: IN_MARCH, amount: '9000' }])
    await fold()
    await advance(app.envId, AFTER_MARCH)
    await use(app.envId, [{ customer: 'ann', at: IN_MARCH, amount: '3000' }])
    await fold()
    await advance(app.envId, AFTER_APRIL)
    expect(await billedOn('3000')).toEqual([{ kind: 'period', status: 'finalized', late: [true] }])
    expect(await billedOn('9000')).toEqual([{ kind: 'period', status: 'finalized', late: [false] }])
  })

  test('of an event that was declared void keeps the line on which it was billed', async () => {
    await subscribed(app.envId, { customer: 'ann' })
    await use(app.envId, [{ customer: 'ann', at: IN_MARCH, amount: '5' }])
    await fold()
    await advance(app.envId, AFTER_MARCH)
    const [eventId = ''] = await idsOf('5')
    await inOwnTransaction((tx) =>
      voidEvent(tx, app.envId, { eventId, reason: null }, new Date('2026-04-02T00:00:00Z')),
    )
    expect((await wayOf('5')).meters).toMatchObject([{ outcome: 'void', value: null }])
    expect(await billedOn('5')).toEqual([{ kind: 'period', status: 'finalized', late: [false] }])
  })

  test('leads to who pays: the nearest above with a price, and the root for everybody else', async () => {
    await inOwnTransaction(async (tx) => {
      for (const [customer, parent] of [['top'], ['middle', 'top'], ['leaf', 'middle']])
        if (customer)
          await declareCustomer(tx, app.envId, { customer, ...(parent ? { parent } : {}) }, START)
    })
    await subscribed(app.envId)
    await subscribed(app.envId, { customer: 'top' })
    await use(app.envId, [
      { customer: 'leaf', at: IN_MARCH, amount: '1' },
      { customer: 'other', at: IN_MARCH, amount: '2' },
    ])
    expect((await wayOf('1')).meters[0].billing.customerId).toBe('top')
    expect((await wayOf('2')).meters[0].billing.customerId).toBe('$root')
  })

  test('says of each meter of the name whether it had a value to read', async () => {
    await inOwnTransaction(async (tx) => {
      for (const [key, property] of [
        ['SIZES', 'size'],
        ['WEIGHTS', 'weight'],
      ]) {
        await aMeter(tx, app.envId, { key: String(key) })
        await tx
          .updateTable('meters')
          .set({ event_name: 'API_CALL', value_property: [String(property)] })
          .where('env_id', '=', app.envId)
          .where('key', '=', String(key))
          .execute()
      }
    })
    await use(app.envId, [{ customer: 'ann', at: IN_MARCH, metadata: { size: '2.50' } }])
    expect((await wayOf('1')).meters).toMatchObject([
      { meter: 'API_CALL', outcome: 'counted', value: '1' },
      { meter: 'SIZES', outcome: 'counted', value: '2.5' },
      { meter: 'WEIGHTS', outcome: 'no_value', value: null, billing: null },
    ])
  })

  test('of an event that no meter reads ends where it began', async () => {
    await use(app.envId, [{ customer: 'ann', at: IN_MARCH, name: 'OTHER' }])
    expect((await wayOf('1')).meters).toEqual([])
  })

  test('of an event that nobody recorded is an answer, too', async () => {
    const id = eventIdOf(keyOfUuid('00000000-0000-4000-8000-000000000001'))
    const { status, json } = await app.send('GET', `/api/v1/events/${id}/way`, { headers: KEY })
    expect([status, json.error.code]).toEqual([404, 'usage.event_not_found'])
  })
})

test('the events that were stored last are listed first, of one name if wanted', async () => {
  const nothing = await app.send('GET', '/api/v1/events/newest', { headers: KEY })
  expect(nothing.json).toEqual({ data: [], hasEvents: false })
  await use(app.envId, [{ customer: 'ann', at: IN_MARCH, amount: '1' }])
  await use(app.envId, [{ customer: 'ann', at: IN_MARCH, amount: '2', name: 'OTHER' }])
  await use(app.envId, [{ customer: 'ann', at: '2026-03-02T00:00:00Z', amount: '3' }])
  const amounts = async (query: string): Promise<string[]> => {
    const { json } = await app.send('GET', `/api/v1/events/newest${query}`, { headers: KEY })
    return json.data.map(({ amount }: { amount: string }) => amount)
  }
  expect(await amounts('')).toEqual(['3', '2', '1'])
  expect(await amounts('?limit=2')).toEqual(['3', '2'])
  expect(await amounts('?name=API_CALL')).toEqual(['3', '1'])
  const unknown = await app.send('GET', '/api/v1/events/newest?name=NO_SUCH', { headers: KEY })
  expect(unknown.json).toEqual({ data: [], hasEvents: true })
})
