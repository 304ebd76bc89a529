import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { restoreOrganization } from '../../src/identity/delete-organization.ts'
import { eraseSome } from '../../src/identity/deletion.store.ts'
import { withClient } from '../../src/platform/db/embedded-postgres/probe.ts'
import { inOwnTransaction, testDatabase } from '../../src/platform/db/test-db.ts'
import { columnsWith, singEverywhere } from '../routes/canary.ts'
import { aMember, type Somebody } from '../routes/people.ts'
import {
  anOrganization,
  type Organization,
  type RunningApp,
  runApp,
} from '../routes/running-app.ts'
import { liveThrough } from '../routes/tenant.ts'
import { firstOwner, inside } from './browser.ts'

const DAY_MS = 24 * 3_600_000
const CANARY = 'canaryd'
const WAIT_MS_MAX = 60_000

let app: RunningApp
let acme: Organization
let other: Organization
let owner: Somebody
let developer: Somebody

beforeAll(async () => {
  app = await runApp('open')
  acme = await anOrganization('Acme')
  other = await anOrganization('Other')
  await firstOwner(app)
  owner = await aMember(app, acme.id, 'OWNER')
  developer = await aMember(app, acme.id, 'DEVELOPER')
  const [things] = await Promise.all([
    liveThrough(app, acme.testKey, CANARY),
    liveThrough(app, other.testKey, 'others'),
  ])
  await singEverywhere(app, { organization: acme, owner, things })
})
afterAll(() => app.stop())

const path = (rest = '') => `/api/v1/organizations/${acme.id}${rest}`
const deletion = (name: string, by = owner) => by.browser.post(path('/deletion'), { name })
const closed = { status: 403, json: { error: { code: 'organization.deleted' } } }

async function setEnd(eraseAt: Date): Promise<void> {
  await inOwnTransaction((tx) =>
    tx.updateTable('organizations').set({ erase_at: eraseAt }).where('id', '=', acme.id).execute(),
  )
}

/** How many rows of each table belong to the organization. */
async function rows(organization: Organization): Promise<Map<string, number>> {
  const { url } = await testDatabase()
  return withClient(url, async (client) => {
    const { rows: tables } = await client.query(
      `select c.table_name as name, c.column_name as by from information_schema.columns c
       join information_schema.tables t using (table_schema, table_name)
       where table_schema = 'public' and table_type = 'BASE TABLE' and column_name in ('env_id', 'organization_id')`,
    )
    const found = new Map<string, number>()
    for (const { name, by } of tables) {
      const of =
        by === 'env_id' ? [organization.live.envId, organization.test.envId] : [organization.id]
      const { rows: counted } = await client.query(
        `select count(*)::int as count from ${name} where ${by} = any($1)`,
        [of],
      )
      found.set(`${name} ${by}`, counted[0].count)
    }
    return found
  })
}

/** A fact that is to be told once more: its `ref`. */
async function somethingDue(): Promise<string> {
  const { envId } = acme.test
  return inOwnTransaction(async (tx) => {
    const fact = tx.selectFrom('facts').where('env_id', '=', envId).select('id').limit(1)
    const { id } = await fact.executeTakeFirstOrThrow()
    const row = { env_id: envId, kind: 'fact', ref: id, at: new Date(0) }
    await tx.insertInto('due').values(row).execute()
    return id
  })
}

async function isDue(ref: string): Promise<boolean> {
  const row = await inOwnTransaction((tx) =>
    tx
      .selectFrom('due')
      .where('env_id', '=', acme.test.envId)
      .where('ref', '=', ref)
      .select('ref')
      .executeTakeFirst(),
  )
  return row !== undefined
}

const held = (counts: Map<string, number>) => [...counts].filter(([, count]) => count > 0)
/** Without what the worker does by itself. */
const atRest = (counts: Map<string, number>) =>
  held(counts).filter(([name]) => !/^(due|facts|webhook_\w+|audit_\w+) /.test(name))

