import { beforeEach, describe, expect, test } from 'vitest'
import { couponsRoutes } from '../catalog/coupons.routes.ts'
import { createRootCustomer } from '../customers/create-root-customer.ts'
import { customersRoutes } from '../customers/customers.routes.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { KEY, serveForTest, type TestApp } from '../platform/http/test-app.ts'
import { discountsRoutes } from './discounts.routes.ts'

let app: TestApp
beforeEach(async () => {
  app = await serveForTest([...couponsRoutes(), ...customersRoutes(), ...discountsRoutes()])
  await inOwnTransaction((tx) => createRootCustomer(tx, app.envId, new Date()))
  for (const customerId of ['ann', 'bob', 'eve']) await post('/customers', { customerId })
})

async function post(target: string, body: unknown) {
  const { status, json } = await app.send('POST', `/api/v1${target}`, { headers: KEY, body })
  return { status, code: json.error?.code, json }
}

const OFF = { key: 'off', name: 'Off', percent: '10', duration: 'forever' }

describe('a coupon', () => {
  test('is given no more often than it may be, however many ask at once', async () => {
    await post('/coupons', { ...OFF, redemptionsMax: 2 })
    const given = await Promise.all(
      ['ann', 'bob', 'eve'].map((customerId) =>
        post('/coupon-attachments', { coupon: 'off', customerId }),
      ),
    )
    expect(given.map(({ status }) => status).sort()).toEqual([201, 201, 409])
  })

  test('is given to nobody twice at a time', async () => {
    await post('/coupons', OFF)
    const attachment = { coupon: 'off', customerId: 'ann' }
    expect((await post('/coupon-attachments', attachment)).status).toBe(201)
    expect((await post('/coupon-attachments', attachment)).status).toBe(409)
  })

  test.each([
    ['one that nobody has made', { coupon: 'none', customerId: 'ann' }, 404],
    ['a customer that does not exist', { coupon: 'off', customerId: 'nobody' }, 404],
  ])('is not given: %s', async (_what, attachment, status) => {
    await post('/coupons', OFF)
    expect((await post('/coupon-attachments', attachment)).status).toBe(status)
  })

  test.each([
    ['both a percentage and an amount', { percent: '10', amount: '5', currency: 'USD' }],
    ['neither', {}],
    ['more than all of it', { percent: '101' }],
    ['an amount of no currency', { amount: '5' }],
  ])('is not made with %s', async (_what, discount) => {
    const made = await post('/coupons', { key: 'x', name: 'X', duration: 'once', ...discount })
    expect([400, 422]).toContain(made.status)
  })
})
