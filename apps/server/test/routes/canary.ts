import { expect } from 'vitest'
import { withClient } from '../../src/platform/db/embedded-postgres/probe.ts'
import { inOwnTransaction, testDatabase } from '../../src/platform/db/test-db.ts'
import { inside } from '../accounts/browser.ts'
import type { Somebody } from './people.ts'
import type { Organization, RunningApp } from './running-app.ts'
import type { Belongings } from './tenant.ts'

/** Writes the canary into what a month of `liveThrough` leaves out: every other text that one can choose. */
export async function singEverywhere(
  app: RunningApp,
  {
    organization,
    owner,
    things,
  }: { organization: Organization; owner: Somebody; things: Belongings },
): Promise<void> {
  const { canary, ids } = things
  const key = organization.testKey
  const write = async (method: string, path: string, body: unknown) => {
    const { status, text, json } = await app.call(method, path, { key, body })
    expect([200, 201], `${method} ${path}: ${text}`).toContain(status)
    return json
  }
  const customer = `/api/v1/customers/${encodeURIComponent(`${canary} customer`)}`
  await write('PATCH', '/api/v1/settings/billing', {
    ...{ sellerName: canary, sellerAddress: [canary], taxNumbers: [canary], note: canary },
    ...{ email: `${canary}@example.com`, numberPattern: `${canary}-{number:6}` },
    creditNotePattern: `${canary}-{number:6}`,
  })
  const parent = `${canary} parent`
  await write('POST', '/api/v1/customers', { customerId: parent })
  const contact = { email: `${canary}@example.com`, address: [canary], taxNumber: canary }
  await write('PATCH', customer, { ...contact, parentId: parent })
  const returnUrl = `https://example.com/${canary}`
  await write('POST', `${customer}/portal-links`, { returnUrl })
  await write('PUT', `${customer}/collection`, { collection: 'manual' })
  await write('POST', `${customer}/payment-method-setups`, { returnUrl, currency: 'USD' })
  await writeCatalog(write, canary)
  const units = { customerId: `${canary} customer`, meter: `${canary}.calls`, units: '1' }
  await write('POST', '/api/v1/holds', { ...units, key: canary })
  await borrow(write, units, canary)
  const metadata = { note: canary }
  await write('POST', `/api/v1/events/${ids.eventId?.[0]}/amend`, { metadata, reason: canary })
  const item = { description: canary, unitAmount: '1' }
  const invoice = await write('POST', '/api/v1/invoices', {
    ...{ customerId: `${canary} customer`, currency: 'USD', items: [item] },
  })
  await write('POST', `/api/v1/invoices/${invoice.id}/void`, { reason: canary })
  await writeAsPeople(organization, owner, canary)
}

type Write = (method: string, path: string, body: unknown) => Promise<unknown>

/** Of the credits of a customer, by a process that calls itself so. */
async function borrow(
  write: (method: string, path: string, body: unknown) => Promise<{ readonly id: string }>,
  { customerId, meter }: { readonly customerId: string; readonly meter: string },
  canary: string,
): Promise<void> {
  const limit = { name: canary, algorithm: 'balance', meter }
  const policy = await write('POST', '/api/v1/control/policies', {
    ...{ key: `${canary}-prepaid`, name: canary, method: 'GET', url: `/${canary}` },
    limits: [limit],
  })
  const ask = { id: canary, needed: 1, identity: { kind: 'customer', id: customerId } }
  await write('POST', '/api/v1/control/leases', {
    ...{ application: canary, holder: canary },
    ask: [{ ...ask, limit: { policyId: policy.id, name: canary } }],
  })
}

async function writeCatalog(write: Write, canary: string): Promise<void> {
  const name = `${canary}.tokens`
  const tokens = { key: name, name, unit: canary, groupBy: [canary] }
  const filter = { property: canary, operator: 'eq', value: canary }
  await write('POST', '/api/v1/meters', { ...tokens, valueProperty: canary, filter })
  const unique = { key: `${canary}.users`, groupBy: [canary], aggregation: 'UNIQUE' }
  await write('POST', '/api/v1/meters', { ...unique, valueProperty: canary, eventName: name })
  const flat = { name: canary, amount: '1', recurring: 'period' }
  await write('POST', '/api/v1/plans', {
    ...{ key: `${canary}-by`, name: canary, currency: 'USD', cycle: 'month', flatPrices: [flat] },
    prices: [byDimension(name, canary)],
  })
  const timestamp = '2026-05-19T23:59:00Z'
  const event = {
    name,
    customerId: `${canary} customer`,
    metadata: { [canary]: canary },
    timestamp,
  }
  await write('POST', '/api/v1/events', { ...event, idempotencyKey: `${canary}-d` })
}

function byDimension(meter: string, canary: string) {
  const otherwise = { model: 'per_unit', unitPrice: '1' }
  const cases = [{ values: [canary], price: otherwise }]
  return { meter, model: 'by_dimension', properties: [canary], cases, otherwise }
}

async function writeAsPeople(
  { id }: Organization,
  { browser, userId }: Somebody,
  canary: string,
): Promise<void> {
  const base = `/api/v1/organizations/${id}`
  expect((await browser.send('PATCH', base, { body: { name: canary } })).status).toBe(200)
  const invitation = { email: `${canary}-invited@example.com`, role: 'VIEWER' }
  expect((await browser.post(`${base}/invitations`, invitation)).status).toBe(201)
  const wanted = { mode: 'live', name: canary, scopes: ['usage:read'] }
  expect((await browser.post(`${base}/keys`, wanted)).status).toBe(201)
  expect((await browser.get('/api/v1/meters', inside(id))).status).toBe(200)
  await inOwnTransaction(async (tx) => {
    await tx.updateTable('users').set({ name: canary }).where('id', '=', userId).execute()
    await tx
      .updateTable('sessions')
      .set({ user_agent: canary })
      .where('user_id', '=', userId)
      .execute()
  })
}

/** The text columns of all tables, and whether the canary stands in any of their rows. */
export async function columnsWith(canary: string): Promise<Map<string, boolean>> {
  const { url } = await testDatabase()
  return withClient(url, async (client) => {
    const { rows } = await client.query(
      `select c.table_name, c.column_name from information_schema.columns c
       join information_schema.tables t using (table_schema, table_name)
       where table_schema = 'public' and t.table_type = 'BASE TABLE'
         and (c.data_type in ('text', 'jsonb') or c.udt_name = '_text')`,
    )
    const found = new Map<string, boolean>()
    for (const { table_name: table, column_name: column } of rows) {
      const { rowCount } = await client.query(
        `select from ${table} where ${column}::text like '%' || $1 || '%' limit 1`,
        [canary],
      )
      found.set(`${table}.${column}`, rowCount === 1)
    }
    return found
  })
}
