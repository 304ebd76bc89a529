import { sql } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PLACES, resealEach } from '../../src/cli/reseal.ts'
import { inOwnTransaction, testDatabase } from '../../src/platform/db/test-db.ts'
import { createSealer } from '../../src/platform/secrets/seal.ts'
import { secretContext } from '../../src/sign-on/connection.ts'
import { saveConnection } from '../../src/sign-on/set-up.ts'
import { sealContext } from '../../src/stripe/connection.ts'
import {
  anOrganization,
  type Organization,
  type RunningApp,
  runApp,
} from '../routes/running-app.ts'
import { Browser, firstOwner, PASSWORD, someone } from './browser.ts'
import { totp } from './totp.ts'

const OLD = Buffer.alloc(32, 7) // as `Browser` reads messages with
const NEW = Buffer.alloc(32, 8)
const ENDPOINT = { url: 'https://127.0.0.1/hook', eventTypes: ['invoice.finalized'] }

/** How a second factor was stored before secrets had versions. */
const AS_BEFORE_VERSIONS = sql`
  update two_factors set secret = regexp_replace(secret, '^[$]ba[$][0-9]+[$]', ''),
    backup_codes = regexp_replace(backup_codes, '^[$]ba[$][0-9]+[$]', '')`

let app: RunningApp
/** Wherever it listens by now. */
const there = {
  get address() {
    return app.address
  },
} as RunningApp
let organization: Organization
let signedIn: Browser
let secondFactor: { secret: string; backupCodes: string[] }
let endpoint: { status: number; text: string }

beforeAll(async () => {
  app = await runApp('open', { encryptionKeys: [OLD] })
  await firstOwner(app)
  signedIn = await someone(there, 'dov@example.com')
  const { json } = await signedIn.post('/api/auth/two-factor/enable', { password: PASSWORD })
  const secret = new URL(json.totpURI).searchParams.get('secret') ?? ''
  secondFactor = { secret, backupCodes: json.backupCodes }
  await inOwnTransaction((tx) => AS_BEFORE_VERSIONS.execute(tx))
  const code = totp(secret, Date.now())
  expect((await signedIn.post('/api/auth/two-factor/verify-totp', { code })).status).toBe(200)
  organization = await anOrganization('Sealed')
  endpoint = await makeEndpoint()
  expect(endpoint.status).toBe(201)
  const { apiKey, webhookSecret } = app.stripe
  const body = { apiKey, webhookSecret }
  const connected = await app.call('PUT', '/api/v1/stripe', { key: organization.testKey, body })
  expect(connected.status).toBe(200)
  await inOwnTransaction((tx) =>
    saveConnection(
      tx,
      organization.id,
      {
        ...{ issuer: 'https://issuer.example', clientId: 'us', clientSecret: 'theirs' },
        ...{ role: 'VIEWER', enabled: false, enforced: false },
      },
      { sealer: createSealer(OLD), systemNow: new Date() },
    ),
  )
  await app.stop()
})
afterAll(() => app.stop())

const makeEndpoint = () =>
  app.call('POST', '/api/v1/webhook-endpoints', {
    ...{ key: organization.testKey, body: ENDPOINT, once: 'endpoint' },
  })

async function reseal(...keys: [Buffer, ...Buffer[]]) {
  const { database } = await testDatabase()
  const places = await resealEach(database, keys)
  return {
    resealed: Object.fromEntries(places.map(({ what, resealed }) => [what, resealed])),
    lost: places.flatMap(({ lost }) => lost),
  }
}

/** How many secrets begin as those do that this key has sealed. */
async function sealedUnder(key: Buffer): Promise<Record<string, number>> {
  const { mark } = createSealer(key)
  const count = async (table: string, column: string) => {
    const rows = await inOwnTransaction((tx) =>
      tx
        .selectFrom(table as 'stripe_connections')
        .select(column as 'sealed_api_key')
        .execute(),
    )
    const all = rows.map((row) => (row as unknown as Record<string, Buffer | null>)[column])
    return all.filter((sealed) => sealed?.subarray(0, mark.length).equals(mark)).length
  }
  return {
    webhooks: await count('webhook_secrets', 'sealed'),
    stripe: await count('stripe_connections', 'sealed_api_key'),
    stripeEvents: await count('stripe_connections', 'sealed_webhook_secret'),
    signOn: await count('sign_on_connections', 'sealed_secret'),
    answers: await count('idempotent_requests', 'sealed_reply'),
  }
}

