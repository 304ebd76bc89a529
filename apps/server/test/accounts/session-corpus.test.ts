import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { anOrganization, type RunningApp, runApp } from '../routes/running-app.ts'
import { Browser, firstOwner, inside, PASSWORD, someone } from './browser.ts'
import { join } from './people.ts'
import { totp } from './totp.ts'

const DAY_MS = 24 * 3_600_000
const refused = { status: 401, json: { error: { code: 'auth.session_refused' } } }
const missing = { status: 401, json: { error: { code: 'auth.session_missing' } } }

let app: RunningApp
let ada: Browser

beforeAll(async () => {
  app = await runApp('open')
  ada = await firstOwner(app)
})
afterAll(() => app.stop())

const whoIs = (browser: Browser) => browser.get('/api/v1/session')
const stolen = (cookie: string) => new Browser(app).get('/api/v1/session', { cookie })

/** Another browser of the same person. */
async function alsoAda(): Promise<Browser> {
  const browser = new Browser(app)
  await browser.signIn('ada@example.com')
  return browser
}

/** Makes the session of the browser what it would be after a while. */
async function age(
  browser: Browser,
  times: { expires_at?: Date; last_seen_at?: Date; created_at?: Date },
): Promise<void> {
  const { json } = await whoIs(browser)
  await inOwnTransaction((tx) =>
    tx.updateTable('sessions').set(times).where('id', '=', json.session.id).execute(),
  )
}

describe('a session cannot be fixed', () => {
  test('by a cookie that an attacker has made up, or has a session behind', async () => {
    const mallory = await someone(app, 'mallory@example.com')
    for (const planted of ['made-up.signature', mallory.cookies.get('uf') ?? '']) {
      const victim = new Browser(app)
      victim.cookies.set('uf', planted)
      expect((await victim.signIn('ada@example.com')).status).toBe(200)
      expect(victim.cookies.get('uf')).not.toBe(planted)
      expect((await whoIs(victim)).json.user.email).toBe('ada@example.com')
      const { json } = await stolen(`uf=${planted}`)
      expect(json.user?.email).not.toBe('ada@example.com')
    }
  })

  test('by a second cookie of the same name: neither counts', async () => {
    const mallory = await someone(app, 'mallory2@example.com')
    const [own, tossed] = [ada.cookieHeader(), `uf=${mallory.cookies.get('uf')}`]
    expect(await stolen(`${tossed}; ${own}`)).toMatchObject(refused)
    expect(await stolen(`${own}; ${tossed}`)).toMatchObject(refused)
  })
})

describe('a session is over', () => {
  test('for every copy of its cookie once it is signed out, in all tabs', async () => {
    const tab = await alsoAda()
    const copy = tab.cookieHeader()
    const [one, two] = await Promise.all([stolen(copy), stolen(copy)])
    expect([one.status, two.status]).toEqual([200, 200])
    await tab.post('/api/auth/sign-out')
    expect(await stolen(copy)).toMatchObject(refused)
    expect(await whoIs(tab)).toMatchObject(missing)
  })

  test('when its browser signs in again, as the same or as somebody else', async () => {
    await someone(app, 'guest@example.com')
    for (const email of ['ada@example.com', 'guest@example.com']) {
      const browser = await alsoAda()
      const before = browser.cookieHeader()
      expect((await browser.signIn(email)).status).toBe(200)
      expect((await whoIs(browser)).json.user.email).toBe(email)
      expect(await stolen(before)).toMatchObject(refused)
    }
  })

  test('but not when somebody fails to sign in over it', async () => {
    const browser = await alsoAda()
    expect((await browser.signIn('ada@example.com', 'wrong password')).status).toBe(401)
    expect((await whoIs(browser)).status).toBe(200)
  })

  test('everywhere else when the password is changed, and here gets another token', async () => {
    const [here, there] = [await someone(app, 'pia@example.com'), new Browser(app)]
    await there.signIn('pia@example.com')
    const before = here.cookieHeader()
    const wrong = { currentPassword: 'not my password', newPassword: 'some other password' }
    expect((await here.post('/api/auth/change-password', wrong)).status).toBe(400)
    expect((await whoIs(there)).status).toBe(200)
    const change = { currentPassword: PASSWORD, newPassword: 'some other password' }
    expect((await here.post('/api/auth/change-password', change)).status).toBe(200)
    expect(await whoIs(there)).toMatchObject(refused)
    expect(await stolen(before)).toMatchObject(refused)
    expect((await whoIs(here)).json.user.email).toBe('pia@example.com')
  })

  test('in its old form when a second factor is added or taken away', async () => {
    const browser = await someone(app, 'tom@example.com')
    const atFirst = browser.cookieHeader()
    const enabled = await browser.post('/api/auth/two-factor/enable', { password: PASSWORD })
    const secret = new URL(enabled.json.totpURI).searchParams.get('secret') ?? ''
    const code = totp(secret, Date.now())
    expect((await browser.post('/api/auth/two-factor/verify-totp', { code })).status).toBe(200)
    expect(await stolen(atFirst)).toMatchObject(refused)
    const withFactor = browser.cookieHeader()
    await browser.post('/api/auth/two-factor/disable', { password: PASSWORD })
    expect((await whoIs(browser)).json.user.twoFactor).toBe(false)
    expect(await stolen(withFactor)).toMatchObject(refused)
  })

  test('after a week without use, also for the paths of the credentials', async () => {
    const browser = await alsoAda()
    await age(browser, { last_seen_at: new Date(Date.now() - 7 * DAY_MS + 60_000) })
    expect((await whoIs(browser)).status).toBe(200)
    const copy = browser.cookieHeader()
    await age(browser, { last_seen_at: new Date(Date.now() - 7 * DAY_MS) })
    expect(await stolen(copy)).toMatchObject(refused)
    const change = { currentPassword: PASSWORD, newPassword: 'some other password' }
    const changed = await new Browser(app).post('/api/auth/change-password', change, {
      cookie: copy,
    })
    expect(changed).toMatchObject(refused)
    for (const what of ['enable', 'disable', 'generate-backup-codes']) {
      const body = { password: PASSWORD }
      const to = new Browser(app).post(`/api/auth/two-factor/${what}`, body, { cookie: copy })
      expect(await to, what).toMatchObject(refused)
    }
  })

  test('after thirty days, however much it was used', async () => {
    const browser = await alsoAda()
    const expiry = async () =>
      (await browser.get('/api/v1/sessions')).json.data.find(
        ({ isCurrent }: { isCurrent: boolean }) => isCurrent,
      ).expiresAt
    const first = await expiry()
    expect(Date.parse(first) - Date.now()).toBeLessThanOrEqual(30 * DAY_MS)
    await age(browser, { last_seen_at: new Date(Date.now() - DAY_MS) })
    expect(await expiry()).toBe(first) // use does not make it longer
    await age(browser, { expires_at: new Date() })
    expect(await whoIs(browser)).toMatchObject(refused)
  })
})

