import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { assertMayTry, networkOf } from '../../src/identity/limit-attempts.ts'
import { inOwnTransaction, testDatabase } from '../../src/platform/db/test-db.ts'
import { Failure } from '../../src/platform/errors.ts'
import { type RunningApp, runApp } from '../routes/running-app.ts'
import { Browser, firstOwner, PASSWORD, someone } from './browser.ts'
import { totp } from './totp.ts'

let app: RunningApp
let other: RunningApp

beforeAll(async () => {
  app = await runApp('open')
  other = await runApp('open') // another process on the same database
  await firstOwner(app)
})
afterAll(() => Promise.all([app.stop(), other.stop()]))

const START = new Date('2026-03-01T00:00:00Z')
const after = (seconds: number) => new Date(START.getTime() + seconds * 1_000)

/** The seconds to wait, or null when it may be tried. */
async function waitFor(
  attempt: { readonly path?: string; readonly address?: string; readonly email?: unknown },
  now: Date,
): Promise<number | null> {
  const { database } = await testDatabase()
  const whole = { path: 'POST /sign-in/email', address: '192.0.2.1', email: null, ...attempt }
  try {
    await assertMayTry(database, whole, now)
    return null
  } catch (error) {
    if (error instanceof Failure && error.code === 'auth.too_many_tries')
      return Number(error.details.retryAfter)
    throw error
  }
}

/** So that the address is none of many. */
const elsewhere = (n: number) => `198.51.100.${n}`

describe('an account', () => {
  test('is tried twenty times in ten minutes, from wherever', async () => {
    const tries = (n: number, at: Date) => waitFor({ email: 'a@b.c', address: elsewhere(n) }, at)
    for (let n = 0; n < 20; n++) expect(await tries(n, after(n)), `try ${n}`).toBeNull()
    expect(await tries(20, after(20))).toBe(580)
    expect(await tries(21, after(599.5))).toBe(1)
    expect(await waitFor({ email: ' A@B.C ', address: elsewhere(22) }, after(599))).toBe(1)
    expect(await waitFor({ email: 'other@b.c', address: elsewhere(23) }, after(20))).toBeNull()
    expect(await tries(24, after(600))).toBeNull()
  })

  test('is counted once for each of many tries at the same time', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, n) =>
        waitFor({ email: 'race@b.c', address: elsewhere(n) }, START),
      ),
    )
    expect(answers.filter((wait) => wait === null)).toHaveLength(20)
  })

  test('is sent five messages in ten minutes', async () => {
    for (const path of ['POST /request-password-reset', 'POST /send-verification-email']) {
      for (let n = 0; n < 5; n++)
        expect(await waitFor({ path, email: 'm@b.c', address: elsewhere(n) }, START)).toBeNull()
      expect(await waitFor({ path, email: 'm@b.c', address: elsewhere(9) }, START)).toBe(600)
    }
  })
})

describe('a proxy', () => {
  /** Asks for eleven messages, one more than an address may, each for somebody else; returns what was answered. */
  const elevenAsked = async (address: string, forwarded: (n: number) => string) => {
    const statuses: number[] = []
    for (let n = 0; n < 11; n++) {
      const headers = {
        'content-type': 'application/json',
        origin: address,
        'x-forwarded-for': forwarded(n),
      }
      const body = JSON.stringify({ email: `${crypto.randomUUID()}@example.com` })
      const url = `${address}/api/auth/request-password-reset`
      statuses.push((await fetch(url, { method: 'POST', headers, body })).status)
    }
    return statuses
  }

  test('that is trusted says whom a request comes from; what the sender says before it counts nothing', async () => {
    const behind = await runApp('open', { trustedProxies: ['127.0.0.0/8'] })
    onTestFinished(() => behind.stop())
    const many = await elevenAsked(behind.address, (n) => `203.0.113.${n}`)
    expect(many).toEqual(Array(11).fill(200))
    const one = await elevenAsked(behind.address, (n) => `198.18.0.${n}, 203.0.113.100`)
    expect(one).toEqual([...Array(10).fill(200), 429])
  })

  test('that nobody named is believed nothing', async () => {
    const statuses = await elevenAsked(app.address, (n) => `203.0.113.${n}`)
    expect(statuses).toEqual([...Array(10).fill(200), 429])
  })
})

