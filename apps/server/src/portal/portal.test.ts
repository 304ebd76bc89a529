import { beforeEach, describe, expect, test } from 'vitest'
import { type PortalApp, portalApp, type Visit } from './test-portal.ts'

let app: PortalApp
let ann: Visit
beforeEach(async () => {
  app = await portalApp()
  ann = await app.visit('ann', { returnUrl: 'https://cloudai.example/account' })
})

describe('a customer with a link', () => {
  test('sees whose portal it is, in their language and the colours of the organization', async () => {
    await app.good('PATCH', '/settings/billing', { sellerName: 'CloudAI', email: 'a@b.example' })
    await app.good('PATCH', '/settings/portal', { accentColor: '#3B5BDB' })
    const { json } = await ann.get('/summary')
    expect(json).toEqual({
      customer: { name: 'Mx ann' },
      organization: {
        ...{ name: 'CloudAI', email: 'a@b.example', accentColor: '#3b5bdb', hasLogo: false },
      },
      ...{ language: 'de', timeZone: 'UTC', isTest: false },
      now: '2026-04-03T00:00:00.000Z',
      expiresAt: '2026-04-04T00:00:00.000Z',
      returnUrl: 'https://cloudai.example/account',
    })
    expect((await ann.get('/logo')).json).toEqual({ image: null })
  })

  test('sees what was used in the period under way, day by day', async () => {
    const { json } = await ann.get('/usage')
    expect(json.data).toMatchObject([
      {
        ...{ plan: 'The starter', window: 'day' },
        ...{ periodStart: '2026-04-01T00:00:00.000Z', periodEnd: '2026-05-01T00:00:00.000Z' },
        meters: [
          {
            ...{ name: 'API calls', unit: 'call', quantity: '140', included: '100' },
            series: [
              { from: '2026-04-01T00:00:00.000Z', quantity: '0' },
              { from: '2026-04-02T00:00:00.000Z', quantity: '140' },
            ],
          },
        ],
      },
    ])
  })

  test('sees what it will cost, as the invoice will say', async () => {
    const { json } = await ann.get('/bill')
    const preview = await app.good('GET', `/subscriptions/${app.subscriptions.ann}/preview`)
    const [{ plan, bill }] = json.data
    expect(plan).toBe('The starter')
    expect(bill.lines).toHaveLength(preview.lines.length)
    expect(bill.sums.find(({ kind }: { kind: string }) => kind === 'total').amountMinor).toBe(
      preview.totalMinor,
    )
    expect(preview.totalMinor).toBe('1040')
  })

  test('has the invoices that were sent, and no draft', async () => {
    await app.until('2026-05-01T00:30:00Z') // April waits for late events
    expect((await app.good('GET', '/invoices?customerId=ann&status=draft')).data).toHaveLength(1)
    const late = await app.visit('ann')
    const { json } = await late.get('/invoices')
    expect(json.data).toMatchObject([
      { number: 'INV-000001', status: 'finalized', totalMinor: '1200' },
    ])
    const [{ id }] = json.data
    const one = await late.get(`/invoices/${id}`)
    expect(one.json).toMatchObject({ status: 'finalized', invoice: { number: 'INV-000001' } })
    const pdf = await late.get(`/invoices/${id}/pdf`)
    expect(pdf.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'attachment; filename="INV-000001.pdf"',
    })
    expect(pdf.text.slice(0, 5)).toBe('%PDF-')
    const { data } = await app.good('GET', '/invoices?customerId=ann&status=draft')
    expect((await late.get(`/invoices/${data[0].id}`)).status).toBe(404)
    expect((await late.get(`/invoices/${data[0].id}/pdf`)).status).toBe(404)
    app.at('2026-04-03T00:00:00Z')
  })

  test('sees credits by names, and what became of each', async () => {
    const { json } = await ann.get('/credits')
    expect(json.data).toMatchObject([
      {
        name: 'For ann',
        currency: 'EUR',
        granted: { amountMinor: '250' },
        left: { amountMinor: '0' },
      },
    ])
    const ledger = await ann.get(`/credits/${json.data[0].id}/entries`)
    expect(ledger.json.data.map(({ kind }: { kind: string }) => kind)).toEqual(['grant', 'use'])
    expect((await ann.get('/credit-balance')).json.data).toMatchObject([{ currency: 'EUR' }])
  })

  test('is told nothing of how the organization calls them and their things inside', async () => {
    for (const path of ['/summary', '/usage', '/bill', '/credit-balance']) {
      const { text } = await ann.get(path)
      expect(text, path).not.toMatch(/"ann"|(cus|plan|mtr|org|sub)_[0-9a-z]{26}/)
    }
  })
})
