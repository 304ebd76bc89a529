import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lockOrganization } from '../../src/identity/members.store.ts'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import type { Tx } from '../../src/platform/db/transaction.ts'
import { createSealer } from '../../src/platform/secrets/seal.ts'
import { insertIdentity } from '../../src/sign-on/attempts.store.ts'
import { allowDomain, forbidDomain, saveConnection } from '../../src/sign-on/set-up.ts'
import { anOrganization, runApp } from '../routes/running-app.ts'
import {
  accountIdOf,
  app,
  base,
  closeAcme,
  connect,
  failed,
  finish,
  idOf,
  issuer,
  membersOf,
  openAcme,
  organizationId,
  owner,
  path,
  returnAddress,
  signOn,
  somebody,
} from './acme.ts'
import { Browser, someone } from './browser.ts'
import { OTHER_CLIENT_ID, startIssuer } from './issuer.ts'
import { aUser, join } from './people.ts'

const sealer = createSealer(Buffer.alloc(32, 7))
const wanted = (clientId: string) => ({
  ...{ ...base(), clientId, clientSecret: 'secret', enabled: false, enforced: false },
})

beforeAll(openAcme)
afterAll(closeAcme)

describe('enforced', () => {
  test('sign-on binds members of the domain, but no OWNER, and says where to go', async () => {
    const open = await runApp('open')
    const bound = await someone(open, 'bound@acme.example')
    const guest = await someone(open, 'guest@elsewhere.example')
    await open.stop()
    for (const email of ['bound@acme.example', 'guest@elsewhere.example'])
      await join(organizationId, await accountIdOf(email), 'ADMIN')
    const cookies = bound.cookieHeader()
    expect((await connect({ enforced: true })).status).toBe(200)
    // Who came in by a password is out, and comes in by none.
    expect((await new Browser(app).get('/api/v1/session', { cookie: cookies })).status).toBe(401)
    const refused = await new Browser(app).signIn('bound@acme.example')
    expect(refused).toMatchObject({
      ...failed('auth.sign_on_required'),
      json: { error: { details: { organizationId } } },
    })
    expect(refused.json.error.message).toContain(`/sign-in?organization=${organizationId}`)
    // Who guesses passwords learns nothing of it.
    expect((await new Browser(app).signIn('bound@acme.example', 'wrong')).status).toBe(401)
    for (const cookie of [owner.cookieHeader(), guest.cookieHeader()])
      expect((await new Browser(app).get('/api/v1/session', { cookie })).status).toBe(200)
    expect((await new Browser(app).signIn('ada@acme.example')).status).toBe(200)
    expect((await new Browser(app).signIn('guest@elsewhere.example')).status).toBe(200)
    const { browser } = await signOn(somebody({ email: 'bound@acme.example' }))
    expect((await browser.get('/api/v1/session')).status).toBe(200)
    // A second save signs nobody out again.
    expect((await connect({ enforced: true })).status).toBe(200)
    expect((await browser.get('/api/v1/session')).status).toBe(200)
    expect((await connect({ enforced: true, enabled: false })).status).toBe(200)
    expect((await new Browser(app).signIn('bound@acme.example')).status).toBe(200)
    expect((await connect()).status).toBe(200)
  })
})

