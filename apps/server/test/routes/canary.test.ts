import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Route } from '../../src/platform/http/route.ts'
import { firstOwner, inside } from '../accounts/browser.ts'
import { columnsWith, singEverywhere } from './canary.ts'
import { aMember, type Somebody } from './people.ts'
import { filled, nameOf } from './route-paths.ts'
import { anOrganization, type Organization, type RunningApp, runApp } from './running-app.ts'
import { type Belongings, liveThrough } from './tenant.ts'

const WAIT_MS_MAX = 60_000
const CANARY = 'canaryv' // in small letters: it is part of e-mail addresses too

let app: RunningApp
let victim: Organization
let stranger: Organization
let mine: Belongings
let victimsOwner: Somebody
let strangersOwner: Somebody

beforeAll(async () => {
  app = await runApp('open')
  victim = await anOrganization('Victim')
  stranger = await anOrganization('Stranger')
  await firstOwner(app)
  victimsOwner = await aMember(app, victim.id, 'OWNER', CANARY)
  strangersOwner = await aMember(app, stranger.id, 'OWNER', 'stranger')
  const [things, others] = await Promise.all([
    liveThrough(app, victim.testKey, CANARY),
    liveThrough(app, stranger.testKey, 'others'),
  ])
  mine = others
  await singEverywhere(app, { organization: victim, owner: victimsOwner, things })
})

afterAll(() => app.stop())

/** Texts that nobody outside chooses: ids, words of ours, figures, and what is hashed or sealed. */
const OURS =
  /\.(id|\w+_id|\w+_ids|kind|status|state|role|mode|cycle|currency|language|time_zone|duration|recurring|aggregation|rounding|late_usage|settlement|origin|source|provider|scope|scopes|type|level|pace|span|action|actor_\w+|prefix|last_four|number|rule|ref|token|\w+_token|password|hash|anchor_\w+|unknown_meters|disabled_reason|parked_reason|event_types|thresholds?|route|caller|filter_path|failure_code|created_by|invited_by|ended_as|last_error|system_identifier|reference|idempotency_key|method_\w+|except_of|rolled_from|refund_of|subject|image|credits|overrides|error|ip_address|accent_color|method|without_answer|status_classes|statuses|latency|identity_kind)$/
const OURS_IN_FULL = [
  'sign_on_connections.issuer', // an address at which an issuer of that very name has answered
  'sign_on_identities.issuer', // the same
  'sign_on_domains.domain', // allowed at the command line
  'schema_migrations.name',
  'event_cursors.name',
  'verifications.identifier',
  'verifications.value',
  'two_factors.secret',
  'two_factors.backup_codes',
  'report_producers.usage', // figures
  ...['payments.provider_ref', 'payments.provider_account'], // of providers
  ...['payments.action_url', 'disputes.reason'], // as above
  ...['payment_methods.label', 'payment_methods.expires_on'],
  'payment_methods.left_account', // of a provider
  ...['stripe_connections.event_type', 'stripe_connections.error_code'],
  ...['stripe_customers.customer_ref', 'stripe_events.event_ref'],
  ...['stripe_triggers.price_ref', 'stripe_triggers.stripe_meter_ref'],
  ...['stripe_triggers.customer_key', 'stripe_triggers.value_key'],
  ...['stripe_sync_records.reason', 'stripe_sync_records.identifier'],
  ...['stripe_sync_records.customer_ref', 'stripe_sync_records.item_ref'],
  ...['stripe_triggers.proration_behavior', 'stripe_triggers.collection_method'],
  ...['stripe_invoices.reason', 'stripe_invoices.customer_ref', 'stripe_invoices.invoice_ref'],
  ...['stripe_invoices.invoice_status', 'stripe_invoice_items.item_ref'],
]

/** Copies of a customer's name that appear only when something late, low or unpaid happens. */
const COPIES =
  /^(alert_states|credit_notices|late_hours|top_ups|customer_late_watches)\.customer$|^invoice_lines\.dimension$/

test('stands in every text column that somebody outside can write', async () => {
  const expected = (columns: Map<string, boolean>) =>
    [...columns]
      .filter(([name, isThere]) => !isThere && !OURS.test(name) && !COPIES.test(name))
      .map(([name]) => name)
      .filter((name) => !OURS_IN_FULL.includes(name))
  const giveUpMs = performance.now() + WAIT_MS_MAX // what is rolled up comes a moment later
  let silent = expected(await columnsWith(CANARY))
  while (silent.length > 0 && performance.now() < giveUpMs) {
    await sleep(500)
    silent = expected(await columnsWith(CANARY))
  }
  expect(silent, 'write the canary there in canary.ts, or say that the text is ours').toEqual([])
})

