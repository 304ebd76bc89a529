import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { appendAudit } from '../../src/audit/append-audit.ts'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { aMember, type Somebody } from '../routes/people.ts'
import {
  anOrganization,
  type Organization,
  type RunningApp,
  runApp,
} from '../routes/running-app.ts'
import { firstOwner, inside } from './browser.ts'

let app: RunningApp
let acme: Organization
let ada: Somebody
let developer: Somebody

beforeAll(async () => {
  app = await runApp('open')
  acme = await anOrganization('Acme')
  await firstOwner(app)
  ada = await aMember(app, acme.id, 'OWNER', 'boss')
  developer = await aMember(app, acme.id, 'DEVELOPER')
})
afterAll(() => app.stop())

const path = (rest = '') => `/api/v1/organizations/${acme.id}${rest}`
const AUDIT = 'GET /api/v1/organizations/:organizationId/audit'

type Entry = {
  readonly action: string
  readonly actor: { readonly kind: string; readonly id: string; readonly name: string | null }
  readonly at: string
  readonly mode: string | null
  readonly detail: Record<string, unknown>
}

async function entries(query = ''): Promise<Entry[]> {
  return (await ada.browser.get(path(`/audit${query}`))).json.data
}

/** More than are read at once. */
function manyEntries(count: number): Promise<void> {
  return inOwnTransaction(async (tx) => {
    const entry = { organizationId: acme.id, envId: null, action: 'GET /many', target: null }
    const by = { actor: { kind: 'user', id: developer.userId }, at: new Date(), sent: {} } as const
    for (let n = 0; n < count; n++)
      await appendAudit(tx, { ...entry, ...by, requestId: `req_${n}` })
  })
}

/** The answer of an export, as somebody who has signed in is given it. */
async function exported(query: string, by = ada): Promise<Response> {
  const headers = { cookie: by.browser.cookieHeader(), 'sec-fetch-site': 'same-origin' }
  return fetch(`${app.address}${path(`/audit/export${query}`)}`, { headers })
}

describe('what is sensitive', () => {
  test('is noted when it is read: keys, the log itself, and whatever is exported', async () => {
    const { browser, userId } = developer
    await browser.get(path('/keys'))
    await browser.get('/api/v1/exports/invoices?format=ndjson', inside(acme.id))
    await app.call('GET', '/api/v1/exports/invoice-lines', { key: acme.testKey })
    await entries()
    await (await exported('?format=ndjson')).text()
    const [exporting, reading, lines, invoices, keys] = await entries()
    expect(keys).toMatchObject({
      action: 'GET /api/v1/organizations/:organizationId/keys',
      actor: { kind: 'user', id: userId, name: 'developer@example.com' },
      mode: null,
    })
    expect(invoices).toMatchObject({
      action: 'GET /api/v1/exports/invoices',
      mode: 'test',
      detail: { format: 'ndjson' },
    })
    expect(lines).toMatchObject({ actor: { kind: 'key', name: 'Acme' }, mode: 'test' })
    expect(reading).toMatchObject({ action: AUDIT, actor: { id: ada.userId } })
    expect(exporting).toMatchObject({ action: `${AUDIT}/export`, detail: { format: 'ndjson' } })
  })

  test('leaves nothing when it is refused, nor do other readings', async () => {
    const before = (await entries()).length
    expect((await developer.browser.get(path('/audit'))).status).toBe(403)
    expect((await exported('', developer)).status).toBe(403)
    expect((await exported('?format=xlsx')).status).toBe(400)
    expect((await developer.browser.get(path('/members'))).status).toBe(200)
    const missing = await app.call('GET', '/api/v1/invoices/none/lines/1/events', {
      key: acme.testKey,
    })
    expect(missing.status).toBe(404)
    expect(await entries()).toHaveLength(before + 1) // the reading before
  })
})

describe('the log', () => {
  test('is searched by who, what, which thing and when', async () => {
    const started = new Date().toISOString()
    const made = await ada.browser.post(path('/keys'), {
      ...{ mode: 'test', name: 'searched', scopes: ['usage:read'] },
    })
    await developer.browser.get(path('/keys'))
    await ada.browser.send('DELETE', path(`/keys/${made.json.id}`))
    const found = async (query: Record<string, string>) =>
      (await entries(`?${new URLSearchParams({ from: started, ...query })}`)).map(
        ({ action }) => action.split('/').at(-1) ?? '',
      )
    expect(await found({ target: made.json.id })).toEqual([':keyId', 'keys'])
    expect(await found({ actor: developer.userId })).toEqual(['keys'])
    expect(await found({ action: 'DELETE /api' })).toEqual([':keyId'])
    expect(await found({ to: started })).toEqual([])
    expect(await found({ actor: developer.userId, target: made.json.id })).toEqual([])
  })

  test('is exported whole, page by page, and no spreadsheet runs any of it', async () => {
    const name = '=HYPERLINK("https://evil.example","x")'
    await ada.browser.send('PATCH', path(), { body: { name } })
    await manyEntries(510)
    const ndjson = await exported('?format=ndjson')
    expect(ndjson.headers.get('content-disposition')).toBe('attachment; filename="audit.ndjson"')
    const lines = (await ndjson.text()).trimEnd().split('\n')
    const ids = lines.map((line) => JSON.parse(line).id)
    expect(ids.length).toBeGreaterThan(510)
    expect(new Set(ids).size).toBe(ids.length)
    const csv = await exported(`?action=${encodeURIComponent('PATCH /api/v1/organizations')}`)
    expect(csv.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    const [head, row, ...rest] = (await csv.text()).trimEnd().split('\r\n')
    expect(head).toBe(
      'at,actorKind,actorId,actorName,mode,action,target,requestId,detail,position,entryId',
    )
    expect(row).toContain('boss@example.com')
    expect(row).toMatch(/"\{""name"":""=HYPERLINK/) // inside JSON it begins no cell
    expect(rest).toEqual([])
    for (const cell of (row ?? '').split(',')) expect(cell).not.toMatch(/^[=+@-]/)
  })
})
