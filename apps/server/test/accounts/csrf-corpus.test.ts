import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { filled, nameOf, QUERIES } from '../routes/route-paths.ts'
import { anOrganization, type RunningApp, runApp } from '../routes/running-app.ts'
import { type Browser, firstOwner, inside, PASSWORD, someone } from './browser.ts'
import { join } from './people.ts'

let app: RunningApp
let ada: Browser
let organizationId: string

beforeAll(async () => {
  app = await runApp('open')
  ada = await firstOwner(app)
  organizationId = (await anOrganization('Acme')).id
  await join(organizationId, (await ada.get('/api/v1/session')).json.user.id, 'OWNER')
})
afterAll(() => app.stop())

const EVIL = 'https://evil.example'

/** What a page of another site can make a browser send without asking the server first. */
const BODIES: readonly [string, string, string][] = [
  ['a form as text', 'text/plain', '{"name":"x","key":"x","a":"="}'],
  ['a form', 'application/x-www-form-urlencoded', 'name=x&key=x'],
  ['a form with files', 'multipart/form-data; boundary=x', '--x\r\n\r\nx\r\n--x--'],
  ['JSON that calls itself text', 'text/plain; application/json', '{"name":"x"}'],
  ['a body without a type', '', '{"name":"x"}'],
]

/** Whence it says it comes. Old browsers send neither header; ours has to refuse that too. */
const ORIGINS: readonly [string, Record<string, string>][] = [
  ['from another site', { origin: EVIL, 'sec-fetch-site': 'cross-site' }],
  ['from a sub-domain', { origin: 'http://x.127.0.0.1.nip.io', 'sec-fetch-site': 'same-site' }],
  ['from a frame without origin', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
  ['by `no-cors`', { origin: EVIL, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  ['by an old browser', {}],
]

const TARGETS: readonly string[] = [
  '/api/v1/organizations',
  '/api/v1/meters',
  '/api/v1/sessions/end-others',
  '/api/auth/sign-in/email',
  '/api/auth/sign-out',
  '/api/auth/change-password',
  '/api/auth/two-factor/disable',
]

/** What it is told: that it comes from elsewhere, that or that it is no JSON. */
const REFUSALS = ['auth.origin_refused', 'request.media_type']

async function forged(
  path: string,
  [type, body]: readonly [string, string],
  headers: Record<string, string>,
): Promise<Response> {
  return fetch(`${app.address}${path}`, {
    method: 'POST',
    headers: { cookie: ada.cookieHeader(), ...(type ? { 'content-type': type } : {}), ...headers },
    body: Buffer.from(body),
  })
}

async function codeOf(answer: Response): Promise<string> {
  return ((await answer.json()) as { error: { code: string } }).error.code
}

/** All that a forged request could have changed; that something was read is noted, and changes nothing. */
async function state(): Promise<string> {
  return inOwnTransaction(async (tx) => {
    const [organizations, meters, sessions, accounts, entries] = await Promise.all([
      tx.selectFrom('organizations').select(['id', 'name']).orderBy('id').execute(),
      tx.selectFrom('meters').select('key').orderBy('key').execute(),
      tx.selectFrom('sessions').select('id').orderBy('id').execute(),
      tx.selectFrom('accounts').select('password').orderBy('id').execute(),
      tx.selectFrom('audit_entries').where('action', 'not like', 'GET %').select('id').execute(),
    ])
    return JSON.stringify([organizations, meters, sessions, accounts, entries])
  })
}

describe('a request that another site makes a browser send', () => {
  test.each(ORIGINS)('%s is refused, whatever it carries, and changes nothing', async (_, from) => {
    const before = await state()
    for (const path of TARGETS) {
      for (const [what, type, body] of [
        ...BODIES,
        ['JSON', 'application/json', '{"name":"x","key":"x"}'] as const,
      ]) {
        const answer = await forged(path, [type, body], from)
        expect(REFUSALS, `${path} with ${what}`).toContain(await codeOf(answer))
        const { headers } = answer
        expect(headers.get('access-control-allow-origin'), path).toBeNull()
        expect(headers.getSetCookie(), path).toEqual([])
      }
    }
    expect(await state()).toBe(before)
  })

  test('from our own page is still refused when it is no JSON', async () => {
    const before = await state()
    const own = { origin: app.address, 'sec-fetch-site': 'same-origin', ...inside(organizationId) }
    for (const path of TARGETS.filter((one) => one !== '/api/v1/sessions/end-others')) {
      for (const [what, type, body] of BODIES) {
        const answer = await forged(path, [type, body], own)
        expect(await codeOf(answer), `${path} with ${what}`).toBe('request.media_type')
      }
    }
    expect(await state()).toBe(before)
  })

  test('signs nobody in as the attacker', async () => {
    await someone(app, 'mallory@example.com')
    const credentials = JSON.stringify({ email: 'mallory@example.com', password: PASSWORD })
    for (const [who, from] of ORIGINS) {
      for (const type of ['application/json', 'text/plain']) {
        const answer = await fetch(`${app.address}/api/auth/sign-in/email`, {
          method: 'POST',
          headers: { 'content-type': type, ...from },
          body: credentials,
        })
        expect(REFUSALS, who).toContain(await codeOf(answer))
        expect(answer.headers.getSetCookie(), who).toEqual([])
      }
    }
  })

  test('is no preflight that is let through', async () => {
    for (const path of TARGETS) {
      const answer = await fetch(`${app.address}${path}`, {
        method: 'OPTIONS',
        headers: {
          origin: EVIL,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'content-type,usageflow-organization',
        },
      })
      expect(answer.status, path).toBeGreaterThanOrEqual(400)
      expect(answer.headers.get('access-control-allow-origin'), path).toBeNull()
    }
  })
})

describe('a link or an image of another site', () => {
  test('reads nothing with the session of who looks at it', async () => {
    for (const site of ['cross-site', 'same-site']) {
      const answer = await ada.get('/api/v1/session', { 'sec-fetch-site': site })
      expect(answer).toMatchObject({
        status: 403,
        json: { error: { code: 'auth.origin_refused' } },
      })
    }
  })

  test('changes nothing: no GET of ours does', async () => {
    const before = await state()
    const gets = [...app.routes, ...app.accountRoutes].filter(
      ({ method, path }) => method === 'GET' && path !== '/api/v1/events/tail',
    )
    expect(gets.length).toBeGreaterThan(50)
    for (const route of gets) {
      const path = filled(route.path, (name) =>
        name === 'organizationId' ? organizationId : 'none',
      )
      await ada.get(`${path}${QUERIES[nameOf(route)] ?? ''}`, inside(organizationId))
    }
    expect(await state()).toBe(before)
    for (const path of TARGETS) expect((await ada.get(path)).status, path).not.toBe(500)
    expect(await state()).toBe(before)
  })
})
