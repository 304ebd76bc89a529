import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, type Stage, settled } from './browser.ts'

/** What somebody may put where a name belongs. */
const HOSTILE = {
  script: '<script>window.brokenIn = true</script>',
  image: '<img src=x onerror="window.brokenIn = true">',
  link: 'javascript:window.brokenIn=true',
  formula: '=1+1',
  command: "@SUM(1+1)*cmd|' /C calc'!A0",
  turned: 'a\u202Egpj.exe',
  template: '{{7*7}}',
} as const

let stage: Stage
let places: readonly string[]

beforeAll(async () => {
  stage = await openStage()
  const texts = Object.entries(HOSTILE)
  const invoices: string[] = []
  for (const [id, text] of texts) await fill(id, text)
  const { data } = (await stage.call('GET', '/invoices?customerId=acme&limit=1')) as {
    data: { id: string }[]
  }
  for (const { id } of data) invoices.push(`/invoices/${id}`)
  const endpoints = await endpointPages()
  places = [
    ...['', '/events', '/meters', '/plans', '/plans/new', '/customers', '/subscriptions'],
    ...['/invoices', '/alerts', '/webhooks', '/team', '/keys', '/audit', '/settings'],
    ...['/settings?tab=documents', '/settings?tab=organization', '/settings?tab=portal'],
    ...['/subscriptions/new', '/settings/delete', '/credits', '/credits?tab=grants'],
    ...['/endpoints', '/applications', '/policies', '/policies/new', '/strategies', '/blocks'],
    ...invoices,
    ...endpoints,
    ...texts.flatMap(([id]) => [
      ...[`/customers/h-${id}`, `/customers/h-${id}?tab=credits`, `/customers/h-${id}?tab=details`],
      ...[`/customers/h-${id}?tab=timeline`, `/credits/h-${id}`, `/events?customerId=h-${id}`],
      ...[`/meters/H_${id}`, `/plans/h-${id}`, `/plans/h-${id}/new-version`],
      ...[`/plans/h-${id}/simulate`, `/plans/h-${id}/move`],
      ...[`/policies/h-${id}`, `/policies/h-${id}/change`],
    ]),
  ]
}, 300_000)

afterAll(() => stage.close())

async function endpointPages(): Promise<readonly string[]> {
  const { data } = (await stage.call('GET', '/control/endpoints')) as {
    data: { id: string; application: string }[]
  }
  const columns = 'columns=agent,query'
  return data.flatMap(({ id, application }) => [
    ...[`/endpoints/${id}`, `/endpoints/${id}?tab=customers`],
    ...[`/endpoints/${id}?tab=requests&${columns}`],
    `/applications/${encodeURIComponent(application)}?tab=processes`,
  ])
}

/** The text in every field that takes one. */
async function fill(id: string, text: string): Promise<void> {
  const { call, owner, organizationId } = stage
  const customerId = `h-${id}`
  await call('POST', '/customers', { customerId, name: text, address: [text, text] })
  await call('POST', '/customers', { customerId: `${text} ${id}`, name: text })
  await call('POST', '/meters', { key: `H_${id}`, name: text, unit: text.slice(0, 20) })
  const price = { meter: `H_${id}`, model: 'per_unit', unitPrice: '0.01' }
  await call('POST', '/plans', {
    ...{ key: `h-${id}`, name: text, currency: 'USD', cycle: 'month', basePrice: '1' },
    prices: [price],
  })
  await call('POST', '/events', {
    name: `H_${id}`,
    customerId,
    amount: 1,
    metadata: { endpoint: text, model: text },
  })
  await call('POST', '/subscriptions', { customerId, plan: `h-${id}` })
  await call('POST', `/customers/${customerId}/credits`, {
    meter: `H_${id}`,
    units: '1',
    name: text,
  })
  await call('POST', '/alerts', { name: text, kind: 'spend', currency: 'USD', thresholds: ['5'] })
  await call('POST', '/webhook-endpoints', {
    url: `${stage.receiver.url}/${id}`,
    eventTypes: ['credits.*'],
    description: text,
  })
  await call('PATCH', '/settings/billing', { sellerName: text, sellerAddress: [text], note: text })
  await reportOf(text)
  await holdBy(id, text)
  const organization = `/api/v1/organizations/${organizationId}`
  await owner.call('POST', `${organization}/keys`, {
    mode: 'test',
    name: text,
    scopes: ['usage:read'],
  })
  await owner.call('PATCH', organization, { name: text })
  await owner.call('PATCH', '/api/v1/session/user', { name: text })
}

