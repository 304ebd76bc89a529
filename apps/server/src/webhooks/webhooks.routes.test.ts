import { beforeAll, describe, expect, test } from 'vitest'
import { anEnvironment, inOwnTransaction, testDatabase } from '../platform/db/test-db.ts'
import { corpusNames, REFUSED_HOSTS, REFUSED_URLS } from '../platform/egress/test-ssrf-corpus.ts'
import { KEY, READER_KEY, serveForTest, type TestApp } from '../platform/http/test-app.ts'
import { sendTest } from './send-test.ts'
import { startTcp } from './test-receiver.ts'
import {
  aFact,
  anEndpoint,
  aReceiver,
  SEALER,
  someFacts,
  startWork,
  until,
  untilSettled,
} from './test-webhooks.ts'
import { webhookRoutes } from './webhooks.routes.ts'

const ENDPOINTS = '/api/v1/webhook-endpoints'
const DELIVERIES = '/api/v1/webhook-deliveries'
const URL_OK = 'https://public.test/hook'

function serve(allowedNetworks: readonly string[] = []): Promise<TestApp> {
  const routes = webhookRoutes({ sealer: SEALER, allowedNetworks, resolve: corpusNames })
  return serveForTest(routes, { sealer: SEALER })
}

/** A request of somebody who may do everything in the environment of `app`. */
function call(app: TestApp, method: string, path: string, body?: unknown) {
  return app.send(method, path, { headers: KEY, body })
}

async function aSavedEndpoint(app: TestApp, more: object = {}) {
  const { status, json } = await call(app, 'POST', ENDPOINTS, { url: URL_OK, ...more })
  expect(status).toBe(201)
  return json as { id: string; secret: string }
}

describe('POST /api/v1/webhook-endpoints', () => {
  test('shows the secret here and nowhere else', async () => {
    const app = await serve()
    const { id, secret } = await aSavedEndpoint(app, {
      eventTypes: ['invoice.*'],
      description: 'ERP',
    })
    expect(secret).toMatch(/^whsec_/)
    const read = await call(app, 'GET', `${ENDPOINTS}/${id}`)
    expect(read.json).toMatchObject({
      id,
      url: URL_OK,
      eventTypes: ['invoice.*'],
      description: 'ERP',
      status: 'enabled',
      disabledReason: null,
      failingSince: null,
    })
    const list = await call(app, 'GET', ENDPOINTS)
    for (const { text } of [read, list]) expect(text).not.toContain('whsec_')
    expect(app.logged()).not.toContain(secret)
  })

  test('keeps it sealed in the database', async () => {
    const app = await serve()
    const { id, secret } = await aSavedEndpoint(app)
    const { database } = await testDatabase()
    const rows = await database.kysely.selectFrom('webhook_secrets').selectAll().execute()
    const [row] = rows.filter((each) => each.endpoint_id === id)
    expect(row?.sealed.toString('latin1')).not.toContain(secret.slice(6))
    expect(SEALER.open(row?.sealed ?? Buffer.of(), `webhook secret ${app.envId} ${id} 1`)).toBe(
      secret,
    )
    expect(() => SEALER.open(row?.sealed ?? Buffer.of(), 'another')).toThrow()
  })

  test('refuses every URL of the corpus, and asks none of its hosts', async () => {
    const app = await serve()
    const canary = await startTcp('127.0.0.1')
    const urls = [
      ...REFUSED_URLS,
      ...REFUSED_HOSTS.flatMap((host) => [
        `https://${host}:${canary.port}/`,
        `http://${host}:${canary.port}/`,
      ]),
    ]
    const accepted: string[] = []
    for (const url of urls) {
      const { status } = await call(app, 'POST', ENDPOINTS, { url })
      expect([400, 422]).toContain(status)
      if (status < 400) accepted.push(url)
    }
    expect(accepted).toEqual([])
    expect(canary.connections()).toBe(0)
    await canary.close()
    expect((await call(app, 'GET', ENDPOINTS)).json.data).toEqual([])
  })

  test('answers the same for hosts that are private, unknown or both', async () => {
    const app = await serve()
    const hosts = [
      '10.0.0.1',
      'private.test',
      'unknown.test',
      'mixed.test',
      'metadata.google.internal',
    ]
    const answers = await Promise.all(
      hosts.map((host) => call(app, 'POST', ENDPOINTS, { url: `https://${host}/` })),
    )
    const errors = answers.map(({ json }) => ({ ...json.error, requestId: '' }))
    for (const error of errors) expect(error).toEqual(errors[0])
    expect(errors[0]).toMatchObject({ code: 'webhooks.url_unreachable' })
  })

  test.each([
    [{ eventTypes: ['invoice.payed'] }, 422, 'webhooks.event_types_unknown'],
    [{ eventTypes: ['*'] }, 422, 'webhooks.event_types_unknown'],
    [{ eventTypes: 'invoice.paid' }, 400, 'request.malformed'],
    [{ url: undefined }, 400, 'request.malformed'],
    [{ secret: 'whsec_mine' }, 400, 'request.malformed'],
    [{ description: 'x'.repeat(501) }, 400, 'request.malformed'],
  ])('refuses %j', async (change, status, code) => {
    const app = await serve()
    const answer = await call(app, 'POST', ENDPOINTS, { url: URL_OK, ...change })
    expect(answer).toMatchObject({ status, json: { error: { code } } })
  })

  test('names the known types to whoever used an unknown one', async () => {
    const app = await serve()
    const { json } = await call(app, 'POST', ENDPOINTS, { url: URL_OK, eventTypes: ['nope'] })
    expect(json.error.details).toMatchObject({ unknown: ['nope'] })
    expect(json.error.details.known).toContain('invoice.finalized')
  })

  test('gives a retry the same endpoint and secret, though its host has gone meanwhile', async () => {
    let isThere = true
    const resolve = async () => (isThere ? ['8.8.8.8'] : [])
    const routes = webhookRoutes({ sealer: SEALER, allowedNetworks: [], resolve })
    const app = await serveForTest(routes, { sealer: SEALER })
    const headers = { ...KEY, 'idempotency-key': 'once' }
    const create = () => app.send('POST', ENDPOINTS, { headers, body: { url: URL_OK } })
    const first = await create()
    isThere = false
    expect(await create()).toMatchObject({ status: 201, json: first.json })
  })

  test('makes no more than fifty in an environment', async () => {
    const app = await serve()
    for (let n = 0; n < 50; n++) await aSavedEndpoint(app)
    const answer = await call(app, 'POST', ENDPOINTS, { url: URL_OK })
    expect(answer).toMatchObject({
      status: 409,
      json: { error: { code: 'webhooks.endpoints_too_many' } },
    })
    const pages = [await call(app, 'GET', `${ENDPOINTS}?limit=30`)]
    pages.push(await call(app, 'GET', `${ENDPOINTS}?limit=30&cursor=${pages[0]?.json.nextCursor}`))
    const ids = pages.flatMap(({ json }) => json.data.map(({ id }: { id: string }) => id))
    expect(new Set(ids).size).toBe(50)
    expect(pages[1]?.json.nextCursor).toBeNull()
  })
})

