import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createApiKey } from '../../src/identity/create-api-key.ts'
import type { Role } from '../../src/identity/roles.ts'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import {
  anOrganization,
  type Organization,
  type RunningApp,
  runApp,
} from '../routes/running-app.ts'
import { type Browser, firstOwner, inside, someone } from './browser.ts'
import { join } from './people.ts'

let app: RunningApp
let ada: Browser
let acme: Organization
let people = 0

beforeAll(async () => {
  app = await runApp('open')
  ada = await firstOwner(app)
  acme = await anOrganization('Acme')
  await join(acme.id, await idOf(ada), 'OWNER')
})
afterAll(() => app.stop())

const path = (rest = '') => `/api/v1/organizations/${acme.id}${rest}`

async function idOf(browser: Browser): Promise<string> {
  return (await browser.get('/api/v1/session')).json.user.id
}

async function aMember(role: Role): Promise<{ browser: Browser; userId: string }> {
  people += 1
  const browser = await someone(app, `member${people}@example.com`)
  const userId = await idOf(browser)
  await join(acme.id, userId, role)
  return { browser, userId }
}

type Sent = {
  readonly method?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

/** Sends headers, which are let in, and the body when `meanwhile` is done. Resolves to the status and the code of the answer. */
async function slowly(
  target: string,
  { method = 'POST', headers, body }: Sent,
  meanwhile: () => Promise<unknown>,
): Promise<string> {
  const text = JSON.stringify(body)
  const outgoing = request(`${app.address}${target}`, {
    method,
    headers: { ...headers, 'content-type': 'application/json', 'content-length': text.length },
  })
  const answer = new Promise<string>((resolve, reject) => {
    outgoing.on('error', reject)
    outgoing.on('response', async (response) => {
      const json = JSON.parse(Buffer.concat(await response.toArray()).toString())
      resolve(`${response.statusCode} ${json.error?.code ?? 'done'}`)
    })
  })
  outgoing.flushHeaders()
  await new Promise((resolve) => setTimeout(resolve, 400))
  await meanwhile()
  await new Promise((resolve) => setTimeout(resolve, 600))
  outgoing.end(text)
  return answer
}

const of = (browser: Browser) => ({ origin: app.address, cookie: browser.cookieHeader() })
const remove = (userId: string) => ada.send('DELETE', path(`/members/${userId}`))
const demote = (userId: string, role: Role) =>
  ada.send('PATCH', path(`/members/${userId}`), { body: { role } })

async function invitedAddresses(): Promise<string[]> {
  const { json } = await ada.get(path('/invitations'))
  return json.data.map(({ email }: { email: string }) => email)
}

async function meterKeys(): Promise<string[]> {
  const { json } = await ada.get('/api/v1/meters', inside(acme.id))
  return json.data.map(({ key }: { key: string }) => key)
}

describe('a body that comes later than the right to send it lasts', () => {
  test('changes nothing of an organization for who is removed, demoted or signed out meanwhile', async () => {
    const invite = (email: string) => ({ email, role: 'VIEWER' })
    const removed = await aMember('ADMIN')
    const sent = { headers: of(removed.browser), body: invite('one@example.com') }
    const gone = await slowly(path('/invitations'), sent, () => remove(removed.userId))
    expect(gone).toBe('404 organization.unknown')

    const demoted = await aMember('ADMIN')
    const less = { headers: of(demoted.browser), body: invite('two@example.com') }
    const refused = await slowly(path('/invitations'), less, () => demote(demoted.userId, 'VIEWER'))
    expect(refused).toBe('403 auth.role_forbids')

    const out = await aMember('ADMIN')
    const late = { headers: of(out.browser), body: invite('three@example.com') }
    const signedOut = await slowly(path('/invitations'), late, () =>
      out.browser.post('/api/auth/sign-out'),
    )
    expect(signedOut).toBe('401 auth.session_refused')
    expect(await invitedAddresses()).toEqual([])
  })

  test('makes no key with more than who is demoted meanwhile may do', async () => {
    const { browser, userId } = await aMember('ADMIN')
    const body = { mode: 'test', name: 'mine', scopes: ['billing:write'] }
    const sent = { headers: of(browser), body }
    const refused = await slowly(path('/keys'), sent, () => demote(userId, 'DEVELOPER'))
    expect(refused).toBe('403 key.scope_above_you')
  })

  test('changes nothing of an environment, by session or by key', async () => {
    const { browser, userId } = await aMember('DEVELOPER')
    const headers = { ...of(browser), ...inside(acme.id) }
    const meter = (key: string) => ({ headers, body: { key, name: key } })
    const less = await slowly('/api/v1/meters', meter('a'), () => demote(userId, 'VIEWER'))
    expect(less).toBe('403 auth.role_forbids')
    await demote(userId, 'DEVELOPER')
    const gone = await slowly('/api/v1/meters', meter('b'), () => remove(userId))
    expect(gone).toBe('404 organization.unknown')

    const key = await inOwnTransaction((tx) =>
      createApiKey(tx, acme.test, {
        ...{ name: 'k', scopes: ['catalog:write'], systemNow: new Date() },
      }),
    )
    const byKey = { headers: { 'x-usageflow-api-key': key.key }, body: { key: 'c', name: 'c' } }
    const revoked = await slowly('/api/v1/meters', byKey, () =>
      ada.send('DELETE', path(`/keys/${key.id}`)),
    )
    expect(revoked).toBe('401 auth.key_refused')
    expect(await meterKeys()).toEqual([])
  })

  test('is taken from whoever still may, and ends their own right as well', async () => {
    const { browser } = await aMember('ADMIN')
    const sent = { headers: of(browser), body: { email: 'four@example.com', role: 'VIEWER' } }
    expect(await slowly(path('/invitations'), sent, async () => {})).toBe('201 done')
    expect(await invitedAddresses()).toEqual(['four@example.com'])
    const rename = { method: 'PATCH', headers: of(browser), body: { role: 'VIEWER' } }
    const own = path(`/members/${await idOf(browser)}`)
    expect(await slowly(own, rename, async () => {})).toBe('200 done')
  })
})