describe('an organization that its owner deletes', () => {
  test('is asked for by its name, and by its OWNER alone', async () => {
    const differs = { status: 422, json: { error: { code: 'organization.name_differs' } } }
    expect(await deletion('canaryD')).toMatchObject(differs)
    expect((await deletion(CANARY, developer)).status).toBe(403)
    const restored = await owner.browser.send('DELETE', path('/deletion'))
    expect(restored.json.error.code).toBe('organization.not_deleted')
    expect((await app.call('GET', '/api/v1/meters', { key: acme.testKey })).status).toBe(200)
  })

  test('is closed to keys and members at once, for thirty days, with its log open', async () => {
    const deleted = await deletion(CANARY)
    expect(deleted.status).toBe(200)
    const graceMs = Date.parse(deleted.json.eraseAt) - Date.now()
    expect(Math.abs(graceMs - 30 * DAY_MS)).toBeLessThan(60_000)
    expect((await deletion(CANARY)).json).toEqual(deleted.json) // the second time changes nothing
    expect(await owner.browser.get('/api/v1/meters', inside(acme.id))).toMatchObject(closed)
    expect(await owner.browser.get(path('/members'))).toMatchObject(closed)
    expect(await developer.browser.get(path('/keys'))).toMatchObject(closed)
    await sleep(1_000) // what a key may do is believed for 0.9 s
    const event = { name: 'x', customerId: 'y', idempotencyKey: 'late' }
    for (const key of [acme.testKey, acme.liveKey]) {
      expect(await app.call('GET', '/api/v1/meters', { key })).toMatchObject(closed)
      expect(await app.call('POST', '/api/v1/events', { key, body: event })).toMatchObject(closed)
      const track = { metric: 'x', customerId: 'y' }
      expect(await app.call('POST', '/api/track', { key, body: track })).toMatchObject(closed)
    }
    const { json } = await owner.browser.get(path('/audit?limit=1'))
    expect(json.data[0].action).toBe('POST /api/v1/organizations/:organizationId/deletion')
    const session = await developer.browser.get('/api/v1/session')
    expect(session.json.organizations).toMatchObject([
      { id: acme.id, eraseAt: deleted.json.eraseAt },
    ])
  })

  test('sends no webhook and does no work meanwhile, and goes on where it stopped', async () => {
    const sentSoFar = app.received.length
    const work = await somethingDue()
    await sleep(1_500)
    expect(await isDue(work)).toBe(true)
    expect(app.received.length).toBe(sentSoFar)

    expect((await owner.browser.send('DELETE', path('/deletion'))).json.restored).toBe(true)
    expect((await owner.browser.get(path('/members'))).status).toBe(200)
    await sleep(1_000)
    expect((await app.call('GET', '/api/v1/meters', { key: acme.testKey })).status).toBe(200)
    const giveUpMs = performance.now() + WAIT_MS_MAX
    while ((await isDue(work)) && performance.now() < giveUpMs) await sleep(50)
    expect(await isDue(work)).toBe(false)
  })
})

describe('after the grace', () => {
  test('it cannot be restored any more: a part of it may be gone', async () => {
    const eraseAt = new Date((await deletion(CANARY)).json.eraseAt)
    const restoreAt = (at: Date) => inOwnTransaction((tx) => restoreOrganization(tx, acme.id, at))
    await expect(restoreAt(eraseAt)).rejects.toMatchObject({ code: 'organization.deleted' })
    await restoreAt(new Date(eraseAt.getTime() - 1))
  })

  test('all of it is erased, by steps that may be broken off, and nothing of another', async () => {
    expect((await deletion(CANARY)).status).toBe(200)
    const before = await rows(other)
    expect(held(await rows(acme)).length).toBeGreaterThan(40)
    const now = new Date()
    const step = (at: Date) =>
      inOwnTransaction((tx) => eraseSome(tx, acme.id, { systemNow: at, batch: 2 }))
    expect(await step(now)).toBeNull() // its grace is not over
    await expect(
      inOwnTransaction((tx) =>
        tx.deleteFrom('invoices').where('env_id', '=', acme.test.envId).execute(),
      ),
    ).rejects.toMatchObject({ code: '42501' })
    await setEnd(now) // the worker of the app erases from now on, and so do two more by steps of two rows
    const giveUpMs = performance.now() + WAIT_MS_MAX
    while (held(await rows(acme)).length > 0 && performance.now() < giveUpMs)
      await Promise.all([step(now), step(now)])
    expect(held(await rows(acme))).toEqual([])
    expect(await step(now)).toBeNull()
    expect(atRest(await rows(other))).toEqual(atRest(before))
    expect((await app.call('GET', '/api/v1/meters', { key: other.testKey })).status).toBe(200)
    const traces = [...(await columnsWith(CANARY))].filter(([, isThere]) => isThere)
    expect(traces.map(([name]) => name).sort()).toEqual([
      ...['outbox_mails.recipient', 'outbox_mails.subject'], // messages to people
      ...['sessions.user_agent', 'users.name'], // people stay: they may belong elsewhere
    ])
    expect((await owner.browser.get(path('/members'))).status).toBe(404)
    expect((await owner.browser.get('/api/v1/session')).json.organizations).toEqual([])
  })
})