describe('PATCH /api/v1/webhook-endpoints/:endpointId', () => {
  test('changes what is sent and keeps the rest', async () => {
    const app = await serve()
    const { id } = await aSavedEndpoint(app, { description: 'old', eventTypes: ['invoice.paid'] })
    const path = `${ENDPOINTS}/${id}`
    await call(app, 'PATCH', path, { description: 'new' })
    await call(app, 'PATCH', path, { url: 'https://public6.test/' })
    const { json } = await call(app, 'PATCH', path, { status: 'disabled' })
    expect(json).toMatchObject({
      url: 'https://public6.test/',
      description: 'new',
      eventTypes: ['invoice.paid'],
      status: 'disabled',
      disabledReason: 'manual',
    })
    const enabled = await call(app, 'PATCH', path, { status: 'enabled', eventTypes: [] })
    expect(enabled.json).toMatchObject({ status: 'enabled', disabledReason: null, eventTypes: [] })
  })

  test('judges a new URL as strictly as a first one', async () => {
    const app = await serve()
    const { id } = await aSavedEndpoint(app)
    const answer = await call(app, 'PATCH', `${ENDPOINTS}/${id}`, { url: 'https://127.0.0.1/' })
    expect(answer.status).toBe(422)
    expect((await call(app, 'GET', `${ENDPOINTS}/${id}`)).json.url).toBe(URL_OK)
  })
})

describe('POST …/rotate-secret', () => {
  test('gives a new secret each time, until too many are under way', async () => {
    const app = await serve()
    const { id, secret } = await aSavedEndpoint(app)
    const rotate = (body: object = {}) =>
      call(app, 'POST', `${ENDPOINTS}/${id}/rotate-secret`, body)
    const answers = [await rotate(), await rotate(), await rotate(), await rotate()]
    expect(new Set([secret, ...answers.map(({ json }) => json.secret)]).size).toBe(5)
    expect(await rotate()).toMatchObject({ status: 409 })
    expect(await rotate({ oldValidHours: 0 })).toMatchObject({ status: 201 })
    expect(await rotate()).toMatchObject({ status: 201 })
  })
})

