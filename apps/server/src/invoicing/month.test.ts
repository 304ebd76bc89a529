import { beforeEach, describe, expect, test } from 'vitest'
import { addPlanVersion } from '../catalog/create-plan.ts'
import { aPlan, aVersion } from '../catalog/test-plans.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { toPreview } from './invoice-reply.ts'
import { lineEvents } from './line-events.ts'
import { previewInvoice } from './read-invoice.ts'
import {
  advance,
  anEnvironmentWithPro,
  factsOf,
  fold,
  onlyInvoice,
  subscribed,
  type TestUsage,
  use,
} from './test-billing.ts'

const START = new Date('2026-03-01T00:00:00Z')
const END = '2026-04-01T00:00:00.000Z'
const AFTER_GRACE = '2026-04-01T01:00:00.000Z'

let env: number
beforeEach(async () => {
  env = await anEnvironmentWithPro(START)
})

/** `count` calls of the customer, spread over March. */
function calls(customer: string, count: number, days = 30): TestUsage[] {
  return Array.from({ length: days }, (_, n) => ({
    customer,
    at: new Date(START.getTime() + n * 86_400_000 + n * 1_234_567).toISOString(),
    amount: String(
      n === 0 ? count - (days - 1) * Math.floor(count / days) : Math.floor(count / days),
    ),
  }))
}

describe('one month on Pro', () => {
  test('of 12,000 calls with 10,000 included costs $120.00, and everybody is told', async () => {
    const { id: subscriptionId } = await subscribed(env)
    await use(env, calls('user_123', 12_000))
    await advance(env, END)

    const draft = await onlyInvoice(env)
    expect(draft).toMatchObject({ status: 'draft', number: null, total: '120.00' })

    await advance(env, AFTER_GRACE)
    const invoice = await onlyInvoice(env)
    expect(invoice).toMatchObject({
      id: draft.id,
      status: 'finalized',
      number: 'INV-000001',
      customerId: '$root',
      subscriptionId,
      periodStart: START.toISOString(),
      periodEnd: END,
      totalMinor: '12000',
      finalizedAt: AFTER_GRACE,
    })
    expect(invoice.lines).toMatchObject([
      { kind: 'base', description: 'Pro, base price', amount: '100.00', coverage: [] },
      {
        kind: 'usage',
        meter: 'API_CALL',
        description: 'API Calls: 12,000 calls, 10,000 included',
        quantity: '12000',
        included: '10000',
        billable: '2000',
        unitPrice: '0.01',
        amount: '20.00',
        coverage: [{ customerId: null, except: [], from: START.toISOString(), to: END }],
      },
    ])
    const facts = await inOwnTransaction((tx) => factsOf(tx, env))
    const data = { invoiceId: invoice.id, amount: 120, totalMinor: '12000', currency: 'USD' }
    expect(facts).toMatchObject([
      { type: 'subscription.activated' },
      { type: 'invoice.created', at: new Date(END), data: { ...data, number: null, version: 1 } },
      {
        type: 'invoice.finalized',
        at: new Date(AFTER_GRACE),
        data: { ...data, number: 'INV-000001', status: 'finalized', version: 2, subscriptionId },
      },
    ])
  })

  test('shows in the preview what the final invoice says, at any number of calls', async () => {
    const { id } = await subscribed(env)
    for (const count of [9_999, 1, 1, 1_999]) {
      await use(env, [{ customer: 'ann', at: '2026-03-10T00:00:00Z', amount: String(count) }])
    }
    await fold()
    const preview = await inOwnTransaction(async (tx) => {
      const { subscription, content } = await previewInvoice(tx, env, id, new Date(AFTER_GRACE))
      return toPreview(subscription, content)
    })
    await advance(env, AFTER_GRACE)
    const { lines, total } = await onlyInvoice(env)
    expect(preview).toMatchObject({ lines, total: '120.00' })
    expect(total).toBe(preview.total)
  })

  test('counts an event that comes in the grace, and changes nothing for one that comes later', async () => {
    await subscribed(env)
    await use(env, [{ customer: 'ann', at: '2026-03-31T23:59:59.999Z', amount: '10000' }])
    await advance(env, END)
    await use(env, [
      { customer: 'ann', at: '2026-03-31T23:59:59.999Z', amount: '100' },
      { customer: 'ann', at: END, amount: '70000' }, // of the next period
    ])
    await advance(env, AFTER_GRACE)
    const invoice = await onlyInvoice(env)
    await use(env, [{ customer: 'ann', at: '2026-03-15T00:00:00Z', amount: '5000' }])
    await advance(env, '2026-04-15T00:00:00Z')

    expect(invoice.total).toBe('101.00')
    expect(await onlyInvoice(env)).toEqual(invoice)
  })

  test('lists exactly the events of each line', async () => {
    await subscribed(env)
    await use(env, [
      { customer: 'ann', at: '2026-02-28T23:59:59.999Z' },
      { customer: 'ann', at: '2026-03-01T00:00:00Z', amount: '2' },
      { customer: 'bob', at: '2026-03-31T23:59:59.999Z', amount: '3' },
      { customer: 'bob', at: '2026-03-31T12:00:00Z', name: 'OTHER' },
      { customer: 'bob', at: END },
    ])
    await advance(env, AFTER_GRACE)
    const { id } = await onlyInvoice(env)
    await use(env, [{ customer: 'ann', at: '2026-03-15T00:00:00Z' }])

    const page = { limit: 100, after: null }
    const events = (lineNo: number) =>
      inOwnTransaction((tx) => lineEvents(tx, env, { id, lineNo }, page))
    expect(await events(1)).toEqual([])
    expect(await events(2)).toMatchObject([
      { customer: 'ann', amount: '2' },
      { customer: 'bob', amount: '3' },
    ])
    await expect(events(3)).rejects.toMatchObject({ code: 'invoice.line_unknown' })
  })

  test('keeps its prices when the plan gets a new version', async () => {
    await subscribed(env)
    const dearer = aVersion({ basePrice: '999' })
    await inOwnTransaction((tx) => addPlanVersion(tx, env, { plan: 'pro', content: dearer }, START))
    await advance(env, AFTER_GRACE)
    expect(await onlyInvoice(env)).toMatchObject({ planVersion: 1, total: '100.00' })
  })

  test('without any usage has its base line only', async () => {
    await subscribed(env)
    await advance(env, AFTER_GRACE)
    expect((await onlyInvoice(env)).lines).toMatchObject([{ kind: 'base', amount: '100.00' }])
  })

  test('that costs nothing is numbered, finalized and paid at once', async () => {
    await inOwnTransaction((tx) => aPlan(tx, env, { key: 'free', basePrice: '0' }))
    await subscribed(env, { plan: 'free' })
    await advance(env, AFTER_GRACE)
    expect(await onlyInvoice(env)).toMatchObject({
      status: 'paid',
      number: 'INV-000001',
      version: 3,
    })
    const facts = await inOwnTransaction((tx) => factsOf(tx, env))
    expect(facts.map(({ type, data }) => `${type} ${String(data.version ?? '')}`)).toEqual([
      'subscription.activated ',
      'invoice.created 1',
      'invoice.finalized 2',
      'invoice.paid 3',
    ])
  })
})
