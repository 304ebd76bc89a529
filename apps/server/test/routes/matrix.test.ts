import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { revokeApiKey } from '../../src/identity/create-api-key.ts'
import { PERMISSIONS, ROLES } from '../../src/identity/roles.ts'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { SCOPES } from '../../src/platform/http/caller.ts'
import type { Route } from '../../src/platform/http/route.ts'
import { firstOwner, inside } from '../accounts/browser.ts'
import { join } from '../accounts/people.ts'
import { aMember, type Somebody } from './people.ts'
import { BODIES, filled, nameOf, parametersOf, QUERIES, unknownLike } from './route-paths.ts'
import { aKey, anOrganization, type Organization, type RunningApp, runApp } from './running-app.ts'
import { type Belongings, liveThrough } from './tenant.ts'
import { PUBLIC_PATHS, ROLES_THAT_MAY, ROUTES_THAT_TAKE, type TruthRole } from './truth.ts'

/** What a route takes, by its name, as the table of the tests has it. */
const TAKES = new Map(
  Object.entries(ROUTES_THAT_TAKE).flatMap(([what, names]) => names.map((name) => [name, what])),
)

type Seen = { readonly status: number; readonly text: string; readonly code: string | undefined }

/** Somebody who calls a route, and what the table says they are told: null lets them in. */
type Actor = {
  readonly who: string
  readonly headers: Readonly<Record<string, string>>
  refusal(takes: string): string | null
}

let app: RunningApp
let victim: Organization
let stranger: Organization
let theirs: Belongings
let strangersOwner: Somebody
const members = new Map<TruthRole, Somebody>()

beforeAll(async () => {
  app = await runApp('open')
  victim = await anOrganization('Victim')
  stranger = await anOrganization('Stranger')
  const { ids, canary } = await liveThrough(app, victim.testKey, 'canaryV')
  await firstOwner(app)
  for (const role of ROLES) members.set(role, await aMember(app, victim.id, role))
  strangersOwner = await aMember(app, stranger.id, 'OWNER', 'stranger')
  theirs = { canary, ids: { ...ids, ...(await belongings()) } }
})

afterAll(() => app.stop())

/** One of everything that belongs to the organization itself. */
async function belongings(): Promise<Belongings['ids']> {
  const { browser, userId } = as('OWNER')
  const base = `/api/v1/organizations/${victim.id}`
  const invitation = { email: 'invited@example.com', role: 'VIEWER' }
  const { json } = await browser.post(`${base}/invitations`, invitation)
  const { id: keyId } = await aKey(victim.test, ['usage:read'])
  const sessionId = (await browser.get('/api/v1/session')).json.session.id
  return {
    organizationId: [victim.id],
    userId: [userId],
    invitationId: [json.id],
    keyId: [keyId],
    sessionId: [sessionId],
  }
}

function as(role: TruthRole): Somebody {
  const member = members.get(role)
  if (!member) throw new Error(`nobody is ${role}`)
  return member
}

const allRoutes = (): readonly Route[] => [...app.routes, ...app.accountRoutes, ...app.portalRoutes]
const takesOf = (route: Route): string => TAKES.get(nameOf(route)) ?? 'is in no table'
const isOfEnvironment = (takes: string): boolean => (SCOPES as readonly string[]).includes(takes)
const isOpen = (takes: string): boolean => takes === 'anybody'
const own = (parameter: string): string => theirs.ids[parameter]?.[0] ?? '1'

