import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { sealWaiting, verifyChain } from '../../src/audit/seal-chain.ts'
import { changeRole, leave } from '../../src/identity/change-members.ts'
import { createApiKey } from '../../src/identity/create-api-key.ts'
import { invite } from '../../src/identity/invite.ts'
import type { Role } from '../../src/identity/roles.ts'
import { inOwnTransaction, testDatabase } from '../../src/platform/db/test-db.ts'
import { anOrganization, type RunningApp, runApp } from '../routes/running-app.ts'
import { Browser, firstOwner, inside, PASSWORD, someone, tokenSentTo } from './browser.ts'
import { acceptBy, aUser, codeOf, join } from './people.ts'

const ROUNDS = 1_000

let app: RunningApp
let ada: Browser
let acme: string
const members = new Map<Role, { readonly browser: Browser; readonly userId: string }>()

beforeAll(async () => {
  app = await runApp('open')
  ada = await firstOwner(app)
  acme = (await ada.post('/api/v1/organizations', { name: 'Acme' })).json.id
  members.set('OWNER', { browser: ada, userId: await idOf(ada) })
  for (const role of ['ADMIN', 'DEVELOPER', 'VIEWER'] as const) {
    const browser = await someone(app, `${role.toLowerCase()}@example.com`)
    const userId = await idOf(browser)
    await join(acme, userId, role)
    members.set(role, { browser, userId })
  }
})
afterAll(() => app.stop())

const path = (rest = '', of = acme) => `/api/v1/organizations/${of}${rest}`
const idOf = async (browser: Browser) => (await browser.get('/api/v1/session')).json.user.id
const as = (role: Role) => {
  const member = members.get(role)
  if (!member) throw new Error(`nobody is ${role}`)
  return member
}

describe('members', () => {
  test('lift nobody above themselves, and leave no organization without an owner', async () => {
    const [owner, admin] = [as('OWNER').userId, as('ADMIN').userId]
    const { browser } = as('ADMIN')
    const refused = { status: 403, json: { error: { code: 'member.role_above_you' } } }
    const promote = { role: 'OWNER' }
    expect(await browser.send('PATCH', path(`/members/${admin}`), { body: promote })).toMatchObject(
      refused,
    )
    expect(await browser.send('DELETE', path(`/members/${owner}`))).toMatchObject(refused)
    const invitation = { email: 'boss@example.com', role: 'OWNER' }
    expect(await browser.post(path('/invitations'), invitation)).toMatchObject(refused)
    const last = { status: 409, json: { error: { code: 'member.last_owner' } } }
    expect(await ada.post(path('/leave'))).toMatchObject(last)
    expect(
      await ada.send('PATCH', path(`/members/${owner}`), { body: { role: 'ADMIN' } }),
    ).toMatchObject(last)
    expect(await ada.send('DELETE', path(`/members/${owner}`))).toMatchObject(last)
  })

  test('that are removed are out with their next request', async () => {
    const gone = await someone(app, 'gone@example.com')
    await join(acme, await idOf(gone), 'ADMIN')
    expect((await gone.get('/api/v1/meters', inside(acme))).status).toBe(200)
    expect((await ada.send('DELETE', path(`/members/${await idOf(gone)}`))).status).toBe(200)
    expect((await gone.get('/api/v1/meters', inside(acme))).status).toBe(404)
    expect((await gone.get(path('/members'))).status).toBe(404)
  })

  test(`are never without an owner: ${ROUNDS} times the last two take it from each other`, async () => {
    const { id } = await anOrganization('Race')
    const [one, two] = [(await aUser()).userId, (await aUser()).userId]
    for (const userId of [one, two]) await join(id, userId, 'OWNER')
    for (let round = 0; round < ROUNDS; round++) {
      const answers = await Promise.all([
        codeOf(
          inOwnTransaction((tx) =>
            changeRole(tx, { organizationId: id, actorId: one }, two, 'ADMIN'),
          ),
        ),
        codeOf(
          inOwnTransaction((tx) =>
            round % 2
              ? leave(tx, { organizationId: id, actorId: two }, new Date())
              : changeRole(tx, { organizationId: id, actorId: two }, one, 'ADMIN'),
          ),
        ),
      ])
      const owners = await inOwnTransaction((tx) =>
        tx
          .selectFrom('members')
          .where('organization_id', '=', id)
          .where('role', '=', 'OWNER')
          .select('user_id')
          .execute(),
      )
      expect(owners, answers.join()).toHaveLength(1)
      await inOwnTransaction((tx) =>
        tx.deleteFrom('members').where('organization_id', '=', id).execute(),
      )
      for (const userId of [one, two]) await join(id, userId, 'OWNER')
    }
  })
})