const ONE_OF_EACH = { webhooks: 1, stripe: 1, stripeEvents: 1, signOn: 1, answers: 1 }

const NONE = {
  ...{ 'secrets of webhook endpoints': 0, 'keys of Stripe': 0, 'webhook secrets of Stripe': 0 },
  ...{ 'secrets of sign-on': 0, messages: 0, 'answers kept for repeats': 0, 'second factors': 0 },
}

test('what no key opens is named and stays as it is', async () => {
  const { resealed, lost } = await reseal(NEW)
  expect(resealed).toEqual(NONE)
  expect(lost.join()).toMatch(/webhook secret .*stripe api key .*sign-on of .*second factor tfa_/)
  expect(await sealedUnder(OLD)).toEqual(ONE_OF_EACH)
})

test('everything is sealed under the first key, once', async () => {
  const { resealed, lost } = await reseal(NEW, OLD)
  expect(lost).toEqual([])
  const ones = Object.fromEntries(Object.keys(NONE).map((what) => [what, 1]))
  expect(resealed).toEqual({ ...ones, messages: resealed.messages })
  expect(resealed.messages).toBeGreaterThan(0)
  expect(await sealedUnder(NEW)).toEqual(ONE_OF_EACH)
  expect(await reseal(NEW, OLD)).toEqual({ resealed: NONE, lost: [] })
})

test('with the new key alone all goes on: sessions, second factors, answers and secrets', async () => {
  app = await runApp('open', { encryptionKeys: [NEW] })
  expect((await makeEndpoint()).text).toBe(endpoint.text) // with the secret in it
  expect((await signedIn.get('/api/v1/session')).json.user.email).toBe('dov@example.com')
  const sameAgain = { currentPassword: PASSWORD, newPassword: `${PASSWORD} again` }
  expect((await signedIn.post('/api/auth/change-password', sameAgain)).status).toBe(200)
  for (const proof of [
    { path: 'verify-totp', code: totp(secondFactor.secret, Date.now()) },
    { path: 'verify-backup-code', code: secondFactor.backupCodes[0] },
  ]) {
    const elsewhere = new Browser(there)
    const half = await elsewhere.signIn('dov@example.com', `${PASSWORD} again`)
    expect(half.json).toMatchObject({ twoFactorRedirect: true })
    const { path, code } = proof
    expect((await elsewhere.post(`/api/auth/two-factor/${path}`, { code })).status).toBe(200)
    expect((await elsewhere.get('/api/v1/session')).status).toBe(200)
  }
  const sealer = createSealer(NEW)
  const [stripe] = await inOwnTransaction((tx) =>
    tx.selectFrom('stripe_connections').selectAll().execute(),
  )
  const envId = stripe?.env_id ?? 0
  expect(
    sealer.open(stripe?.sealed_webhook_secret ?? Buffer.of(), sealContext(envId, 'webhook secret')),
  ).toBe(app.stripe.webhookSecret)
  const [signOn] = await inOwnTransaction((tx) =>
    tx.selectFrom('sign_on_connections').selectAll().execute(),
  )
  expect(sealer.open(signOn?.sealed_secret ?? Buffer.of(), secretContext(organization.id))).toBe(
    'theirs',
  )
})

test('every column whose name says that it is sealed is walked over', async () => {
  const { rows } = await inOwnTransaction((tx) =>
    sql<{ name: string }>`
      select table_name || '.' || column_name as name from information_schema.columns
      where table_schema = 'public' and data_type = 'bytea' and column_name like '%sealed%'`.execute(
      tx,
    ),
  )
  const forMinutesAlone = 'sign_on_attempts.sealed'
  expect(
    rows
      .map(({ name }) => name)
      .filter((name) => name !== forMinutesAlone)
      .sort(),
  ).toEqual(PLACES.map(({ table, column }) => `${table}.${column}`).sort())
})