describe('an address', () => {
  test('tries sixty times a minute, whomever', async () => {
    for (let n = 0; n < 60; n++)
      expect(await waitFor({ email: `${n}@b.c` }, after(n / 2)), `try ${n}`).toBeNull()
    expect(await waitFor({ email: 'last@b.c' }, after(30))).toBe(30)
    expect(await waitFor({ email: 'last@b.c' }, after(60))).toBeNull()
    expect(await waitFor({ email: 'last@b.c', address: '192.0.2.2' }, after(30))).toBeNull()
  })

  test.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:db8:1:2::9', '2001:db8:1:2'],
    ['2001:0DB8:0001:0002:ffff::', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['::1', '0:0:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
  ])('%s counts as %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})

describe('over HTTP', () => {
  const limited = { status: 429, json: { error: { code: 'auth.too_many_tries' } } }

  test('all processes count together, and say how long to wait, for accounts that are none too', async () => {
    for (const email of ['ada@example.com', 'nobody@example.com']) {
      for (let n = 0; n < 20; n++) {
        const browser = new Browser(n % 2 ? app : other)
        expect((await browser.signIn(email, 'wrong password')).status, email).toBe(401)
      }
      const right = await new Browser(app).signIn(email)
      expect(right, email).toMatchObject(limited)
      expect(right.json.error.details.retryAfter).toBeGreaterThan(500)
      const answer = await fetch(`${other.address}/api/auth/sign-in/email`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: other.address },
        body: JSON.stringify({ email, password: PASSWORD }),
      })
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(500)
    }
    const stored = await inOwnTransaction((tx) => tx.selectFrom('attempts').selectAll().execute())
    expect(JSON.stringify(stored)).not.toContain('example.com')
    await inOwnTransaction((tx) => tx.deleteFrom('attempts').execute())
  })

  test('who proves to be it is forgiven what was tried before', async () => {
    for (let round = 0; round < 2; round++) {
      for (let n = 0; n < 15; n++) await new Browser(app).signIn('ada@example.com', 'wrong')
      expect((await new Browser(app).signIn('ada@example.com')).status).toBe(200)
    }
    await inOwnTransaction((tx) => tx.deleteFrom('attempts').execute())
  })

  test('ten wrong codes of a second factor lock the account, whichever browser sent them', async () => {
    const browser = await someone(app, 'eva@example.com')
    const enabled = await browser.post('/api/auth/two-factor/enable', { password: PASSWORD })
    const secret = new URL(enabled.json.totpURI).searchParams.get('secret') ?? ''
    const code = () => totp(secret, Date.now())
    await browser.post('/api/auth/two-factor/verify-totp', { code: code() })
    const guess = async (n: number) => {
      const attacker = new Browser(n % 2 ? app : other)
      await attacker.signIn('eva@example.com')
      return attacker.post('/api/auth/two-factor/verify-totp', { code: '000000' })
    }
    for (let n = 0; n < 10; n++) expect((await guess(n)).status, `guess ${n}`).toBe(401)
    const locked = await guess(10)
    expect(locked.status).toBe(429)
    expect(locked.json.error.details.retryAfter).toBe(900)
    const right = new Browser(app)
    await right.signIn('eva@example.com')
    const refused = await right.post('/api/auth/two-factor/verify-totp', { code: code() })
    expect(refused.status).toBe(429)
  })
})

describe('a request of a person with an Idempotency-Key', () => {
  test('is carried out once, and its repeat gets the same answer', async () => {
    const browser = await someone(app, 'ida@example.com')
    const headers = { 'idempotency-key': 'once' }
    const make = (name: string) => browser.post('/api/v1/organizations', { name }, headers)
    const [one, two] = await Promise.all([make('Twice'), make('Twice')])
    expect([one.status, two.status]).toEqual([201, 201])
    expect(two.json).toEqual(one.json)
    const { json } = await browser.get('/api/v1/session')
    expect(json.organizations).toHaveLength(1)
    expect(await make('Other')).toMatchObject({
      status: 422,
      json: { error: { code: 'idempotency.key_reused' } },
    })
    const base = `/api/v1/organizations/${one.json.id}`
    const key = { mode: 'test', name: 'x', scopes: ['usage:read'] }
    const keys = [
      await browser.post(`${base}/keys`, key, headers),
      await browser.post(`${base}/keys`, key, headers),
    ]
    expect(keys[0]?.json.key).toMatch(/^uf_test_/)
    expect(keys[1]?.json).toEqual(keys[0]?.json)
    const { json: audit } = await browser.get(`${base}/audit?action=POST`)
    expect(audit.data).toHaveLength(2) // the organization and the key, each once
    const another = await someone(app, 'ivo@example.com')
    const theirs = await another.post('/api/v1/organizations', { name: 'Twice' }, headers)
    expect(theirs.json.id).not.toBe(one.json.id) // the keys of others are theirs
    const malformed = await browser.post(
      '/api/v1/organizations',
      { name: 'x' },
      {
        'idempotency-key': 'x'.repeat(256),
      },
    )
    expect(malformed.json.error.code).toBe('idempotency.key_malformed')
  })
})