/** What an application and its clients may call themselves, and what is asked for. */
async function reportOf(text: string): Promise<void> {
  const [at, said] = [new Date().toISOString(), { method: text.slice(0, 32), route: text }]
  const producer = `process-${text.length}`
  await stage.call('POST', '/control/reports', {
    ...{ application: text, producer, sequence: 1, agent: text },
    statistics: [
      { ...said, minute: at, customerId: text, requests: 1, statuses: { 200: 1 }, latency: {} },
    ],
    samples: [
      {
        ...{ ...said, at, status: 200, durationMs: 1, customerId: text },
        ...{ clientAddress: text, userAgent: text, queryNames: [text] },
      },
    ],
  })
}

/** What somebody may write of what holds. */
async function holdBy(id: string, text: string): Promise<void> {
  const { call } = stage
  const named = { key: `h-${id}`, name: text }
  await call('POST', '/control/strategies', { ...named, sources: [{ from: 'query', name: text }] })
  await call('POST', '/control/policies', {
    ...{ ...named, url: `/${id}`, strategy: `h-${id}`, application: text },
    metering: [{ event: text }],
  })
  await call('POST', '/control/blocks', { kind: 'customer', id: `h-${id}`, reason: text })
}

test('hostile text is shown and never run, on every page', async () => {
  const { page, complaints } = await stage.open()
  const opened = await listened(page)
  const found: Record<string, unknown> = {}
  for (const path of places) {
    await page.goto(stage.place(path))
    await settled(page)
    const traces = [...complaints.splice(0), ...opened.splice(0), ...(await tracesOf(page))]
    if (traces.length > 0) found[path] = traces
  }
  expect(found).toEqual({})
  await page.goto(stage.place('/customers/h-script'))
  await page.getByRole('heading', { name: HOSTILE.script }).waitFor()
  await page.context().close()
}, 600_000)

test('hostile text is shown and never run in the portal', async () => {
  const { page, complaints } = await stage.openAsStranger()
  const opened = await listened(page)
  const found: Record<string, unknown> = {}
  for (const [id, text] of Object.entries(HOSTILE)) {
    const { url } = (await stage.call('POST', `/customers/h-${id}/portal-links`, {})) as {
      url: string
    }
    await page.goto(url)
    await page.getByText(text, { exact: false }).first().waitFor()
    await settled(page)
    const said = complaints.splice(0).filter((each) => !each.includes('status of 401')) // nobody is signed in
    const traces = [...said, ...opened.splice(0), ...(await tracesOf(page))]
    if (traces.length > 0) found[id] = traces
  }
  expect(found).toEqual({})
  await page.context().close()
}, 600_000)

/** Notes what the page's policy refused, and returns what it asked in dialogs. */
async function listened(page: Page): Promise<string[]> {
  await page.addInitScript(() => {
    const own = window as unknown as { refused: string[] }
    own.refused = []
    document.addEventListener('securitypolicyviolation', ({ blockedURI }) =>
      own.refused.push(blockedURI),
    )
  })
  const opened: string[] = []
  page.on('dialog', (dialog) => {
    opened.push(dialog.message())
    void dialog.dismiss()
  })
  return opened
}

/** What would show that a text became more than text. */
async function tracesOf(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const own = window as unknown as { brokenIn?: boolean; refused: string[] }
    const links = [...document.querySelectorAll('a[href], form[action], iframe')]
      .map((one) => one.getAttribute('href') ?? one.outerHTML)
      .filter((target) => !/^(\/|#|https?:)/.test(target))
    const alien = document.querySelectorAll('img[src="x"], #root script, [onerror]').length
    return [
      ...own.refused,
      ...links,
      ...(own.brokenIn ? ['a script ran'] : []),
      ...(alien > 0 ? [`${alien} elements of a text`] : []),
    ]
  })
}

test('a spreadsheet takes no cell of an export for a formula', async () => {
  const { page } = await stage.open()
  for (const path of ['/customers', '/plans', '/alerts']) {
    await page.goto(stage.place(path))
    await settled(page)
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export' }).first().click(),
    ])
    const text = readFileSync(await file.path(), 'utf8')
    expect(text).toContain("'=1+1")
    expect(text).not.toMatch(/(^|,|\n)"?[=@]/)
  }
  await page.context().close()
})

test('a name that turns text around turns nothing beside it', async () => {
  const { page } = await stage.open()
  await page.goto(stage.place('/team'))
  await settled(page)
  const isolating = await page
    .getByRole('cell')
    .filter({ hasText: '{{7*7}}' })
    .locator('bdi')
    .first()
    .evaluate((one) => getComputedStyle(one).unicodeBidi)
  expect(isolating).toBe('isolate')
  await page.context().close()
})