describe('POST …/test', () => {
  test('answers the delivery, in whose log the reply of the receiver stands', async () => {
    const app = await serve(['127.0.0.0/8'])
    const receiver = await aReceiver((response) => response.writeHead(418).end('<b>short</b>\0'))
    const { id } = await aSavedEndpoint(app, { url: receiver.url })
    await startWork()
    const tested = await call(app, 'POST', `${ENDPOINTS}/${id}/test`)
    expect(tested.status).toBe(202)
    const path = `${DELIVERIES}/${tested.json.deliveryId}`
    await until(async () => (await call(app, 'GET', path)).json.log.length > 0)
    expect((await call(app, 'GET', path)).json).toMatchObject({
      endpointId: id,
      type: 'webhook.test',
      state: 'pending',
      attempts: 1,
      log: [{ status: 418, error: null, response: '<b>short</b>' }],
    })
  })

  test('is limited to ten a minute', async () => {
    const app = await serve()
    const { id } = await aSavedEndpoint(app)
    const test = () => call(app, 'POST', `${ENDPOINTS}/${id}/test`)
    for (let n = 0; n < 10; n++) expect((await test()).status).toBe(202)
    expect(await test()).toMatchObject({
      status: 429,
      json: { error: { code: 'webhooks.tests_too_many' } },
    })
  })

  test('refuses an endpoint that is disabled', async () => {
    const app = await serve()
    const { id } = await aSavedEndpoint(app)
    await call(app, 'PATCH', `${ENDPOINTS}/${id}`, { status: 'disabled' })
    expect((await call(app, 'POST', `${ENDPOINTS}/${id}/test`)).status).toBe(409)
  })
})

describe('deliveries and facts', () => {
  test('are listed latest first, by endpoint, fact and state, in pages without gaps', async () => {
    const app = await serve()
    const [good, bad] = [
      await aReceiver(),
      await aReceiver((response) => response.writeHead(410).end()),
    ]
    const first = await anEndpoint(app.envId, good.url)
    const second = await anEndpoint(app.envId, bad.url, ['invoice.paid'])
    await someFacts(app.envId, Array(7).fill({ type: 'invoice.created', data: { n: 1 } }))
    const paid = await aFact(app.envId, 'invoice.paid')
    await startWork()
    await until(() => bad.received.length === 1)
    await untilSettled(app.envId)

    const list = async (query: string) => (await call(app, 'GET', `${DELIVERIES}?${query}`)).json
    expect((await list(`factId=${paid}`)).data).toHaveLength(2)
    expect((await list(`endpointId=${second.endpoint.id}&state=failed`)).data).toMatchObject([
      { factId: paid, type: 'invoice.paid', attempts: 1 },
    ])
    const toFirst = `endpointId=${first.endpoint.id}&state=delivered&limit=6`
    const page = await list(toFirst)
    const rest = await list(`${toFirst}&cursor=${page.nextCursor}`)
    const ids: string[] = [...page.data, ...rest.data].map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)].sort().reverse())
    expect(ids.length).toBeGreaterThanOrEqual(8) // and perhaps the fact of the disabling
    expect((await list('state=delivered&factId=fact_unknown')).data).toEqual([])

    const facts = await call(app, 'GET', '/api/v1/facts?type=invoice.created&limit=5')
    expect(facts.json.data[0]).toMatchObject({ type: 'invoice.created', data: { n: 1 } })
    const more = await call(
      app,
      'GET',
      `/api/v1/facts?type=invoice.created&cursor=${facts.json.nextCursor}`,
    )
    expect([...facts.json.data, ...more.json.data]).toHaveLength(7)
    expect((await call(app, 'GET', `/api/v1/facts/${paid}`)).json.type).toBe('invoice.paid')
  })

  test('facts are told of one customer, and of that of one subscription or invoice', async () => {
    const app = await serve()
    const customerId = `ann ${crypto.randomUUID()}`
    const about = (data: object) => ({ type: 'invoice.created', data: { customerId, ...data } })
    await someFacts(app.envId, [
      about({ subscriptionId: 'sub_1', invoiceId: 'inv_1' }),
      about({ subscriptionId: 'sub_1', invoiceId: 'inv_2' }),
      about({ subscriptionId: 'sub_2' }),
      { type: 'invoice.paid', data: { customerId: 'bob', invoiceId: 'inv_1' } },
    ])
    const told = async (query: Record<string, string>) => {
      const { json } = await call(app, 'GET', `/api/v1/facts?${new URLSearchParams(query)}`)
      return json.data.map(({ data }: { data: Record<string, string> }) => data)
    }
    expect(await told({ customerId })).toHaveLength(3)
    expect(await told({ customerId, subscriptionId: 'sub_1' })).toHaveLength(2)
    expect(await told({ customerId, invoiceId: 'inv_1' })).toMatchObject([
      { customerId, subscriptionId: 'sub_1', invoiceId: 'inv_1' },
    ])
    expect(await told({ customerId, type: 'invoice.paid' })).toEqual([])
    expect(await told({ customerId: 'bob', subscriptionId: 'sub_1' })).toEqual([])
  })

  test.each([
    [`${DELIVERIES}?cursor=nonsense`],
    ['/api/v1/facts?invoiceId=inv_1'],
    ['/api/v1/facts?cursor=WyJ4IiwieSJd'], // two texts, but the first is no instant
    [`${DELIVERIES}?state=lost`],
    [`${DELIVERIES}?unknown=1`],
  ])('answer 400 to %s', async (path) => {
    const app = await serve()
    expect((await call(app, 'GET', path)).status).toBe(400)
  })

  test('a replay of a delivery to a deleted endpoint is refused', async () => {
    const app = await serve()
    const receiver = await aReceiver()
    const { endpoint } = await anEndpoint(app.envId, receiver.url)
    await aFact(app.envId)
    await startWork()
    await until(() => receiver.received.length === 1)
    await untilSettled(app.envId)
    const [{ id }] = (await call(app, 'GET', DELIVERIES)).json.data
    const replayed = await call(app, 'POST', `${DELIVERIES}/${id}/replay`)
    expect(replayed).toMatchObject({ status: 202, json: { id, state: 'pending', attempts: 0 } })
    await untilSettled(app.envId)
    expect((await call(app, 'DELETE', `${ENDPOINTS}/${endpoint.id}`)).status).toBe(200)
    expect((await call(app, 'POST', `${DELIVERIES}/${id}/replay`)).status).toBe(404)
    expect((await call(app, 'GET', `${ENDPOINTS}/${endpoint.id}`)).status).toBe(404)
  })
})