/** Whoever must not see it: by key, by session, and the same organization from its other environment. */
function others(): [string, Record<string, string>][] {
  const session = (mode: 'live' | 'test') => ({
    cookie: strangersOwner.browser.cookieHeader(),
    ...{ origin: app.address, 'sec-fetch-site': 'same-origin' },
    ...inside(stranger.id, mode),
  })
  return [
    ['another organization', { 'x-usageflow-api-key': stranger.testKey }],
    ['the live environment of another', { 'x-usageflow-api-key': stranger.liveKey }],
    ['the live environment of the same', { 'x-usageflow-api-key': victim.liveKey }],
    ['a person of another organization', session('test')],
  ]
}

const isRead = ({ method, path }: Route): boolean =>
  method === 'GET' && path !== '/api/v1/events/tail'

/** Documents of both environments bear the name of their organization until another is set. */
const ITS_NAME = new RegExp(`"sellerName":"${CANARY}"`)

async function read(path: string, headers: Record<string, string>): Promise<string> {
  const answer = await fetch(`${app.address}${path}`, { headers })
  return `${answer.status} ${JSON.stringify([...answer.headers])} ${await answer.text()}`
}

test('is found in no answer to anybody else', async () => {
  let reads = 0
  const own = (name: string) =>
    name === 'organizationId' ? stranger.id : (mine.ids[name]?.[0] ?? 'none')
  const targets = [...app.routes, ...app.accountRoutes].filter(isRead).flatMap((route) => {
    const path = filled(route.path, own)
    const customer = `customerId=${encodeURIComponent(mine.ids.customerId?.[0] ?? '')}`
    const json = [path, `${path}?${customer}`, `${path}?format=ndjson`]
    return [
      ...json.map((target) => ({ target, accept: 'application/json', name: nameOf(route) })),
      ...['application/x-ndjson', 'text/csv'].map((accept) => ({
        ...{ target: path, accept, name: nameOf(route) },
      })),
    ]
  })
  for (const { target, accept, name } of targets) {
    if (name.endsWith('/development/outbox')) continue // the messages of all, on a developer's own machine
    await Promise.all(
      others().map(async ([who, headers]) => {
        const text = await read(target, { ...headers, accept })
        expect(text.replace(ITS_NAME, ''), `${target} to ${who}`).not.toContain(CANARY)
        reads += 1
      }),
    )
  }
  for (const path of app.publicPaths.filter((one) => one.startsWith('GET ')))
    expect(await read(path.slice(4), {}), path).not.toContain(CANARY)
  expect(reads).toBeGreaterThan(500)
})

test('is found in no live tail of anybody else', async () => {
  const stop = new AbortController()
  const headers = { 'x-usageflow-api-key': stranger.testKey }
  const answer = await fetch(`${app.address}/api/v1/events/tail`, { headers, signal: stop.signal })
  const event = (customerId: string, key: string) => ({
    key,
    body: { name: `${customerId}.calls`, customerId, idempotencyKey: `${customerId}-tail` },
  })
  await app.call('POST', '/api/v1/events', event(CANARY, victim.testKey))
  await app.call('POST', '/api/v1/events', event('others', stranger.testKey))
  const decoder = new TextDecoder()
  let seen = ''
  for await (const chunk of answer.body ?? []) {
    seen += decoder.decode(chunk, { stream: true })
    if (seen.includes('others-tail')) break
  }
  stop.abort()
  expect(seen).toContain('others.calls')
  expect(seen).not.toContain(CANARY)
})

test('is found in no webhook of another, in no log and in no figure for operators', async () => {
  const to = (path: string) => app.received.filter((one) => one.path.endsWith(`/${path}`))
  expect(to(CANARY).length).toBeGreaterThan(0)
  expect(to('others').length).toBeGreaterThan(0)
  for (const { text } of to('others')) expect(text).not.toContain(CANARY)
  const toPeople = /"msg":"a message to a person: no mail server is set"/ // shown on purpose
  const logged = app.logged().split('\n')
  expect(logged.length).toBeGreaterThan(1)
  for (const line of logged.filter((one) => !toPeople.test(one))) expect(line).not.toContain(CANARY)
  const metrics = await app.metrics()
  expect(metrics).toContain('usageflow')
  expect(metrics).not.toContain(CANARY)
})

test('may be what another calls their own things', async () => {
  const named = { key: `${CANARY}.calls`, name: 'ours' }
  const made = await app.call('POST', '/api/v1/meters', { key: stranger.testKey, body: named })
  expect(made.status).toBe(201)
  const customer = { customerId: `${CANARY} customer` }
  const declared = await app.call('POST', '/api/v1/customers', {
    key: stranger.testKey,
    body: customer,
  })
  expect(declared).toMatchObject({ status: 201, json: { name: '', email: null } })
})
