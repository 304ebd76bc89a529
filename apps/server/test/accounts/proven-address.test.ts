import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { publicPlace } from '../../src/identity/origins.ts'
import { markOf } from '../../src/identity/prove-address.ts'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { createSealer } from '../../src/platform/secrets/seal.ts'
import { type RunningApp, runApp } from '../routes/running-app.ts'
import { Browser, firstOwner, PASSWORD, tokenSentTo } from './browser.ts'

const THEIRS = 'only the attacker knows'
const OWN = 'what the person has chosen'
const NEEDS_PASSWORD = { status: 403, json: { error: { code: 'auth.password_needed' } } }

let app: RunningApp
let ada: Browser
let acme: string

beforeAll(async () => {
  app = await runApp('open')
  ada = await firstOwner(app)
  acme = (await ada.post('/api/v1/organizations', { name: 'Acme' })).json.id
})
afterAll(() => app.stop())

/** Makes an account with an address that may be anybody's. */
async function signUp(email: string, password: string): Promise<Browser> {
  const browser = new Browser(app)
  const account = { email, password, name: 'Somebody' }
  expect((await browser.post('/api/auth/sign-up/email', account)).status).toBe(200)
  expect(browser.cookies.has('uf')).toBe(false)
  return browser
}

async function isSignedIn(browser: Browser): Promise<boolean> {
  return (await browser.get('/api/v1/session')).status === 200
}

/** What the cookie of whoever has signed up at this time holds. */
function markedAt(ms: number, userId: string): string {
  const deps = { clock: () => new Date(ms), sealer: createSealer(Buffer.alloc(32, 7)) }
  const cookie = markOf({ ...deps, place: () => publicPlace(app.address) }, userId)
  return /=([^;]*)/.exec(cookie)?.[1] ?? ''
}

async function idOf(browser: Browser): Promise<string> {
  return (await browser.get('/api/v1/session')).json.user.id
}

async function invite(email: string): Promise<string> {
  await ada.post(`/api/v1/organizations/${acme}/invitations`, { email, role: 'ADMIN' })
  return tokenSentTo(email)
}

describe('an address that somebody else has signed up with', () => {
  test('is not proven by whoever opens the link alone: they would come into an account of others', async () => {
    const email = 'mia@example.com'
    const attacker = await signUp(email, THEIRS)
    const mia = new Browser(app)
    expect(await mia.confirm(email)).toMatchObject(NEEDS_PASSWORD)
    expect(await isSignedIn(mia)).toBe(false)
    expect(await attacker.signIn(email, THEIRS)).toMatchObject({
      status: 403,
      json: { error: { code: 'auth.email_not_verified' } },
    })
  })

  test('becomes the person’s own by a new password, and nothing of before opens it', async () => {
    const email = 'noa@example.com'
    const attacker = await signUp(email, THEIRS)
    const link = await tokenSentTo(email)
    const noa = new Browser(app)
    await noa.post('/api/auth/request-password-reset', { email })
    const reset = { newPassword: OWN, token: await tokenSentTo(email) }
    expect((await noa.post('/api/auth/reset-password', reset)).status).toBe(200)
    expect((await noa.signIn(email, OWN)).status).toBe(200) // the link of the reset has proven the address
    expect((await attacker.signIn(email, THEIRS)).status).toBe(401)
    await attacker.get(`/api/auth/verify-email?token=${link}`)
    expect(await isSignedIn(attacker)).toBe(false)
  })

  test('is signed up with by an invited person as if nobody had, and the attacker never gets in', async () => {
    const email = 'ola@example.com'
    const attacker = await signUp(email, THEIRS)
    const token = await invite(email)
    const ola = await signUp(email, OWN)
    expect((await ola.confirm(email)).status).toBe(200)
    expect((await ola.post('/api/v1/invitations/accept', { token })).status).toBe(200)
    expect((await attacker.signIn(email, THEIRS)).status).toBe(401)
    await attacker.confirm(email)
    expect(await isSignedIn(attacker)).toBe(false)
    expect((await new Browser(app).signIn(email, OWN)).status).toBe(200)
  })

  test('is not proven for the attacker who signs up with it once more before the person opens the link', async () => {
    const email = 'pia@example.com'
    const pia = await signUp(email, OWN)
    const attacker = await signUp(email, THEIRS)
    expect(await pia.confirm(email)).toMatchObject(NEEDS_PASSWORD)
    expect(await isSignedIn(pia)).toBe(false)
    expect((await attacker.signIn(email, THEIRS)).status).toBe(403)
  })

  test('is never shut to the person by more sign-ups: a link for a new password stays good', async () => {
    const email = 'ria@example.com'
    await signUp(email, THEIRS)
    const ria = new Browser(app)
    await ria.post('/api/auth/request-password-reset', { email })
    const token = await tokenSentTo(email)
    await signUp(email, THEIRS)
    const reset = { newPassword: OWN, token }
    expect((await ria.post('/api/auth/reset-password', reset)).status).toBe(200)
    expect((await ria.signIn(email, OWN)).status).toBe(200)
  })

  test('is proven for one account alone, when it is given to another in the same moment', async () => {
    for (let round = 0; round < 2; round++) {
      const email = `sol-${round}@example.com`
      const sol = await signUp(email, OWN)
      const attacker = new Browser(app)
      const account = { email, password: THEIRS, name: 'Somebody' }
      await Promise.all([
        sol.confirm(email),
        attacker.post('/api/auth/sign-up/email', account),
        attacker.post('/api/auth/sign-up/email', account),
      ])
      expect((await attacker.signIn(email, THEIRS)).status).not.toBe(200)
    }
  })

  test('is not taken from whoever has proven it, nor from a member', async () => {
    const proven = await signUp('quin@example.com', PASSWORD)
    await proven.confirm('quin@example.com')
    const before = await idOf(proven)
    await signUp('quin@example.com', THEIRS)
    expect(await idOf(proven)).toBe(before)
    expect((await new Browser(app).signIn('quin@example.com', THEIRS)).status).toBe(401)

    await signUp('rio@example.com', PASSWORD)
    const userId = await inOwnTransaction(async (tx) => {
      const { id } = await tx
        .selectFrom('users')
        .where('email', '=', 'rio@example.com')
        .select('id')
        .executeTakeFirstOrThrow()
      const member = { organization_id: acme, user_id: id, role: 'VIEWER', joined_at: new Date() }
      await tx.insertInto('members').values(member).execute()
      return id
    })
    await signUp('rio@example.com', THEIRS)
    expect((await new Browser(app).signIn('rio@example.com', THEIRS)).status).toBe(401)
    const members = await ada.get(`/api/v1/organizations/${acme}/members`)
    expect(members.json.data.map((one: { userId: string }) => one.userId)).toContain(userId)
  })
})

