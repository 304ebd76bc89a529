import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { allowDomain } from '../../src/sign-on/set-up.ts'
import { anOrganization, runApp } from '../routes/running-app.ts'
import {
  accountIdOf,
  app,
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
import { Browser, PASSWORD, someone } from './browser.ts'
import { anotherKey, startIssuer, type TestIssuer } from './issuer.ts'
import { join } from './people.ts'
import { totp } from './totp.ts'

beforeAll(openAcme)
afterAll(closeAcme)

describe('somebody new', () => {
  test('becomes a member with an account, an entry in the log, and no password', async () => {
    const person = somebody({ name: 'Grace Hopper' })
    const { status, browser } = await signOn(person)
    expect(status).toBe(200)
    const { json } = await browser.get('/api/v1/session')
    expect(json.user).toMatchObject({
      email: person.email,
      name: 'Grace Hopper',
      emailVerified: true,
    })
    expect(json.organizations).toMatchObject([{ id: organizationId, role: 'DEVELOPER' }])
    const { json: log } = await owner.get(`/api/v1/organizations/${organizationId}/audit?limit=1`)
    expect(log.data[0]).toMatchObject({
      action: 'POST /api/auth/sign-on/finish',
      actor: { id: json.user.id },
      detail: { email: person.email, role: 'DEVELOPER' },
    })
    expect((await new Browser(app).signIn(person.email ?? '')).status).toBe(401)
  })

  test('is the same person the second time, and also under another name and address', async () => {
    const person = somebody()
    const first = await idOf((await signOn(person)).browser)
    const before = (await membersOf()).length
    expect(await idOf((await signOn(person)).browser)).toBe(first)
    const renamed = { ...person, email: `new-${person.email}` }
    expect(await idOf((await signOn(renamed)).browser)).toBe(first)
    expect(await membersOf()).toHaveLength(before)
  })

  test('is found by the address they give, and told nothing where nobody signs on', async () => {
    const browser = new Browser(app)
    const begin = (email: string) => browser.post('/api/auth/sign-on/begin', { email })
    const { json } = await begin('Somebody@ACME.example')
    expect(new URL(json.url).searchParams.get('login_hint')).toBe('somebody@acme.example')
    expect(new URL(json.url).searchParams.get('code_challenge_method')).toBe('S256')
    for (const email of ['eve@evil.example', 'eve@sub.acme.example', 'acme.example', ''])
      expect(await begin(email)).toMatchObject({
        status: 404,
        json: { error: { code: 'sign_on.unknown' } },
      })
  })

  test('who was invited has answered by coming in: the link is worth nothing from then on', async () => {
    const { email, ...person } = somebody()
    const invitations = `/api/v1/organizations/${organizationId}/invitations`
    const sent = await owner.post(invitations, { email, role: 'ADMIN' })
    expect(sent.status).toBe(201)
    const { browser } = await signOn({ ...person, email: email ?? '' })
    expect((await owner.get(invitations)).json.data).toEqual([])
    expect((await browser.get('/api/v1/session')).json.organizations).toMatchObject([
      { role: 'DEVELOPER' },
    ])
    const members = `/api/v1/organizations/${organizationId}/members`
    expect((await owner.send('DELETE', `${members}/${await idOf(browser)}`)).status).toBe(200)
    const token = new URL(sent.json.link).searchParams.get('token')
    expect(await browser.post('/api/v1/invitations/accept', { token })).toMatchObject(
      failed('invitation.refused'),
    )
  })

  test('comes in although two windows finish at once, as one person', async () => {
    const person = somebody()
    const both = await Promise.all(
      [new Browser(app), new Browser(app)].map(async (browser) => {
        issuer.person = person
        const { json } = await browser.post('/api/auth/sign-on/begin', { organizationId })
        const answer = await issuer.walk(json.url)
        return finish(browser, answer)
      }),
    )
    expect(both.map(({ status }) => status)).toEqual([200, 200])
    expect((await membersOf()).filter(({ email }) => email === person.email)).toHaveLength(1)
  })

  test('is known as well where the issuer keeps the address out of the token', async () => {
    const shy = await startIssuer(returnAddress(), { inToken: false })
    await connect({ issuer: shy.url })
    expect((await signOn(somebody(), shy)).status).toBe(200)
    await connect()
    await shy.close()
  })
})

describe('an answer', () => {
  const past = Math.floor(Date.now() / 1_000) - 3_600

  test.each([
    ['of another issuer', { iss: 'https://evil.example' }, 'OAUTH_JWT_CLAIM_COMPARISON_FAILED'],
    ['for another client', { aud: 'somebody-else' }, 'OAUTH_JWT_CLAIM_COMPARISON_FAILED'],
    ['to another question', { nonce: 'another' }, 'OAUTH_JWT_CLAIM_COMPARISON_FAILED'],
    ['to no question', { nonce: undefined }, 'OAUTH_INVALID_RESPONSE'],
    ['that has expired', { exp: past, iat: past - 60 }, 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED'],
    ['about nobody', { sub: undefined }, 'OAUTH_INVALID_RESPONSE'],
  ])('%s is not believed', async (_what, claims, reason) => {
    issuer.lie = (token) => ({ ...token, claims: { ...token.claims, ...claims } })
    const seen = await signOn(somebody())
    issuer.lie = null
    expect(seen).toMatchObject(failed('sign_on.answer_refused'))
    expect(seen.json.error.details).toEqual({ reason })
    expect(seen.browser.cookies.get('uf')).toBeUndefined()
  })

  test('that nobody has signed, or another key, is not believed', async () => {
    const lies: TestIssuer['lie'][] = [
      (token) => ({ ...token, header: { alg: 'none' }, key: null }),
      (token) => ({ ...token, header: { ...token.header, alg: 'HS256' } }),
      (token) => ({ ...token, key: anotherKey() }),
      (token) => ({ ...token, key: null }),
    ]
    for (const lie of lies) {
      issuer.lie = lie
      expect(await signOn(somebody())).toMatchObject(failed('sign_on.answer_refused'))
    }
    issuer.lie = null
  })

  test('is good once, in the browser that began, for ten minutes, with the state that was sent', async () => {
    const begin = async (browser: Browser) => {
      issuer.person = somebody()
      const { json } = await browser.post('/api/auth/sign-on/begin', { organizationId })
      return issuer.walk(json.url)
    }
    const [mine, victim] = [new Browser(app), new Browser(app)]
    const answer = await begin(mine)
    const before = mine.cookies.get('uf-sign-on') ?? ''
    expect(await finish(victim, answer)).toMatchObject(failed('sign_on.attempt_refused'))
    await begin(victim) // has a cookie of its own now
    expect(await finish(victim, answer)).toMatchObject(failed('sign_on.attempt_refused'))
    const otherState = answer.replace(/state=[^&]+/, 'state=another')
    expect(await finish(mine, otherState)).toMatchObject(failed('sign_on.attempt_refused'))
    const asked = issuer.asked
    expect((await finish(mine, answer)).status).toBe(200)
    expect(mine.cookies.has('uf-sign-on')).toBe(false)
    mine.cookies.set('uf-sign-on', before)
    expect(await finish(mine, answer)).toMatchObject(failed('sign_on.attempt_refused'))
    expect(issuer.asked).toBe(asked + 1) // the replayed code did not even leave us

    const late = await begin(mine)
    const longAgo = new Date(Date.now() - 10 * 60_000)
    await inOwnTransaction((tx) =>
      tx.updateTable('sign_on_attempts').set({ began_at: longAgo }).execute(),
    )
    expect(await finish(mine, late)).toMatchObject(failed('sign_on.attempt_refused'))
  })

  test('that declines says why, and one with a used code is refused by the issuer', async () => {
    const browser = new Browser(app)
    const { json } = await browser.post('/api/auth/sign-on/begin', { organizationId })
    const state = new URL(json.url).searchParams.get('state')
    const declined = `error=access_denied&state=${state}&iss=${encodeURIComponent(issuer.url)}`
    expect(await finish(browser, declined)).toMatchObject({
      ...failed('sign_on.declined'),
      json: { error: { details: { reason: 'access_denied' } } },
    })
    issuer.person = somebody()
    const one = await browser.post('/api/auth/sign-on/begin', { organizationId })
    const answer = await issuer.walk(one.json.url)
    const used = new URLSearchParams(answer).get('code') ?? ''
    expect((await finish(browser, answer)).status).toBe(200)
    const two = await browser.post('/api/auth/sign-on/begin', { organizationId })
    const injected = new URLSearchParams(await issuer.walk(two.json.url))
    injected.set('code', used)
    const seen = await finish(browser, String(injected))
    expect(seen.json.error).toMatchObject({
      code: 'sign_on.answer_refused',
      details: { reason: 'invalid_grant' },
    })
  })

  test('that one issuer obtained from another stays with the organization it was meant for', async () => {
    const other = (await anOrganization('Evil')).id
    const evil = await startIssuer(returnAddress(other), { promisesIss: false })
    await join(other, await idOf(owner), 'OWNER')
    await inOwnTransaction((tx) => allowDomain(tx, other, 'evil.example', new Date()))
    const { clientId, clientSecret } = evil.client
    const connection = { issuer: evil.url, clientId, clientSecret, role: 'VIEWER' }
    const body = { ...connection, enabled: true, enforced: false }
    expect((await owner.send('PUT', path(other), { body })).status).toBe(200)

    const [bob, eve] = [new Browser(app), new Browser(app)]
    const begin = async (browser: Browser, id: string) =>
      new URL(
        (await browser.post('/api/auth/sign-on/begin', { organizationId: id })).json.url as string,
      )
    const atEvil = await begin(bob, other)
    // Eve's issuer sends Bob on to the real one, to answer a question of hers with the state of his.
    const onward = await begin(eve, organizationId)
    onward.searchParams.set('state', atEvil.searchParams.get('state') ?? '')
    issuer.person = somebody()
    const answer = new URLSearchParams(await issuer.walk(onward.href))
    answer.delete('iss') // which not every issuer says
    const refused = await finish(bob, String(answer))
    expect(evil.asked).toBe(0) // the code did not leave us
    expect(refused).toMatchObject(failed('sign_on.attempt_refused'))
    onward.searchParams.set('redirect_uri', returnAddress(other))
    await expect(issuer.walk(onward.href)).rejects.toThrow('redirect_uri')

    // His own sign-on goes on as if nothing had been.
    evil.person = somebody({ email: 'bob@evil.example' })
    expect((await finish(bob, await evil.walk(atEvil.href), other)).status).toBe(200)
    await evil.close()
  })

  test('that another site brings is not even looked at', async () => {
    const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }
    for (const what of ['begin', 'finish'])
      expect(await new Browser(app).post(`/api/auth/sign-on/${what}`, {}, headers)).toMatchObject(
        failed('auth.origin_refused'),
      )
  })
})

describe('an issuer', () => {
  test('does not speak for addresses that are unproven, or of other domains', async () => {
    for (const email_verified of [false, undefined, 'true'])
      expect(
        await signOn({ ...somebody(), email_verified: email_verified as boolean }),
      ).toMatchObject(failed('sign_on.email_unverified'))
    for (const email of ['a@evil.example', 'a@acme.example.evil.example', 'a@sub.acme.example'])
      expect(await signOn(somebody({ email }))).toMatchObject(failed('sign_on.email_foreign'))
    for (const email of ['a@аcme.example', 'a@acme.example@evil.example', 'no address'])
      expect(await signOn(somebody({ email }))).toMatchObject(failed('sign_on.email_unverified'))
  })

  test('does not speak for a member whose own address is of no domain of the organization', async () => {
    const person = somebody()
    const userId = await idOf((await signOn(person)).browser)
    const moveTo = (email: string) =>
      inOwnTransaction((tx) =>
        tx.updateTable('users').set({ email }).where('id', '=', userId).execute(),
      )
    await moveTo(`${person.subject}@private.example`)
    expect(await signOn(person)).toMatchObject(failed('sign_on.email_foreign'))
    await moveTo(person.email ?? '')
    expect((await signOn(person)).status).toBe(200)
  })

  test('takes over no account that is no member, of its domain or not, with a password elsewhere', async () => {
    const open = await runApp('open')
    const victim = await someone(open, 'victim@acme.example')
    await open.stop()
    const elsewhere = (await anOrganization('Elsewhere')).id
    const victimId = await accountIdOf('victim@acme.example')
    await join(elsewhere, victimId, 'OWNER')
    const attack = somebody({ email: 'Victim@acme.example' })
    expect(await signOn(attack)).toMatchObject(failed('sign_on.account_exists'))
    expect(await signOn({ ...attack, email: 'ada@other.example' })).toMatchObject(
      failed('sign_on.email_foreign'),
    )
    expect(victim.cookies.size).toBeGreaterThan(0)
    // Only who accepts an invitation, signed in with the password, is linked.
    await join(organizationId, victimId, 'VIEWER')
    const { browser } = await signOn(attack)
    expect(await idOf(browser)).toBe(victimId)
    expect((await new Browser(app).signIn('victim@acme.example')).status).toBe(200)
  })

  test('takes the account of whoever only typed the address, and leaves them nothing in it', async () => {
    const open = await runApp('open')
    const squatter = new Browser(open)
    const person = somebody()
    const account = { email: person.email, password: PASSWORD, name: 'Squatter' }
    expect((await squatter.post('/api/auth/sign-up/email', account)).status).toBe(200)
    await open.stop()
    expect((await signOn(person)).status).toBe(200)
    expect((await new Browser(app).signIn(person.email ?? '')).status).toBe(401)
  })

  test('that gives the address to somebody else gets no further with it', async () => {
    const person = somebody()
    await signOn(person)
    const heir = { ...person, subject: `${person.subject}-heir` }
    expect(await signOn(heir)).toMatchObject(failed('sign_on.other_identity'))
  })

  test('lets nobody back in whom the organization has removed', async () => {
    const person = somebody()
    const { browser } = await signOn(person)
    const userId = await idOf(browser)
    const members = `/api/v1/organizations/${organizationId}/members`
    expect((await owner.send('DELETE', `${members}/${userId}`)).status).toBe(200)
    expect(await signOn(person)).toMatchObject(failed('sign_on.account_exists'))
    expect((await browser.get('/api/v1/session')).json.organizations).toEqual([])
    await join(organizationId, userId, 'VIEWER') // by an invitation
    expect(await idOf((await signOn(person)).browser)).toBe(userId)
  })

  test('does not stand for the second factor', async () => {
    const open = await runApp('open')
    const person = somebody({ email: 'careful@acme.example' })
    const careful = await someone(open, 'careful@acme.example')
    const enabled = await careful.post('/api/auth/two-factor/enable', { password: PASSWORD })
    const secret = new URL(enabled.json.totpURI).searchParams.get('secret') ?? ''
    const code = () => ({ code: totp(secret, Date.now()) })
    expect((await careful.post('/api/auth/two-factor/verify-totp', code())).status).toBe(200)
    await open.stop()
    await join(organizationId, await accountIdOf('careful@acme.example'), 'ADMIN')
    const { json, browser } = await signOn(person)
    expect(json).toMatchObject({ twoFactorRedirect: true })
    expect((await browser.get('/api/v1/session')).status).toBe(401)
    const backup = { code: enabled.json.backupCodes[0] }
    expect((await browser.post('/api/auth/two-factor/verify-backup-code', backup)).status).toBe(200)
    expect((await browser.get('/api/v1/session')).json.user.email).toBe('careful@acme.example')
  })
})
