import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Route } from '../../src/platform/http/route.ts'
import { BODIES, filled, nameOf, parametersOf, QUERIES, unknownLike } from './route-paths.ts'
import {
  type Answer,
  anOrganization,
  type Organization,
  type RunningApp,
  runApp,
} from './running-app.ts'
import { type Belongings, liveThrough } from './tenant.ts'

let app: RunningApp
let victim: Organization
let stranger: Organization
let theirs: Belongings
let mine: Belongings

beforeAll(async () => {
  app = await runApp()
  victim = await anOrganization('Victim')
  stranger = await anOrganization('Stranger')
  ;[theirs, mine] = await Promise.all([
    liveThrough(app, victim.testKey, 'canaryV'),
    liveThrough(app, stranger.testKey, 'canaryS'),
  ])
})

afterAll(() => app.stop())

/** The keys of those to whom the victim's test environment is closed, its own organization's live key among them. */
function outsiders(): [string, string][] {
  return [
    ['another organization', stranger.testKey],
    ['the live environment of another', stranger.liveKey],
    ['the live environment of the same', victim.liveKey],
  ]
}

/** The text of an answer without what differs between any two, and without the id that was asked for. */
function comparable({ status, text }: Answer, id: string): string {
  const plain = text.replace(/"requestId":"req_[0-9a-z]{26}"/, '').replaceAll(id, '<id>')
  return `${status} ${plain}`
}

test('a foreign id is for every route the same as an unknown one, and the thing stays as it is', {
  timeout: 120_000,
}, async () => {
  const before = await holdings()
  const tried = new Set<string>()
  for (const route of app.routes) {
    const [main] = parametersOf(route.path)
    if (main === undefined) continue
    const known = theirs.ids[main]
    const body = BODIES[nameOf(route)]
    expect(known, `tenant.ts makes nothing that ${route.path} could name`).toBeDefined()
    expect(body !== undefined || !route.body, `${nameOf(route)} has no body`).toBe(true)
    for (const id of known ?? []) {
      const ask = (key: string, text: string) =>
        app.call(
          route.method,
          filled(route.path, (name) => (name === main ? text : '1')) +
            (QUERIES[nameOf(route)] ?? ''),
          { key, body },
        )
      for (const [who, key] of outsiders()) {
        const what = `${nameOf(route)} for ${id} by ${who}`
        const unknown = unknownLike(id)
        const [foreign, none] = [await ask(key, id), await ask(key, unknown)]
        expect(foreign.status, `${what}: ${foreign.text}`).toBe(404)
        expect(comparable(foreign, id), what).toBe(comparable(none, unknown))
      }
    }
    tried.add(nameOf(route))
  }
  expect(tried.size).toBeGreaterThanOrEqual(28)
  expect(await holdings()).toBe(before)
})

/** Everything that the victim can read of what it has, without the moment at which it reads. */
async function holdings(): Promise<string> {
  const texts: string[] = []
  for (const { path } of app.routes.filter(isReadable)) {
    const filter = path === '/api/v1/events' ? `?customerId=${theirs.ids.customerId?.[0]}` : ''
    const target = filled(path, (name) => theirs.ids[name]?.[0] ?? name) + filter
    const { text } = await app.call('GET', target, { key: victim.testKey })
    texts.push(
      `${target} ${text.replace(/"(asOf|now|requestId|lagSeconds|processes|agents)":("[^"]*"|[\d.]+|\[[^\]]*\])/g, '')}`,
    )
  }
  return texts.join('\n')
}

function isReadable({ method, path }: Route): boolean {
  return method === 'GET' && path !== '/api/v1/events/tail'
}

const pricedBy = (meter: string) => ({
  currency: 'USD',
  cycle: 'month',
  prices: [{ meter, model: 'per_unit', unitPrice: '1' }],
})

type Reference = { readonly parameter: string; readonly body?: (id: string) => unknown }

