import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { makeVisitor, type Visitor } from '@usageflow/server/src/cli/demo/visitor.ts'
import { addFirstOwner } from '@usageflow/server/src/identity/first-member.ts'
import { openDatabase } from '@usageflow/server/src/platform/db/database.ts'
import { migrate } from '@usageflow/server/src/platform/db/migrate.ts'
import { silentLog } from '@usageflow/server/src/platform/log.ts'
import type { ServerProcess } from '../../tools/server-process.ts'
import { createOffer, multiply } from './billing-world.ts'
import { withClient } from './postgres.ts'

/** A database with customers whose month is over and not billed yet. */
export type Filled = {
  readonly url: string
  readonly envId: number
  readonly organizationId: string
}

/** A server that somebody with so many customers has signed in to. */
export type World = {
  readonly url: string
  readonly organizationId: string
  readonly visitor: Visitor
  /** Of a session: what a browser sends with each call. */
  readonly cookie: string
}

const BEFORE_BILLING = '2026-03-31T20:00:00Z'
const AFTER_BILLING = '2026-04-02T09:00:00Z'
const POLL_MS = 500
const BILLED_MS_MAX = 600_000

/** Customers with a subscription and 100 events each, in a live environment whose clock we set. */
export async function fillWorld(serverUrl: string, customers: number): Promise<Filled> {
  await withClient(serverUrl, (client) => client.query('create database dashboard'))
  const url = new URL(serverUrl)
  url.pathname = '/dashboard'
  await migrate({ url: url.href, log: silentLog() })
  const db = openDatabase({ url: url.href, log: silentLog() })
  try {
    const envId = await createOffer(db)
    await setClock(url.href, envId, BEFORE_BILLING)
    await multiply(url.href, db, customers)
    const organizationId = await withClient(url.href, async (client) => {
      const { rows } = await client.query('select id from organizations')
      return String(rows[0].id)
    })
    return { url: url.href, envId, organizationId }
  } finally {
    await db.end()
  }
}

/** Signs somebody in, has the product bill the month, and waits until there is a delivery for each fact of it. */
export async function openWorld(
  server: ServerProcess,
  { url: databaseUrl, envId, organizationId }: Filled,
  customers: number,
): Promise<World> {
  const visitor = await makeVisitor(server.url, {
    ...{ email: 'bench@example.com', name: 'Bench' },
    pass: { 'usageflow-first-owner-token': await firstOwnerToken(server) },
  })
  await own(databaseUrl, organizationId, visitor.userId)
  const { key } = (await visitor.call('POST', `/api/v1/organizations/${organizationId}/keys`, {
    ...{ mode: 'live', name: 'bench', scopes: ['webhooks:read', 'webhooks:write'] },
  })) as { key: string }
  const receiver = createServer((_request, response) => response.end())
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
  const { port } = receiver.address() as AddressInfo
  const call = callWith(server.url, key)
  const endpoint = await call('POST', '/webhook-endpoints', { url: `http://127.0.0.1:${port}/` })
  await setClock(databaseUrl, envId, AFTER_BILLING)
  await untilBilled(databaseUrl, customers)
  await call('PATCH', `/webhook-endpoints/${endpoint.id}`, { status: 'disabled' }) // what was sent is enough to look at
  receiver.close()
  await withClient(databaseUrl, (client) => client.query('vacuum analyze'))
  const cookie = (await visitor.signIn('bench')).map((one) => one.split(';')[0]).join('; ')
  return { url: server.url, organizationId, visitor, cookie }
}

async function own(databaseUrl: string, organizationId: string, userId: string): Promise<void> {
  const db = openDatabase({ url: databaseUrl, log: silentLog() })
  await db.inTransaction((tx) => addFirstOwner(tx, organizationId, userId, new Date()))
  await db.end()
}

async function setClock(databaseUrl: string, envId: number, now: string): Promise<void> {
  const offsetMs = Date.parse(now) - Date.now()
  await withClient(databaseUrl, (client) =>
    client.query('update environment_clocks set offset_ms = $2 where env_id = $1', [
      envId,
      offsetMs,
    ]),
  )
}

async function firstOwnerToken({ logged }: ServerProcess): Promise<string> {
  for (;;) {
    const line = logged.find((entry) => entry.firstOwnerToken !== undefined)
    if (line) return String(line.firstOwnerToken)
    await sleep(POLL_MS)
  }
}

function callWith(url: string, key: string) {
  return async (method: string, path: string, body: object): Promise<{ id: string }> => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: { 'x-usageflow-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as { id: string }
  }
}

/** Every customer has an invoice, and nothing of it is still to be told. */
async function untilBilled(databaseUrl: string, customers: number): Promise<void> {
  const giveUpAtMs = performance.now() + BILLED_MS_MAX
  const read = () =>
    withClient(databaseUrl, async (client) => {
      const { rows } = await client.query(`select (select count(*)::int from invoices) as invoices,
        (select count(*)::int from due where kind = 'fact') as due,
        (select count(*)::int from webhook_deliveries) as told`)
      return rows[0] as { invoices: number; due: number; told: number }
    })
  for (;;) {
    const { invoices, due, told } = await read()
    process.stderr.write(`${invoices} invoices, ${told} deliveries, ${due} still due\n`)
    if (invoices >= customers && due === 0) return
    if (performance.now() > giveUpAtMs) throw new Error('the month was not billed in time')
    await sleep(10 * POLL_MS)
  }
}