describe('whoever has signed up themselves', () => {
  test('is in by the link in the same browser, and in another one with the password as well', async () => {
    const sam = await signUp('sam@example.com', PASSWORD)
    expect((await sam.confirm('sam@example.com')).status).toBe(200)
    expect(await isSignedIn(sam)).toBe(true)

    await signUp('tia@example.com', PASSWORD)
    const phone = new Browser(app)
    const proof = { token: await tokenSentTo('tia@example.com'), password: PASSWORD }
    const wrong = { ...proof, password: THEIRS }
    expect(await phone.post('/api/auth/verify-email', wrong)).toMatchObject({
      status: 403,
      json: { error: { code: 'auth.password_wrong' } },
    })
    expect((await phone.post('/api/auth/verify-email', proof)).status).toBe(200)
    expect(await isSignedIn(phone)).toBe(true)
    const again = await new Browser(app).post('/api/auth/verify-email', proof)
    expect(again.setCookies.filter((cookie) => cookie.startsWith('uf='))).toEqual([]) // it is no way to sign in
  })

  test('is in by the link that a sign-in has sent to them, in the browser that knew the password', async () => {
    await signUp('uri@example.com', PASSWORD)
    const other = new Browser(app)
    expect((await other.signIn('uri@example.com', THEIRS)).status).toBe(401)
    expect(await other.confirm('uri@example.com')).toMatchObject(NEEDS_PASSWORD)
    expect((await other.signIn('uri@example.com')).status).toBe(403)
    expect((await other.confirm('uri@example.com')).status).toBe(200)
    expect(await isSignedIn(other)).toBe(true)
  })

  test('is told by a cookie that no script reads and nobody makes up, for an hour', async () => {
    const val = new Browser(app)
    const account = { email: 'val@example.com', password: PASSWORD, name: 'Val' }
    const { setCookies } = await val.post('/api/auth/sign-up/email', account)
    const [cookie = ''] = setCookies.filter((one) => one.startsWith('uf-sign-up='))
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    expect(cookie).toMatch(/Max-Age=3600/)
    const good = val.cookies.get('uf-sign-up') ?? ''
    const userId = await inOwnTransaction((tx) =>
      tx.selectFrom('users').where('email', '=', 'val@example.com').select('id').executeTakeFirst(),
    )
    const expired = markedAt(Date.now() - 3_601_000, userId?.id ?? '')
    for (const forged of [userId?.id ?? '', `${good.slice(0, -2)}AA`, '', expired]) {
      val.cookies.set('uf-sign-up', forged)
      expect(await val.confirm('val@example.com')).toMatchObject(NEEDS_PASSWORD)
    }
    val.cookies.set('uf-sign-up', good)
    expect((await val.confirm('val@example.com')).status).toBe(200)
  })
})

test('a password proves no address without the link', async () => {
  await signUp('wim@example.com', PASSWORD)
  const browser = new Browser(app)
  const body = { token: 'eyJhbGciOiJIUzI1NiJ9.eyJlbWFpbCI6IndpbUBleGFtcGxlLmNvbSJ9.AAAA' }
  for (const password of [PASSWORD, THEIRS]) {
    const refused = await browser.post('/api/auth/verify-email', { ...body, password })
    expect(refused).toMatchObject({ status: 401, json: { error: { code: 'auth.invalid_token' } } })
  }
  expect((await browser.post('/api/auth/verify-email', { token: 1, password: [] })).status).toBe(
    401,
  )
  expect(await isSignedIn(browser)).toBe(false)
})
