import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { storedToken } from '../../src/identity/session-token.ts'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { anOrganization, type RunningApp, runApp } from '../routes/running-app.ts'
import { Browser, firstOwner, inside, PASSWORD, someone, tokenSentTo } from './browser.ts'
import { totp } from './totp.ts'

let app: RunningApp
let ada: Browser
let adasId: string

beforeAll(async () => {
  app = await runApp('open')
})
afterAll(() => app.stop())

describe('the first account', () => {
  test('is nobody’s without the token, and one’s alone with it', async () => {
    const options = () => new Browser(app).get('/api/v1/sign-in-options')
    expect((await options()).json).toEqual({ signUp: 'first_owner', mail: 'outbox' })
    const account = { email: 'eve@example.com', password: PASSWORD, name: 'Eve' }
    const without = await new Browser(app).post('/api/auth/sign-up/email', account)
    expect(without).toMatchObject({
      status: 403,
      json: { error: { code: 'auth.first_owner_token' } },
    })
    ada = await firstOwner(app)
    expect(await app.firstStartToken()).toBeNull() // printed once
    expect((await options()).json.signUp).toBe('open')
    const { json } = await ada.get('/api/v1/session')
    expect(json).toMatchObject({
      user: { email: 'ada@example.com', name: 'Ada', emailVerified: true, twoFactor: false },
      organizations: [],
      server: { signUp: 'open' },
    })
    adasId = json.user.id
  })
})

test('a person chooses the name that others read', async () => {
  const rename = (name: unknown) => ada.send('PATCH', '/api/v1/session/user', { body: { name } })
  expect(await rename('Ada Lovelace')).toMatchObject({ status: 200, json: { id: adasId } })
  expect((await ada.get('/api/v1/session')).json.user.name).toBe('Ada Lovelace')
  expect((await rename('   ')).status).toBe(422)
  expect((await rename('x'.repeat(201))).status).toBe(400)
  const unknown = { body: { name: 'Ada', email: 'eve@example.com' } }
  expect((await ada.send('PATCH', '/api/v1/session/user', unknown)).status).toBe(400)
  expect((await rename('Ada')).status).toBe(200)
})