test('a changed role counts from the next request on', async () => {
  const { id } = await anOrganization('Roles')
  const browser = await someone(app, 'rolf@example.com')
  const { userId } = { userId: (await whoIs(browser)).json.user.id }
  const rename = () =>
    browser.send('PATCH', `/api/v1/organizations/${id}`, { body: { name: 'New' } })
  await join(id, userId, 'ADMIN')
  expect((await rename()).status).toBe(200)
  await join(id, userId, 'VIEWER')
  expect(await rename()).toMatchObject({
    status: 403,
    json: { error: { code: 'auth.role_forbids' } },
  })
  expect((await browser.get('/api/v1/meters', inside(id))).status).toBe(200)
})

describe('over https', () => {
  const origin = 'https://usage.example.com'
  let secure: RunningApp

  beforeAll(async () => {
    secure = await runApp('open', { publicUrl: origin })
  })
  afterAll(() => secure.stop())

  test('the cookie is the host’s alone, goes over https alone, and no other name counts', async () => {
    const browser = new Browser(secure, origin)
    const { status, setCookies } = await browser.signIn('ada@example.com')
    expect(status).toBe(200)
    for (const cookie of setCookies.filter((one) => !/max-age=0/i.test(one))) {
      expect(cookie).toMatch(/^__Host-uf/)
      for (const attribute of [/; Secure/i, /; HttpOnly/i, /; SameSite=Lax/i, /; Path=\/(;|$)/i])
        expect(cookie).toMatch(attribute)
      expect(cookie).not.toMatch(/Domain=/i)
    }
    expect((await whoIs(browser)).status).toBe(200)
    const token = browser.cookies.get('__Host-uf')
    for (const name of ['uf', '__Secure-uf', '__host-uf', 'better-auth.session_token']) {
      const cookie = `${name}=${token}`
      expect(
        await new Browser(secure, origin).get('/api/v1/session', { cookie }),
        name,
      ).toMatchObject(missing)
    }
    // A sub-domain can set `uf`, never `__Host-uf`: beside the real one it changes nothing.
    const tossed = { cookie: `uf=${ada.cookies.get('uf')}; ${browser.cookieHeader()}` }
    const { json } = await new Browser(secure, origin).get('/api/v1/session', tossed)
    expect(json.user.email).toBe('ada@example.com')
  })

  test('a page of the same name over http may not call', async () => {
    const plain = new Browser(secure, 'http://usage.example.com')
    expect(await plain.signIn('ada@example.com')).toMatchObject({
      status: 403,
      json: { error: { code: 'auth.origin_refused' } },
    })
  })
})