async function ask(
  route: Route,
  choose: (parameter: string) => string,
  { headers, method = route.method }: { headers: Actor['headers']; method?: string },
): Promise<Seen> {
  const stop = new AbortController()
  const body = route.body ? JSON.stringify(BODIES[nameOf(route)] ?? {}) : null
  const answer = await fetch(
    `${app.address}${filled(route.path, choose)}${QUERIES[nameOf(route)] ?? ''}`,
    {
      method,
      headers: { ...(body ? { 'content-type': 'application/json' } : {}), ...headers },
      ...(body ? { body } : {}),
      signal: stop.signal,
    },
  )
  const isEndless = answer.headers.get('content-type')?.startsWith('text/event-stream')
  const text = isEndless ? '' : await answer.text()
  stop.abort()
  const told = text.startsWith('{"error"') ? JSON.parse(text).error.code : undefined
  const code = answer.headers.get('usageflow-error') ?? told
  return { status: answer.status, text, code }
}

/** The headers that a page of ours sends with every call of somebody who has signed in. */
function paging({ browser }: Somebody, organizationId = victim.id): Actor['headers'] {
  const cookie = browser.cookieHeader()
  const origin = { origin: app.address, 'sec-fetch-site': 'same-origin' }
  return { cookie, ...origin, ...inside(organizationId) }
}

function byKey(who: string, key: string, refused: string): Actor {
  const refusal = (takes: string) => (isOfEnvironment(takes) ? refused : 'auth.session_missing')
  return { who, headers: { 'x-usageflow-api-key': key }, refusal }
}

/** A link to the portal of one of the organization's customers, opened. */
async function aLink(): Promise<Actor['headers']> {
  const path = `/api/v1/customers/${encodeURIComponent(own('customerId'))}/portal-links`
  const made = await app.call('POST', path, { key: victim.testKey, body: {} })
  const token = new URL(made.json.url).hash.slice(1)
  return { cookie: `uf-portal-${made.json.id}=${token}`, 'usageflow-portal': made.json.id }
}

function byLink(headers: Actor['headers']): Actor {
  const refusal = (takes: string) =>
    isOfEnvironment(takes) ? 'auth.key_missing' : 'auth.session_missing'
  return { who: 'a visitor of the portal', headers, refusal }
}

function signedOut(who: string, headers: Actor['headers']): Actor {
  return { who, headers, refusal: () => 'auth.session_refused' }
}

function outsider(who: string, headers: Actor['headers']): Actor {
  const refusal = (takes: string) => (takes === 'signed_in' ? null : 'organization.unknown')
  return { who, headers, refusal }
}

function byRole(role: TruthRole): Actor {
  const refusal = (takes: string) =>
    takes === 'signed_in' || ROLES_THAT_MAY[takes]?.includes(role) ? null : 'auth.role_forbids'
  return { who: `the ${role}`, headers: paging(as(role)), refusal }
}

/** Sessions that were good once. */
async function endedSessions(): Promise<Actor[]> {
  const [expired, idle, out] = [
    await aMember(app, victim.id, 'OWNER', 'expired'),
    await aMember(app, victim.id, 'OWNER', 'idle'),
    await aMember(app, victim.id, 'OWNER', 'out'),
  ]
  const headersOut = paging(out)
  await out.browser.post('/api/auth/sign-out')
  const past = new Date(Date.now() - 8 * 24 * 3_600_000)
  await inOwnTransaction(async (tx) => {
    const sessions = tx.updateTable('sessions')
    await sessions.set({ expires_at: past }).where('user_id', '=', expired.userId).execute()
    await sessions.set({ last_seen_at: past }).where('user_id', '=', idle.userId).execute()
  })
  return [
    signedOut('an expired session', paging(expired)),
    signedOut('an idle session', paging(idle)),
    signedOut('a session signed out', headersOut),
    signedOut('no session at all', { ...paging(out), cookie: 'uf=garbage.garbage' }),
  ]
}