/** What else than a path can name somebody's thing. The caller has everything else that is needed. */
const references: [string, Reference][] = [
  [
    'POST /api/v1/plans',
    { parameter: 'meter', body: (id) => ({ key: 'x', name: 'x', ...pricedBy(id) }) },
  ],
  ['POST /api/v1/plans/:plan/versions', { parameter: 'meter', body: pricedBy }],
  ['POST /api/v1/subscriptions', { parameter: 'plan', body: (plan) => ({ plan }) }],
  [
    'POST /api/v1/subscriptions',
    { parameter: 'customerId', body: (customerId) => ({ customerId, plan: 'canaryS-pro' }) },
  ],
  [
    'POST /api/v1/customers',
    { parameter: 'customerId', body: (parentId) => ({ customerId: 'new', parentId }) },
  ],
  [
    'PATCH /api/v1/customers/canaryS customer',
    { parameter: 'customerId', body: (parentId) => ({ parentId }) },
  ],
  [
    'PATCH /api/v1/customers/canaryS customer',
    { parameter: 'taxRate', body: (taxRate) => ({ taxRate }) },
  ],
  [
    'POST /api/v1/subscriptions/:subscriptionId/add-ons',
    { parameter: 'addOn', body: (addOn) => ({ addOn }) },
  ],
  [
    'POST /api/v1/events',
    { parameter: 'importId', body: (importId) => ({ name: 'x', customerId: 'y', importId }) },
  ],
  [
    'PATCH /api/v1/control/policies/:policy',
    { parameter: 'strategy', body: (strategy) => ({ strategy }) },
  ],
  ['GET /api/v1/usage?from=2026-03-01T00:00:00Z&meter=:meter', { parameter: 'meter' }],
]

test.each(references)(
  'a foreign id in %s is the same as an unknown one',
  async (route, { parameter, body }) => {
    const [method = '', ...rest] = route.split(' ')
    for (const id of theirs.ids[parameter] ?? []) {
      const ask = (text: string) => {
        const path = filled(rest.join(' '), (name) =>
          name === parameter ? text : (mine.ids[name]?.[0] ?? ''),
        )
        return app.call(method, path, { key: stranger.testKey, body: body?.(text) })
      }
      const unknown = unknownLike(id)
      const [foreign, none] = [await ask(id), await ask(unknown)]
      expect([404, 422], `${id}: ${foreign.text}`).toContain(foreign.status)
      expect(comparable(foreign, id)).toBe(comparable(none, unknown))
    }
  },
)

test('no list shows anything foreign, whatever filter or cursor is brought from there', async () => {
  const lists = app.routes.filter(
    (route) => isReadable(route) && parametersOf(route.path).length === 0,
  )
  for (const { path } of lists) {
    const theirPage = await app.call('GET', `${path}?limit=1`, { key: victim.testKey })
    const cursor = theirPage.json?.nextCursor ?? 'none'
    for (const query of [{}, { cursor }, ...foreignFilters()])
      await expectNothingForeign(path, query)
  }
})

function foreignFilters(): Record<string, string>[] {
  return Object.entries(theirs.ids).flatMap(([name, ids]) => ids.map((id) => ({ [name]: id })))
}

/** A refusal may repeat what was asked for, and nothing else. */
async function expectNothingForeign(path: string, query: Record<string, string>): Promise<void> {
  const all = path === '/api/v1/events' ? { customerId: mine.ids.customerId?.[0] ?? '' } : {}
  const asked = { ...all, ...query }
  const target = `${path}?${new URLSearchParams(asked)}`
  const { text, status } = await app.call('GET', target, { key: stranger.testKey })
  expect([200, 400, 404], `${target}: ${text}`).toContain(status)
  const echoes = status === 200 ? '' : Object.values(asked).join(' ')
  const traces = [theirs.canary, victim.id, ...foreignFilters().flatMap(Object.values)]
  for (const trace of traces.filter((trace) => trace !== '1' && !echoes.includes(trace)))
    expect(text, target).not.toContain(trace)
}
