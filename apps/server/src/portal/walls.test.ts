import { beforeEach, describe, expect, test } from 'vitest'
import { attachMethod } from '../payments/payment-methods.ts'
import { inOwnTransaction } from '../platform/db/test-db.ts'
import { newId } from '../platform/id.ts'
import { portalRoutes } from './portal.routes.ts'
import { ORIGIN, type PortalApp, portalApp, type Visit } from './test-portal.ts'

const CHANGE = { plan: 'pro', version: 1, when: 'now' }

let app: PortalApp
let ann: Visit
beforeEach(async () => {
  app = await portalApp()
  ann = await app.visit('ann')
})

const parts = {
  db: undefined as never,
  unsettledUse: undefined as never,
  place: undefined as never,
  stripe: undefined as never,
}
const visited = portalRoutes(parts).filter((route) => route.kind === 'portal')
const closed = visited.filter(({ access }) => access === 'portal_link')

/** What bob has, by the name of the parameter. */
async function bobs(): Promise<Record<string, string>> {
  const [invoice] = (await app.good('GET', '/invoices?customerId=bob')).data
  const [credit] = (await app.good('GET', '/customers/bob/credits')).data
  const card = { customer: 'bob', provider: 'test', token: 'pm_test_ok', isDefault: true } as const
  const at = new Date('2026-04-03T00:00:00Z')
  const method = await inOwnTransaction((tx) => attachMethod(tx, app.envId, card, at))
  return {
    ...{ invoiceId: invoice.id, creditId: credit.id, subscriptionId: app.subscriptions.bob },
    paymentMethodId: method.id,
  }
}

test('what another customer has is answered like what does not exist, on every route that takes an id', async () => {
  await app.good('PATCH', '/settings/portal', { plans: ['starter', 'pro'] })
  const theirs = await bobs()
  let compared = 0
  for (const { method, path } of closed) {
    const parameter = /:(\w+)/.exec(path)?.[1]
    if (!parameter) continue
    const ask = async (id: string) => {
      const target = path.slice('/api/portal/v1'.length).replace(`:${parameter}`, id)
      const body = path.includes('/change') ? CHANGE : {}
      const { status, text } = await (method === 'GET' ? ann.get(target) : ann.post(target, body))
      return `${status} ${text.replaceAll(id, '<id>').replace(/req_[0-9a-z]{26}/, '')}`
    }
    const id = theirs[parameter] ?? ''
    const unknown = newId('inv').replace('inv', id.split('_')[0] ?? '')
    const foreign = await ask(id)
    expect(foreign, `${method} ${path}`).toMatch(/^404 /)
    expect(foreign, `${method} ${path}`).toBe(await ask(unknown))
    compared += 1
  }
  expect(compared).toBe(8)
})

test('nothing of another customer stands in any answer', async () => {
  const theirs = Object.values(await bobs())
  for (const { path, method } of closed) {
    if (method !== 'GET' || path.includes(':')) continue
    const { status, text } = await ann.get(path.slice('/api/portal/v1'.length))
    expect(status, path).toBe(200)
    for (const trace of ['bob', ...theirs]) expect(text, path).not.toContain(trace)
  }
})

/** The code with which every route answers these headers, which is the same. */
async function refusalOf(headers: Readonly<Record<string, string>>): Promise<string> {
  const codes = new Set<string>()
  for (const { method, path } of closed) {
    const body = method === 'POST' ? { body: CHANGE } : {}
    const target = path.replace(/:\w+/, app.subscriptions.ann)
    const sent = { headers: { origin: ORIGIN, ...headers }, ...body }
    const { status, json } = await app.send(method, target, sent)
    expect(status, path).toBeGreaterThanOrEqual(400)
    codes.add(json.error.code)
  }
  return [...codes].join(' ')
}