async function refusedActors(): Promise<Actor[]> {
  const { key: revoked, id } = await aKey(victim.test, SCOPES)
  await inOwnTransaction((tx) => revokeApiKey(tx, victim.id, id, new Date()))
  const removed = await aMember(app, victim.id, 'ADMIN', 'removed')
  await as('OWNER').browser.send(
    'DELETE',
    `/api/v1/organizations/${victim.id}/members/${removed.userId}`,
  )
  const both = { ...paging(as('OWNER')), 'x-usageflow-api-key': victim.testKey }
  const elsewhere = { ...paging(as('OWNER')), 'sec-fetch-site': 'cross-site' }
  const refusedAs = (who: string, headers: Actor['headers'], code: string): Actor => ({
    ...{ who, headers },
    refusal: () => code,
  })
  return [
    { ...byKey('nobody', '', 'auth.key_missing'), headers: {} },
    byKey('garbage', 'garbage', 'auth.key_refused'),
    byKey('a revoked key', revoked, 'auth.key_refused'),
    refusedAs('two credentials', both, 'auth.two_credentials'),
    refusedAs('a page of another site', elsewhere, 'auth.origin_refused'),
    ...(await endedSessions()),
    byLink(await aLink()),
    outsider('the owner of another organization', paging(strangersOwner)),
    outsider('a removed member', paging(removed)),
    ...ROLES.map(byRole),
  ]
}

describe('the table of the tests', () => {
  test('names every route that the router has, and nothing else', () => {
    expect([...TAKES.keys()].sort()).toEqual(allRoutes().map(nameOf).sort())
    const isOurs = (path: string) => !/^HEAD |\/docs\/api\/\*$/.test(path)
    expect(app.publicPaths.filter(isOurs).sort()).toEqual([...PUBLIC_PATHS].sort())
  })

  test('says of every route and role what the program says', () => {
    for (const route of allRoutes()) {
      const says = 'access' in route ? route.access : route.scope
      expect(says, nameOf(route)).toBe(takesOf(route))
    }
    const ofProgram = ROLES.flatMap((role) => [...PERMISSIONS[role]].map((one) => `${one} ${role}`))
    const ofTable = Object.entries(ROLES_THAT_MAY).flatMap(([one, roles]) =>
      roles.map((role) => `${one} ${role}`),
    )
    expect(ofProgram.sort()).toEqual(ofTable.sort())
  })
})

/** Nothing opens the portal but a link to it. */
function refusalOf({ headers, refusal }: Actor, takes: string): string | null {
  if (takes !== 'portal_link') return refusal(takes)
  return 'usageflow-portal' in headers ? null : 'portal.link_missing'
}

async function expectRefusal(route: Route, actor: Actor): Promise<void> {
  const { code, text } = await ask(route, own, actor)
  expect(code, `${nameOf(route)} to ${actor.who}: ${text}`).toBe(refusalOf(actor, takesOf(route)))
}

async function expectWelcome(route: Route, role: TruthRole): Promise<void> {
  const { headers, refusal } = byRole(role)
  const takes = takesOf(route)
  if (!isOpen(takes) && (takes === 'portal_link' || refusal(takes) !== null)) return
  const seen = await ask(route, route.method === 'GET' ? own : ownOrganization, { headers })
  const what = `${nameOf(route)} to the ${role}: ${seen.status} ${seen.text}`
  const takesToken = ['invitation.refused', 'portal.link_refused']
  if (isOpen(takes) && takesToken.includes(seen.code ?? '')) return
  if (route.method === 'GET' && !QUERIES[nameOf(route)])
    expect([200, 400], what).toContain(seen.status)
  expect([401, 403, 500], what).not.toContain(seen.status)
  await join(victim.id, as(role).userId, role) // they may have left
}