describe('whoever sign-on binds later', () => {
  const members = (rest = '') => `/api/v1/organizations/${organizationId}${rest}`
  const names = ['invited', 'demoted', 'second', 'closed', 'widened'] as const
  const cookieOf = new Map<string, string>()
  let signedOn: Browser

  const emailOf = (name: string) => `${name}@${name === 'widened' ? 'acme2' : 'acme'}.example`
  const enter = (cookie: string) => new Browser(app).get('/api/v1/session', { cookie })
  const as = (name: string) => ({ cookie: cookieOf.get(name) ?? '' })

  /** The session that began by the password is over, and that of the member who had signed on is not. */
  async function expectOut(name: string): Promise<void> {
    expect((await enter(cookieOf.get(name) ?? '')).status).toBe(401)
    expect(await new Browser(app).signIn(emailOf(name))).toMatchObject(
      failed('auth.sign_on_required'),
    )
    expect((await enter(signedOn.cookieHeader())).status).toBe(200)
  }

  beforeAll(async () => {
    const open = await runApp('open')
    for (const name of names)
      cookieOf.set(name, (await someone(open, emailOf(name))).cookieHeader())
    await open.stop()
    for (const name of ['demoted', 'second'])
      await join(organizationId, await accountIdOf(emailOf(name)), 'OWNER')
    await join(organizationId, await accountIdOf(emailOf('widened')), 'VIEWER')
    expect((await connect({ enforced: true })).status).toBe(200)
    signedOn = (await signOn(somebody())).browser
    for (const name of names) expect((await enter(cookieOf.get(name) ?? '')).status).toBe(200)
  })
  afterAll(async () => {
    await inOwnTransaction((tx) => forbidDomain(tx, organizationId, 'acme2.example'))
    await connect()
  })

  test('by accepting an invitation is signed out', async () => {
    const body = { email: emailOf('invited'), role: 'VIEWER' }
    const { json } = await owner.send('POST', members('/invitations'), { body })
    const token = new URL(json.link).searchParams.get('token')
    const accepted = await new Browser(app).post(
      '/api/v1/invitations/accept',
      { token },
      as('invited'),
    )
    expect(accepted).toMatchObject({ status: 200, json: { role: 'VIEWER' } })
    await expectOut('invited')
  })

  test('by being OWNER no more is signed out, and nobody by another role', async () => {
    const change = async (userId: string, role: string) =>
      (await owner.send('PATCH', members(`/members/${userId}`), { body: { role } })).status
    expect(await change(await accountIdOf(emailOf('demoted')), 'ADMIN')).toBe(200)
    expect(await change(await idOf(signedOn), 'VIEWER')).toBe(200)
    await expectOut('demoted')
  })

  test('by handing the organization over is signed out', async () => {
    const body = { userId: await idOf(owner) }
    const handed = await new Browser(app).post(members('/transfer'), body, as('second'))
    expect(handed.status).toBe(200)
    await expectOut('second')
  })

  test('by a domain that is allowed is signed out, and nobody when it is allowed again', async () => {
    const allow = () =>
      inOwnTransaction((tx) => allowDomain(tx, organizationId, 'acme2.example', new Date()))
    await allow()
    await expectOut('widened')
    const { browser } = await signOn(somebody({ email: emailOf('widened') }))
    await allow()
    expect((await enter(browser.cookieHeader())).status).toBe(200)
  })

  test('by the organization being restored is signed out', async () => {
    const email = emailOf('closed')
    await join(organizationId, await accountIdOf(email), 'ADMIN')
    const body = { name: 'Acme' }
    expect((await owner.send('POST', members('/deletion'), { body })).status).toBe(200)
    const meanwhile = new Browser(app)
    expect((await meanwhile.signIn(email)).status).toBe(200)
    expect((await owner.send('DELETE', members('/deletion'))).status).toBe(200)
    expect((await enter(meanwhile.cookieHeader())).status).toBe(401)
    expect((await enter(owner.cookieHeader())).status).toBe(200)
  })
})

