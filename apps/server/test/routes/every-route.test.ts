import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { apiKeyText, SECRET_LENGTH } from '../../src/identity/api-key.ts'
import { revokeApiKey } from '../../src/identity/create-api-key.ts'
import { inOwnTransaction } from '../../src/platform/db/test-db.ts'
import { exampleOf } from '../../src/platform/http/failure-example.ts'
import type { Route } from '../../src/platform/http/route.ts'
import { randomBase62 } from '../../src/platform/random.ts'
import { BODIES, filled, nameOf, parametersOf } from './route-paths.ts'
import { aKey, anOrganization, type Organization, type RunningApp, runApp } from './running-app.ts'
import { type Belongings, liveThrough } from './tenant.ts'

let app: RunningApp
let owner: Organization
let things: Belongings

beforeAll(async () => {
  app = await runApp()
  owner = await anOrganization('Owner')
  things = await liveThrough(app, owner.testKey, 'canaryO')
})

afterAll(() => app.stop())

const own = (parameter: string) => things.ids[parameter]?.[0] ?? '1'
const bodyOf = (route: Route) => (route.body ? (BODIES[nameOf(route)] ?? {}) : undefined)

test('is closed without a valid key that may do what it does', async () => {
  const revoked = await aKey(owner.test, ['usage:read', 'usage:write'])
  await inOwnTransaction((tx) => revokeApiKey(tx, owner.id, revoked.id, new Date()))
  const { key: readsCatalog } = await aKey(owner.test, ['catalog:read'])
  const { key: readsUsage } = await aKey(owner.test, ['usage:read'])
  for (const route of app.routes) {
    const incapable = route.scope === 'catalog:read' ? readsUsage : readsCatalog
    const unknown = apiKeyText('test', randomBase62(SECRET_LENGTH))
    const closedTo: [string, string | null, number, string][] = [
      ['nobody', null, 401, 'auth.key_missing'],
      ['garbage', 'garbage', 401, 'auth.key_refused'],
      ['a typo', `${owner.testKey.slice(0, -1)}_`, 401, 'auth.key_refused'],
      ['an unknown key', unknown, 401, 'auth.key_refused'],
      ['a revoked key', revoked.key, 401, 'auth.key_refused'],
      ['a key for something else', incapable, 403, 'auth.scope_missing'],
    ]
    for (const [who, key, status, code] of closedTo) {
      const answer = await app.call(route.method, filled(route.path, own), {
        key,
        body: bodyOf(route),
      })
      expect(answer, `${nameOf(route)} to ${who}`).toMatchObject({ status, code })
    }
  }
})

test('says on the page of errors what each of its failures means', async () => {
  const { text } = await app.call('GET', '/docs/errors')
  const codes = app.routes.flatMap(({ failures = [] }) =>
    failures.map((one) => exampleOf(one).code),
  )
  expect(codes.length).toBeGreaterThan(40)
  for (const code of [...codes, 'auth.key_missing', 'auth.key_refused', 'auth.scope_missing'])
    expect(text).toContain(`id="${code}"`)
  expect(text).not.toMatch(/undefined|NaN|\[object|\[Function/)
})

describe('refuses what it does not know', () => {
  const malformed = { status: 400, code: 'request.malformed' }

  test('in its query', async () => {
    for (const route of app.routes.filter(({ kind }) => kind === 'json')) {
      const path = `${filled(route.path, own)}?orgId=1`
      const answer = await app.call(route.method, path, { key: owner.testKey, body: bodyOf(route) })
      expect(answer, `${route.method} ${path}`).toMatchObject(malformed)
      const isBodyWhole = !route.body || nameOf(route) in BODIES
      if (isBodyWhole) expect(answer.text, `${route.method} ${path}`).toContain('orgId')
    }
  })

  test('in its body', async () => {
    for (const route of app.routes.filter(({ method }) => method !== 'GET')) {
      const body = { ...bodyOf(route), orgId: owner.id, env_id: 1 }
      const path = filled(route.path, own)
      const { status, text } = await app.call(route.method, path, { key: owner.testKey, body })
      const refusals = route.words ? [400, 422] : [400] // other products may call it otherwise
      expect(refusals, `${nameOf(route)}: ${text}`).toContain(status)
    }
  })
})

describe('survives', () => {
  const ids = ['%00', '%20', '%F0%9F%98%80', '__proto__', "'%3B--", '..%2F..', 'a'.repeat(290)]
  const more = ['%E2%80%AE', '-1', '1e999', '%7B%7D', '%5Cu0000', 'null', '%25', '%FF']

  test('what no id looks like', async () => {
    for (const route of app.routes.filter(({ path }) => parametersOf(path).length > 0)) {
      for (const id of [...ids, ...more]) {
        const path = route.path.replace(/:\w+/g, id)
        const { status, text } = await app.call(route.method, path, {
          key: owner.testKey,
          body: bodyOf(route),
        })
        expect([400, 404], `${route.method} ${path}: ${text}`).toContain(status)
      }
    }
  })

  const cursors = [
    ...['x', 'W10', 'bnVsbA', 'WyJhIl0', 'WyJhIiwiYiJd', 'WzEsMl0'],
    ...[
      ['infinity', 'x'],
      ['2026-02-31T00:00:00.000Z', 'x'],
      ['0000-01-01T00:00:00.000Z', 'x'],
      ['+275760-09-13T00:00:00.000Z', 'x'],
      ['-271821-04-20T00:00:00.000Z', 'x'],
      ['9'.repeat(15), 'x'],
      ['9'.repeat(40)],
      ['-1'],
    ].map((values) => Buffer.from(JSON.stringify(values)).toString('base64url')),
  ]

  test.each(cursors)('the cursor %s', async (cursor) => {
    const key = owner.testKey
    for (const route of app.routes.filter(hasCursor)) {
      const filter = route.path === '/api/v1/events' ? '&customerId=x' : ''
      const path = `${filled(route.path, own)}?cursor=${cursor}${filter}`
      const { status, text } = await app.call('GET', path, { key })
      expect([200, 400], `${path}: ${text}`).toContain(status)
    }
  })
})

function hasCursor({ query }: Route): boolean {
  return query instanceof z.ZodObject && 'cursor' in query.shape
}