describe('every route', () => {
  test('refuses whom the table refuses, and changes nothing for them', async () => {
    const actors = await refusedActors()
    const before = await written()
    let refusals = 0
    for (const route of allRoutes()) {
      const takes = takesOf(route)
      if (isOpen(takes)) continue
      const refused = actors.filter((actor) => refusalOf(actor, takes) !== null)
      await Promise.all(refused.map((actor) => expectRefusal(route, actor)))
      if (route.method === 'GET') {
        const { headers } = refused[0] ?? { headers: {} }
        const head = await ask(route, own, { headers, method: 'HEAD' })
        expect(head.status, `HEAD ${route.path}`).toBe(401)
      }
      refusals += refused.length
    }
    expect(refusals).toBeGreaterThan(TAKES.size * 10)
    expect(await written()).toBe(before)
  })

  test('lets in whom the table lets in', async () => {
    for (const route of allRoutes())
      await Promise.all(ROLES.map((role) => expectWelcome(route, role)))
  })
})

const ownOrganization = (parameter: string): string =>
  parameter === 'organizationId' ? victim.id : 'none'

/** How much the organization's log and lists hold. */
async function written(): Promise<string> {
  return inOwnTransaction(async (tx) => {
    const entries = await tx
      .selectFrom('audit_entries')
      .where('organization_id', '=', victim.id)
      .select('id')
      .execute()
    const events = await tx
      .selectFrom('usage_events')
      .where('env_id', '=', victim.test.envId)
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirst()
    return `${entries.length} ${events?.count}`
  })
}

describe('a foreign id', () => {
  /** The text of an answer without what differs between any two, and without the id that was asked for. */
  const comparable = ({ status, text }: Seen, id: string): string =>
    `${status} ${text.replace(/"requestId":"req_[0-9a-z]{26}"/, '').replaceAll(id, '<id>')}`

  async function expectUnknown(
    route: Route,
    { parameter, id, headers }: { parameter: string; id: string; headers: Actor['headers'] },
  ): Promise<void> {
    const unknown = unknownLike(id)
    const others = (name: string) => (name === 'organizationId' ? stranger.id : own(name))
    const named = (text: string) => (name: string) => (name === parameter ? text : others(name))
    const [foreign, none] = await Promise.all([
      ask(route, named(id), { headers }),
      ask(route, named(unknown), { headers }),
    ])
    const what = `${nameOf(route)} with the ${parameter} of another`
    expect(foreign.status, `${what}: ${foreign.text}`).toBe(404)
    expect(comparable(foreign, id), what).toBe(comparable(none, unknown))
  }

  test('is for a session the same as an unknown one, on every route that takes one', async () => {
    const headers = paging(strangersOwner, stranger.id)
    let compared = 0
    for (const route of [...app.routes, ...app.accountRoutes]) {
      for (const parameter of new Set(parametersOf(route.path))) {
        const id = own(parameter)
        if (id === '1') continue // a number that everybody has
        await expectUnknown(route, { parameter, id, headers })
        compared += 1
      }
    }
    expect(compared).toBeGreaterThan(90)
  })

  test('in a header, a query, a cursor or a body is so too', async () => {
    const { browser } = strangersOwner
    const base = `/api/v1/organizations/${stranger.id}`
    const sameAs = async (send: (id: string) => Promise<unknown>, id: string) => {
      const unknown = unknownLike(id)
      const plain = (answer: unknown, asked: string) =>
        JSON.stringify(answer)
          .replaceAll(asked, '<id>')
          .replace(/req_\w+/, '')
      expect(plain(await send(id), id)).toBe(plain(await send(unknown), unknown))
    }
    await sameAs((id) => browser.get('/api/v1/meters', inside(id)), victim.id)
    await sameAs((userId) => browser.post(`${base}/transfer`, { userId }), own('userId'))
    await sameAs((id) => browser.get(`${base}/audit?actor=${id}`), own('userId'))
    await sameAs((id) => browser.get(`${base}/audit?target=${id}`), own('keyId'))
    const { json } = await as('OWNER').browser.get(
      `/api/v1/organizations/${victim.id}/audit?limit=1`,
    )
    const paged = await browser.get(`${base}/audit?cursor=${json.nextCursor}`)
    expect(JSON.stringify(paged.json)).not.toContain(victim.id)
    expect(paged.json.data).toEqual([])
  })
})