describe('a connection', () => {
  test('that is disabled, changed or gone lets nobody in, also not who is at the issuer', async () => {
    const browser = new Browser(app)
    issuer.person = somebody()
    const begun = await browser.post('/api/auth/sign-on/begin', { organizationId })
    const answer = await issuer.walk(begun.json.url)
    await connect({ enabled: false })
    const finished = await finish(browser, answer)
    expect(finished).toMatchObject(failed('sign_on.attempt_refused'))
    const again = await browser.post('/api/auth/sign-on/begin', { organizationId })
    expect(again).toMatchObject({ status: 404, json: { error: { code: 'sign_on.unknown' } } })
    await connect()
  })

  test('that is changed while the issuer answers lets nobody in by what it was', async () => {
    const before = (await membersOf()).length
    issuer.meanwhile = () => connect({ role: 'VIEWER' })
    try {
      expect(await signOn(somebody())).toMatchObject(failed('sign_on.attempt_refused'))
    } finally {
      issuer.meanwhile = null
    }
    expect(await membersOf()).toHaveLength(before)
    await connect()
  })

  test('to another client or issuer knows its members anew: they may have other names there', async () => {
    const person = somebody()
    const userId = await idOf((await signOn(person)).browser)
    const anew = { ...person, subject: `${person.subject}-anew` }
    await connect({ role: 'VIEWER' }) // which is the same client
    expect(await signOn(anew)).toMatchObject(failed('sign_on.other_identity'))
    expect((await connect({ clientId: OTHER_CLIENT_ID })).status).toBe(200)
    expect(await idOf((await signOn(anew)).browser)).toBe(userId)
    expect(await signOn(person)).toMatchObject(failed('sign_on.other_identity'))
    const elsewhere = await startIssuer(returnAddress())
    expect((await connect({ issuer: elsewhere.url, clientId: OTHER_CLIENT_ID })).status).toBe(200)
    expect((await connect({ clientId: OTHER_CLIENT_ID })).status).toBe(200)
    expect(await idOf((await signOn(person)).browser)).toBe(userId)
    await elsewhere.close()
    await connect()
  })

  test('to another client forgets also whom the issuer lets in while it is saved, and nobody elsewhere', async () => {
    const { userId } = await aUser()
    const elsewhere = await anOrganization('Elsewhere')
    await join(organizationId, userId, 'VIEWER')
    await join(elsewhere.id, userId, 'VIEWER')
    const link = (tx: Tx, id: string) =>
      insertIdentity(
        tx,
        { organizationId: id, issuer: issuer.url, subject: userId },
        { userId, linkedAt: new Date() },
      )
    await inOwnTransaction(async (tx) => {
      await saveConnection(tx, elsewhere.id, wanted('elsewhere'), { sealer, systemNow: new Date() })
      await link(tx, elsewhere.id)
    })
    let saving: Promise<unknown> = Promise.resolve()
    await inOwnTransaction(async (tx) => {
      await lockOrganization(tx, organizationId) // as who lets somebody in
      await link(tx, organizationId)
      saving = connect({ clientId: OTHER_CLIENT_ID })
      await sleep(1_000)
    })
    expect(await saving).toMatchObject({ status: 200 })
    const linked = await inOwnTransaction((tx) =>
      tx
        .selectFrom('sign_on_identities')
        .where('user_id', '=', userId)
        .select('organization_id')
        .execute(),
    )
    expect(linked).toEqual([{ organization_id: elsewhere.id }])
    await connect()
  })

  test('shows its secret to nobody, and sends it to no other issuer', async () => {
    const { json } = await owner.get(path())
    expect(json).toMatchObject({
      connection: { ...base(), enabled: true, enforced: false },
      domains: ['acme.example'],
      redirectUrl: returnAddress(),
    })
    expect(JSON.stringify(json)).not.toContain(issuer.client.clientSecret)
    const rows = await inOwnTransaction((tx) =>
      tx.selectFrom('sign_on_connections').selectAll().execute(),
    )
    expect(JSON.stringify(rows)).not.toContain(issuer.client.clientSecret)
    const { json: log } = await owner.get(`/api/v1/organizations/${organizationId}/audit`)
    expect(JSON.stringify(log)).not.toContain(issuer.client.clientSecret)
    expect((await connect({ clientSecret: undefined })).status).toBe(200)
    const elsewhere = await startIssuer(returnAddress())
    const moved = { issuer: elsewhere.url, clientSecret: undefined }
    expect(await connect(moved)).toMatchObject({
      status: 422,
      json: { error: { code: 'sign_on.secret_missing' } },
    })
    await elsewhere.close()
    expect(await connect({ clientId: 'other', clientSecret: undefined })).toMatchObject({
      status: 422,
    })
  })

  test.each([
    ['plain http beyond the allowed networks', 'http://192.0.2.1', 'sign_on.issuer_unreachable'],
    ['the metadata of a cloud', 'https://169.254.169.254', 'sign_on.issuer_unreachable'],
    ['nobody', 'http://127.0.0.1:9', 'sign_on.issuer_malformed'],
    ['a port where none answers', 'http://127.0.0.1:10999', 'sign_on.issuer_unreachable'],
    ['a user', 'https://ada:pw@example.com', 'sign_on.issuer_malformed'],
    ['a query', 'https://example.com/?tenant=1', 'sign_on.issuer_malformed'],
    ['a script', 'javascript:alert(1)', 'sign_on.issuer_malformed'],
  ])('to %s is refused when it is saved', async (_what, url, code) => {
    expect(await connect({ issuer: url })).toMatchObject({ status: 422, json: { error: { code } } })
  })

  test('to a page that is no issuer, or says to be another, is refused', async () => {
    expect(await connect({ issuer: app.address })).toMatchObject({
      status: 422,
      json: { error: { code: 'sign_on.issuer_unreachable' } },
    })
    const other = issuer.url.replace('127.0.0.1', 'localhost')
    const refused = await connect({ issuer: other })
    expect(refused.status).toBe(422)
    expect(refused.json.error.code).toMatch(/issuer_(refused|unreachable)/)
  })

  test('is an OWNER’s to change, makes no OWNER, and takes a domain to be enabled', async () => {
    expect((await connect({ role: 'OWNER' })).status).toBe(400)
    const other = await anOrganization('Without a domain')
    await join(other.id, await idOf(owner), 'OWNER')
    const body = { ...base(), clientSecret: 'x', enabled: true, enforced: false }
    const there = `/api/v1/organizations/${other.id}/sign-on`
    expect(await owner.send('PUT', there, { body })).toMatchObject({
      status: 409,
      json: { error: { code: 'sign_on.domain_missing' } },
    })
    expect((await owner.send('PUT', there, { body: { ...body, enabled: false } })).status).toBe(200)
    const taken = inOwnTransaction((tx) => allowDomain(tx, other.id, 'acme.example', new Date()))
    await expect(taken).rejects.toMatchObject({ code: 'sign_on.domain_taken' })
    expect((await owner.post(`${there}/check`)).status).toBe(200)
    expect((await owner.send('DELETE', there)).status).toBe(200)
    expect((await owner.send('DELETE', there)).status).toBe(404)
    expect((await owner.post(`${there}/check`)).status).toBe(404)
  })
})