describe('a session', () => {
  test('stands in a cookie that no script reads, and only its hash in the database', async () => {
    const browser = new Browser(app)
    const { json, setCookies } = await browser.signIn('ada@example.com')
    expect(json.token).toBeUndefined()
    const cookie = setCookies.find((one) => one.startsWith('uf=')) ?? ''
    expect(cookie).toMatch(/HttpOnly/i)
    expect(cookie).toMatch(/SameSite=Lax/i)
    expect(cookie).toMatch(/Path=\//i)
    expect(cookie).not.toMatch(/Domain/i)
    const token = decodeURIComponent(browser.cookies.get('uf') ?? '').split('.')[0] ?? ''
    const rows = await inOwnTransaction((tx) => tx.selectFrom('sessions').select('token').execute())
    expect(rows.map((row) => row.token)).toContain(storedToken(token))
    expect(JSON.stringify(rows)).not.toContain(token)
    browser.cookies.set('uf', storedToken(token)) // whoever read the database
    expect((await browser.get('/api/v1/session')).status).toBe(401)
  })

  test('is gone at once when it is signed out, ended elsewhere, or idle for a week', async () => {
    const [here, there, idle] = [new Browser(app), new Browser(app), new Browser(app)]
    for (const browser of [here, there, idle]) await browser.signIn('ada@example.com')
    const before = here.cookieHeader()
    await here.post('/api/auth/sign-out')
    const stolen = await new Browser(app).get('/api/v1/session', { cookie: before })
    expect(stolen).toMatchObject({ status: 401, json: { error: { code: 'auth.session_refused' } } })

    const { json } = await there.get('/api/v1/session')
    expect((await ada.send('DELETE', `/api/v1/sessions/${json.session.id}`)).status).toBe(200)
    expect((await ada.send('DELETE', `/api/v1/sessions/${json.session.id}`)).status).toBe(404)
    expect((await there.get('/api/v1/session')).status).toBe(401)

    const { json: idling } = await idle.get('/api/v1/session')
    await inOwnTransaction((tx) =>
      tx
        .updateTable('sessions')
        .set({ last_seen_at: new Date(Date.now() - 7 * 24 * 3_600_000) })
        .where('id', '=', idling.session.id)
        .execute(),
    )
    expect((await idle.get('/api/v1/session')).status).toBe(401)
    const { json: list } = await ada.get('/api/v1/sessions')
    expect(list.data.map(({ id }: { id: string }) => id)).not.toContain(idling.session.id)
    expect(list.data.filter(({ isCurrent }: { isCurrent: boolean }) => isCurrent)).toHaveLength(1)
  })

  test('is another one after each sign-in, whatever cookie came along', async () => {
    const browser = new Browser(app)
    browser.cookies.set('uf', 'fixed.signature')
    await browser.signIn('ada@example.com')
    expect(browser.cookies.get('uf')).not.toContain('fixed')
  })

  test('ends when all others are ended, and when the password is reset', async () => {
    const other = new Browser(app)
    await other.signIn('ada@example.com')
    expect((await ada.post('/api/v1/sessions/end-others')).json.ended).toBeGreaterThan(0)
    expect((await other.get('/api/v1/session')).status).toBe(401)

    const bob = await someone(app, 'bob@example.com')
    await bob.post('/api/auth/request-password-reset', { email: 'bob@example.com' })
    const token = await tokenSentTo('bob@example.com')
    const stored = await inOwnTransaction((tx) =>
      tx.selectFrom('verifications').select(['identifier', 'value']).execute(),
    )
    expect(JSON.stringify(stored)).not.toContain(token)
    const reset = { newPassword: 'another good password', token }
    expect((await bob.post('/api/auth/reset-password', reset)).status).toBe(200)
    expect((await bob.post('/api/auth/reset-password', reset)).status).toBe(400) // used once
    expect((await bob.get('/api/v1/session')).status).toBe(401)
    expect((await bob.signIn('bob@example.com')).status).toBe(401)
    expect((await bob.signIn('bob@example.com', 'another good password')).status).toBe(200)
  })
})

describe('an account', () => {
  test('lets nobody in before its address is proven', async () => {
    const browser = new Browser(app)
    const account = { email: 'Cem@Example.com', password: PASSWORD, name: 'Cem' }
    const { json } = await browser.post('/api/auth/sign-up/email', account)
    expect(browser.cookies.has('uf')).toBe(false)
    expect(await browser.signIn('cem@example.com')).toMatchObject({
      status: 403,
      json: { error: { code: 'auth.email_not_verified' } },
    })
    expect((await browser.confirm('cem@example.com')).status).toBe(200)
    expect((await browser.get('/api/v1/session')).json.user.email).toBe('cem@example.com')
    // A second sign-up with the address learns nothing about the first.
    const again = await new Browser(app).post('/api/auth/sign-up/email', account)
    expect(Object.keys(again.json.user).sort()).toEqual(Object.keys(json.user).sort())
  })

  test('keeps its password as argon2id', async () => {
    const rows = await inOwnTransaction((tx) =>
      tx.selectFrom('accounts').select('password').execute(),
    )
    for (const { password } of rows) expect(password).toMatch(/^\$argon2id\$/)
  })

  test('with a second factor gives no session before it', async () => {
    const dov = await someone(app, 'dov@example.com')
    const enabled = await dov.post('/api/auth/two-factor/enable', { password: PASSWORD })
    const secret = new URL(enabled.json.totpURI).searchParams.get('secret') ?? ''
    const code = totp(secret, Date.now())
    expect((await dov.post('/api/auth/two-factor/verify-totp', { code })).status).toBe(200)
    expect((await dov.get('/api/v1/session')).json.user.twoFactor).toBe(true)

    const elsewhere = new Browser(app)
    const half = await elsewhere.signIn('dov@example.com')
    expect(half.json).toMatchObject({ twoFactorRedirect: true })
    expect((await elsewhere.get('/api/v1/session')).status).toBe(401)
    const wrong = await elsewhere.post('/api/auth/two-factor/verify-totp', { code: '000000' })
    expect(wrong.status).toBe(401)
    expect((await elsewhere.get('/api/v1/session')).status).toBe(401)
    const backup = { code: enabled.json.backupCodes[0] }
    expect((await elsewhere.post('/api/auth/two-factor/verify-backup-code', backup)).status).toBe(
      200,
    )
    expect((await elsewhere.get('/api/v1/session')).status).toBe(200)
  })
})

describe('another site', () => {
  const refused = { status: 403, json: { error: { code: 'auth.origin_refused' } } }

  test.each([
    ['with its own origin', { origin: 'https://evil.example' }],
    ['of the same site', { 'sec-fetch-site': 'same-site' }],
    ['that hides its origin', { origin: 'null' }],
  ])('%s makes no request with a session', async (_, headers) => {
    expect(await ada.post('/api/v1/sessions/end-others', undefined, headers)).toMatchObject(refused)
    expect(
      await new Browser(app).post(
        '/api/auth/sign-in/email',
        { email: 'x@y.z', password: 'x' },
        headers,
      ),
    ).toMatchObject(refused)
  })
})

describe('a call to an environment', () => {
  test('by session says which one, and comes from a member alone', async () => {
    const owned = await anOrganization('Owned')
    expect(await ada.get('/api/v1/meters')).toMatchObject({
      status: 400,
      json: { error: { code: 'auth.environment_missing' } },
    })
    const closed = await ada.get('/api/v1/meters', inside(owned.id))
    expect(closed).toMatchObject({ status: 404, json: { error: { code: 'organization.unknown' } } })

    await inOwnTransaction((tx) =>
      tx
        .insertInto('members')
        .values({
          organization_id: owned.id,
          user_id: adasId,
          role: 'VIEWER',
          joined_at: new Date(),
        })
        .execute(),
    )
    expect((await ada.get('/api/v1/meters', inside(owned.id))).status).toBe(200)
    const meter = { key: 'calls', name: 'Calls' }
    expect(await ada.post('/api/v1/meters', meter, inside(owned.id))).toMatchObject({
      status: 403,
      json: {
        error: { code: 'auth.role_forbids', details: { roles: ['OWNER', 'ADMIN', 'DEVELOPER'] } },
      },
    })
    await inOwnTransaction((tx) =>
      tx.updateTable('members').set({ role: 'DEVELOPER' }).where('user_id', '=', adasId).execute(),
    )
    expect((await ada.post('/api/v1/meters', meter, inside(owned.id))).status).toBe(201)
    const event = { name: 'calls', customerId: 'c', amount: 1, idempotencyKey: 'k' }
    const track = await ada.post('/api/v1/events', event, inside(owned.id))
    expect(track).toMatchObject({ status: 201, json: { duplicate: false } })
    const { json } = await ada.get('/api/v1/session')
    expect(json.organizations).toMatchObject([
      { id: owned.id, role: 'DEVELOPER', environments: [{ mode: 'live' }, { mode: 'test' }] },
    ])
    expect(json.organizations[0].permissions).toContain('catalog:write')

    const both = await ada.get('/api/v1/meters', {
      ...inside(owned.id),
      'x-usageflow-api-key': owned.testKey,
    })
    expect(both).toMatchObject({ status: 401, json: { error: { code: 'auth.two_credentials' } } })
  })
})