describe('an invitation', () => {
  test('lets in the address it was sent to, once, and lets it sign up', async () => {
    await ada.post(path('/invitations'), { email: 'Fay@example.com', role: 'VIEWER' })
    const again = await ada.post(path('/invitations'), { email: 'fay@example.com', role: 'ADMIN' })
    expect(again).toMatchObject({ status: 409, json: { error: { code: 'invitation.open' } } })
    const token = await tokenSentTo('fay@example.com')
    const stored = await inOwnTransaction((tx) =>
      tx.selectFrom('invitations').selectAll().execute(),
    )
    expect(JSON.stringify(stored)).not.toContain(token)
    const forwarded = await as('VIEWER').browser.post('/api/v1/invitations/accept', { token })
    expect(forwarded).toMatchObject({
      status: 403,
      json: { error: { code: 'invitation.other_address' } },
    })
    const fay = await someone(app, 'fay@example.com')
    const accepted = await fay.post('/api/v1/invitations/accept', { token })
    expect(accepted).toMatchObject({ status: 200, json: { organizationId: acme, role: 'VIEWER' } })
    const reused = await fay.post('/api/v1/invitations/accept', { token })
    expect(reused).toMatchObject({ status: 403, json: { error: { code: 'invitation.refused' } } })
  })

  test('ends after seven days, when it is revoked, and with the rights of who sent it', async () => {
    const { id } = await anOrganization('Ends')
    const [owner, admin] = [(await aUser()).userId, (await aUser()).userId]
    await join(id, owner, 'OWNER')
    await join(id, admin, 'ADMIN')
    const by = { organizationId: id, actorId: admin }
    const sentAt = new Date('2026-03-01T00:00:00Z')
    const sent = async () => {
      const user = await aUser()
      const { token } = await inOwnTransaction((tx) =>
        invite(tx, by, { email: user.email, role: 'ADMIN' }, sentAt),
      )
      return (at: Date) => codeOf(acceptBy(user, token, at))
    }
    const endsAt = new Date('2026-03-08T00:00:00Z')
    expect(await (await sent())(endsAt)).toBe('invitation.refused')
    expect(await (await sent())(new Date(endsAt.getTime() - 1))).toBe('done')
    const late = await sent()
    await inOwnTransaction((tx) =>
      changeRole(tx, { organizationId: id, actorId: owner }, admin, 'DEVELOPER'),
    )
    expect(await late(sentAt)).toBe('invitation.refused')
  })

  test(`makes one member of ${ROUNDS} who accept it at the same time`, async () => {
    const { id } = await anOrganization('Accepts')
    const owner = (await aUser()).userId
    await join(id, owner, 'OWNER')
    const user = await aUser()
    const { token } = await inOwnTransaction((tx) =>
      invite(
        tx,
        { organizationId: id, actorId: owner },
        { email: user.email, role: 'VIEWER' },
        new Date(),
      ),
    )
    const once = () => codeOf(acceptBy(user, token, new Date()))
    const answers = new Map<string, number>()
    for (let sent = 0; sent < ROUNDS; sent += 10) {
      for (const code of await Promise.all(Array.from({ length: 10 }, once)))
        answers.set(code, (answers.get(code) ?? 0) + 1)
    }
    expect(Object.fromEntries(answers)).toEqual({ done: 1, 'invitation.refused': ROUNDS - 1 })
  })

  test('opens sign-up where it is closed, for its address alone', async () => {
    const closed = await runApp('closed')
    try {
      await ada.post(path('/invitations'), { email: 'gus@example.com', role: 'VIEWER' })
      const invitation = { 'usageflow-invitation': await tokenSentTo('gus@example.com') }
      const signUp = async (email: string, headers: Record<string, string>) => {
        const account = { email, password: PASSWORD, name: 'Gus' }
        return (await new Browser(closed).post('/api/auth/sign-up/email', account, headers)).status
      }
      expect(await signUp('gus@example.com', {})).toBe(403)
      expect(await signUp('hal@example.com', invitation)).toBe(403)
      expect(await signUp('gus@example.com', invitation)).toBe(200)
    } finally {
      await closed.stop()
    }
  })
})