describe('a link', () => {
  test('is refused on every route once it has expired, to the second', async () => {
    app.at('2026-04-03T23:59:59Z')
    expect((await ann.get('/summary')).status).toBe(200)
    app.at('2026-04-04T00:00:00Z')
    expect(await refusalOf(ann.headers)).toBe('portal.link_refused')
    const again = await app.send('POST', '/api/portal/v1/open', { body: { token: ann.token } })
    expect(again.json.error).toMatchObject({
      code: 'portal.link_refused',
      details: { organization: 'Test' }, // whom to ask for another
    })
    const invented = { token: `ufp_${'x'.repeat(32)}` }
    const none = await app.send('POST', '/api/portal/v1/open', { body: invented })
    expect(none.json.error.details).toEqual({ organization: null })
  })

  test('is refused at once when the links of its customer are ended, and only theirs', async () => {
    const other = await app.visit('ann')
    const bob = await app.visit('bob')
    expect((await app.good('GET', '/customers/ann/portal-links')).data).toHaveLength(2)
    expect(await app.good('DELETE', '/customers/ann/portal-links')).toEqual({ ended: 2 })
    expect(await app.good('DELETE', '/customers/ann/portal-links')).toEqual({ ended: 0 })
    expect((await app.good('GET', '/customers/ann/portal-links')).data).toEqual([])
    for (const { headers } of [ann, other])
      expect(await refusalOf(headers)).toBe('portal.link_refused')
    expect((await bob.get('/summary')).status).toBe(200)
  })

  test('is refused while its organization waits to be erased', async () => {
    const [deleted_at, erase_at] = [new Date(), new Date('2026-06-01T00:00:00Z')]
    await inOwnTransaction((tx) =>
      tx
        .updateTable('organizations')
        .set({ deleted_at, erase_at })
        .where('id', '=', (eb) =>
          eb.selectFrom('environments').select('organization_id').where('env_id', '=', app.envId),
        )
        .execute(),
    )
    expect(await refusalOf(ann.headers)).toBe('portal.link_refused')
  })

  test('is worth nothing with another token, another name, another page or without its header', async () => {
    const bob = await app.visit('bob')
    const { cookie } = ann.headers
    const last = ann.token.at(-1) === 'a' ? 'b' : 'a'
    const tampered = `uf-portal-${ann.link}=${ann.token.slice(0, -1)}${last}`.replace(
      /^/,
      '__Secure-',
    )
    expect(await refusalOf({ ...ann.headers, cookie: tampered })).toBe('portal.link_refused')
    const crossed = `__Secure-uf-portal-${ann.link}=${bob.token}`
    expect(await refusalOf({ ...ann.headers, cookie: crossed })).toBe('portal.link_refused')
    expect(await refusalOf({ ...ann.headers, 'usageflow-portal': bob.link })).toBe(
      'portal.link_refused',
    )
    expect(await refusalOf({ cookie: cookie ?? '' })).toBe('portal.link_missing')
    expect(await refusalOf({ ...ann.headers, 'sec-fetch-site': 'cross-site' })).toBe(
      'auth.origin_refused',
    )
  })

  test('leaves a cookie that only the portal is sent, that no script reads and that ends with it', async () => {
    const { headers } = await app.send('POST', '/api/portal/v1/open', {
      body: { token: ann.token },
    })
    expect(headers['set-cookie']).toEqual([
      `__Secure-uf-portal-${ann.link}=${ann.token}; Path=/api/portal; Max-Age=86400; HttpOnly; SameSite=Strict; Secure`,
    ])
  })

  test('is for a day at most, and for no one but a customer', async () => {
    const path = '/customers/ann/portal-links'
    expect(await app.refused('POST', path, { expiresInSeconds: 86_401 })).toBe('request.malformed')
    expect(await app.refused('POST', path, { returnUrl: 'javascript:alert(1)' })).toBe(
      'request.malformed',
    )
    expect(await app.refused('POST', '/customers/nobody/portal-links', {})).toBe('customer.unknown')
    expect(await app.refused('POST', '/customers/%24root/portal-links', {})).toBe(
      'portal.root_has_none',
    )
  })

  test('stands in no log', async () => {
    await ann.get('/summary')
    await app.send('POST', '/api/portal/v1/open', { body: { token: `${ann.token}x` } })
    expect(app.logged()).not.toContain(ann.token.slice(4))
  })
})

describe('too much', () => {
  test('of one link is refused for a while, and of another is not', async () => {
    const bob = await app.visit('bob')
    for (let n = 0; n < 240; n += 1) await ann.get('/logo')
    const refused = await ann.get('/logo')
    expect([refused.status, refused.headers['retry-after']]).toEqual([429, '60'])
    expect((await bob.get('/logo')).status).toBe(200)
    app.at('2026-04-03T00:01:00Z')
    expect((await ann.get('/logo')).status).toBe(200)
  })

  test('of openings from one place is refused before the token is looked at', async () => {
    const open = () => app.send('POST', '/api/portal/v1/open', { body: { token: ann.token } })
    let last = await open()
    for (let n = 0; n < 60 && last.status === 200; n += 1) last = await open()
    expect([last.status, last.json.error.code]).toEqual([429, 'auth.too_many_tries'])
  })
})