describe('another tenant', () => {
  let mine: { endpointId: string; deliveryId: string; factId: string }
  beforeAll(async () => {
    const env = await inOwnTransaction((tx) => anEnvironment(tx))
    const { endpoint } = await anEndpoint(env, 'https://public.test/')
    const factId = await aFact(env)
    const deliveryId = await inOwnTransaction((tx) => sendTest(tx, env, endpoint.id, new Date()))
    mine = { endpointId: endpoint.id, deliveryId, factId }
  })

  test.each([
    ['GET', `${ENDPOINTS}/:endpointId`],
    ['PATCH', `${ENDPOINTS}/:endpointId`],
    ['DELETE', `${ENDPOINTS}/:endpointId`],
    ['POST', `${ENDPOINTS}/:endpointId/rotate-secret`],
    ['POST', `${ENDPOINTS}/:endpointId/test`],
    ['GET', `${DELIVERIES}/:deliveryId`],
    ['POST', `${DELIVERIES}/:deliveryId/replay`],
    ['GET', '/api/v1/facts/:factId'],
  ])('gets from %s %s what an unknown id gives', async (method, path) => {
    const app = await serve()
    const at = (ids: typeof mine) =>
      path.replace(/:(\w+)/, (_, name: keyof typeof mine) => ids[name])
    const unknown = {
      endpointId: mine.endpointId.replace(/.{4}$/, '0000'),
      deliveryId: mine.deliveryId.replace(/.{4}$/, '0000'),
      factId: mine.factId.replace(/.{4}$/, '0000'),
    }
    const needsBody = method === 'PATCH' || path.endsWith('rotate-secret')
    const [theirs, nobodys] = await Promise.all(
      [mine, unknown].map((ids) => call(app, method, at(ids), needsBody ? {} : undefined)),
    )
    expect(theirs?.status).toBe(404)
    expect(theirs?.text.replace(/req_\w+/, '')).toBe(nobodys?.text.replace(/req_\w+/, ''))
  })

  test.each([
    `${DELIVERIES}?endpointId=:endpointId`,
    `${DELIVERIES}?factId=:factId`,
    ENDPOINTS,
    '/api/v1/facts',
  ])('finds nothing of ours in %s', async (path) => {
    const app = await serve()
    const query = path.replace(/:(\w+)/, (_, name: keyof typeof mine) => mine[name])
    expect((await call(app, 'GET', query)).json.data).toEqual([])
  })

  test('without the scope may not even look', async () => {
    const app = await serve()
    const answer = await app.send('GET', ENDPOINTS, { headers: READER_KEY })
    expect(answer.status).toBe(403)
  })
})