describe('an API key', () => {
  test('made by a member may do no more than they', async () => {
    const { browser } = as('DEVELOPER')
    const wanted = { mode: 'test', name: 'mine', scopes: ['usage:write'] }
    const made = await browser.post(path('/keys'), wanted)
    expect(made).toMatchObject({ status: 201, json: { key: expect.stringMatching(/^uf_test_/) } })
    const above = { ...wanted, scopes: ['usage:write', 'billing:write'] }
    const refused = { status: 403, json: { error: { code: 'key.scope_above_you' } } }
    expect(await browser.post(path('/keys'), above)).toMatchObject(refused)
    const strong = await ada.post(path('/keys'), above)
    expect(await browser.post(path(`/keys/${strong.json.id}/rotate`), {})).toMatchObject(refused)
    expect((await ada.post(path(`/keys/${strong.json.id}/rotate`), {})).status).toBe(201)
    expect((await ada.send('DELETE', path(`/keys/${made.json.id}`))).json.revoked).toBe(true)
    const { json } = await ada.get(path('/keys'))
    expect(json.data.map(({ mode }: { mode: string }) => mode)).toEqual(['test', 'test', 'test'])
    expect(JSON.stringify(json)).not.toContain(made.json.key)
    const foreign = await anOrganization('Foreign')
    const theirs = await inOwnTransaction((tx) =>
      createApiKey(tx, foreign.live, { name: 'x', scopes: ['usage:read'], systemNow: new Date() }),
    )
    expect((await ada.send('DELETE', path(`/keys/${theirs.id}`))).status).toBe(404)
  })
})

describe('the log of changes', () => {
  test('has one entry for each change and none for what was refused, and no secrets', async () => {
    const { id, testKey } = await anOrganization('Noted')
    await join(id, as('OWNER').userId, 'OWNER')
    const meter = { key: 'calls', name: 'Calls' }
    const once = { key: testKey, body: meter, once: 'k' }
    await app.call('POST', '/api/v1/meters', once)
    await app.call('POST', '/api/v1/meters', once) // a retry changes nothing again
    await app.call('POST', '/api/v1/meters', { key: testKey, body: meter }) // refused: it exists
    await app.call('POST', '/api/v1/customers', { key: testKey, body: { customerId: 'c' } })
    const card = { token: 'pm_test_ok' }
    await app.call('POST', '/api/v1/customers/c/payment-methods', { key: testKey, body: card })
    await ada.send('PATCH', path('', id), { body: { name: 'Renamed' } })
    const { json } = await ada.get(path('/audit', id))
    expect(json.data.map(({ action }: { action: string }) => action)).toEqual([
      'PATCH /api/v1/organizations/:organizationId',
      'POST /api/v1/customers/:customerId/payment-methods',
      'POST /api/v1/customers',
      'POST /api/v1/meters',
    ])
    expect(json.data[0]).toMatchObject({
      actor: { kind: 'user', id: as('OWNER').userId },
      mode: null,
      detail: { name: 'Renamed' },
    })
    expect(json.data[1]).toMatchObject({ actor: { kind: 'key' }, mode: 'test', target: 'c' })
    expect(JSON.stringify(json)).not.toContain('pm_test_ok')
    const { json: found } = await ada.get(path('/audit?action=customers&limit=1', id))
    expect(found.data).toHaveLength(1)
    const next = await ada.get(
      path(`/audit?action=customers&limit=1&cursor=${found.nextCursor}`, id),
    )
    expect(next.json).toMatchObject({
      data: [{ action: 'POST /api/v1/customers' }],
      nextCursor: null,
    })
  })

  test('shows every change that was made to it afterwards', async () => {
    const { database, url } = await testDatabase()
    const { id, testKey } = await anOrganization('Chained')
    for (const key of ['a', 'b', 'c', 'd'])
      await app.call('POST', '/api/v1/meters', { key: testKey, body: { key, name: key } })
    await sealWaiting(database, id, new Date())
    await sealWaiting(database, id, new Date()) // the second time there is nothing to seal
    const whole = await verifyChain(database, id)
    expect(whole).toMatchObject({ sealed: 4n, waiting: 0, broken: null })

    const forge = async (statement: string) => {
      const { default: pg } = await import('pg')
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      try {
        await client.query('begin')
        await client.query('set local session_replication_role = replica') // whoever owns the database
        await client.query(statement, [id])
        await client.query('commit')
      } finally {
        await client.end()
      }
    }
    const nth = (n: number) =>
      `(select entry_id from audit_seals where organization_id = $1 and position = ${n})`
    await expect(
      inOwnTransaction((tx) =>
        tx.deleteFrom('audit_entries').where('organization_id', '=', id).execute(),
      ),
    ).rejects.toMatchObject({ code: '42501' })
    await forge(
      `update audit_entries set actor_id = 'me' where organization_id = $1 and id = ${nth(2)}`,
    )
    expect((await verifyChain(database, id)).broken).toMatchObject({ why: 'it was changed' })
    await forge(`delete from audit_entries where organization_id = $1 and id = ${nth(2)}`)
    expect((await verifyChain(database, id)).broken).toMatchObject({ why: 'the entry is missing' })
    await forge('delete from audit_seals where organization_id = $1 and position = 1')
    expect((await verifyChain(database, id)).broken).toMatchObject({
      why: 'the seal before it is missing',
    })
  })
})
