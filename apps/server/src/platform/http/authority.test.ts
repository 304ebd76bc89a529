import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { Failure } from '../errors.ts'
import { memberStreamRoute } from './account-route.ts'
import type { Authenticate, People } from './caller.ts'
import type { Portal, Visitor } from './portal-route.ts'
import { visitorsRoute } from './portal-route.ts'
import { type Route, route } from './route.ts'
import { NDJSON_TYPE } from './stream.ts'
import { authenticateAs, KEY, serveForTest } from './test-app.ts'

const CHUNKS = 40
const CHUNK_MS = 100

/** Sends the headers, does something meanwhile, and then the body. The status of the answer, or 0: it was cut. */
function sendSlowly(
  port: number,
  { path, body, headers = KEY }: { path: string; body: unknown; headers?: Record<string, string> },
  meanwhile: () => void,
): Promise<number> {
  const text = JSON.stringify(body)
  const all = { ...headers, 'content-type': 'application/json', 'content-length': text.length }
  return new Promise((resolve) => {
    const outgoing = request({ port, path, method: 'POST', headers: all }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode ?? 0))
    })
    outgoing.on('error', () => resolve(0))
    outgoing.flushHeaders()
    setTimeout(meanwhile, 300)
    setTimeout(() => outgoing.end(text), 800)
  })
}

/** Who may call until somebody says no, and how often that was asked. */
function revocable(envId = 1) {
  const state = { isRevoked: false, asked: 0 }
  const authenticate: Authenticate = async (sent, tx) => {
    state.asked += 1
    if (state.isRevoked) throw new Failure('unauthenticated', 'auth.key_refused', 'not valid')
    return authenticateAs(envId)(sent, tx)
  }
  return { state, authenticate }
}

function writing(done: () => void): Route {
  return route({
    method: 'POST',
    path: '/api/notes',
    tag: 'Notes',
    summary: 'Make a note',
    scope: 'catalog:write',
    body: z.strictObject({ text: z.string() }),
    replies: { 201: z.object({}) },
    handle: async () => {
      done()
      return { status: 201, body: {} }
    },
  })
}

async function* slowly(): AsyncGenerator<string> {
  for (let chunk = 0; chunk < CHUNKS; chunk++) {
    yield `${chunk}\n`
    await sleep(CHUNK_MS)
  }
}

test('a body that comes after the key was revoked changes nothing', async () => {
  const { state, authenticate } = revocable()
  let done = 0
  const { port } = await serveForTest([writing(() => done++)], { authenticate })
  const slow = { path: '/api/notes', body: { text: 'a' } }
  const revoke = () => {
    state.isRevoked = true
  }
  expect(await sendSlowly(port, slow, revoke)).toBe(401)
  expect(done).toBe(0)
  state.isRevoked = false
  expect(await sendSlowly(port, slow, () => {})).toBe(201)
})

test('a quick request is asked about once, and a repeat of a slow one is told nothing either', async () => {
  const { state, authenticate } = revocable()
  const { port, send } = await serveForTest([writing(() => {})], { authenticate })
  const headers = { ...KEY, 'idempotency-key': 'k' }
  const body = { text: 'a' }
  expect((await send('POST', '/api/notes', { headers, body })).status).toBe(201)
  const asked: number[] = []
  for (let n = 0; n < 5; n++) {
    const before = state.asked
    await send('POST', '/api/notes', { headers: KEY, body })
    asked.push(state.asked - before)
  }
  expect(Math.min(...asked)).toBe(1) // one of a busy machine may not be quick
  const revoke = () => {
    state.isRevoked = true
  }
  expect(await sendSlowly(port, { path: '/api/notes', body, headers }, revoke)).toBe(401)
})

test('what a customer sends after their link has ended changes nothing', async () => {
  let [isEnded, done] = [false, 0]
  const portal: Portal = {
    async identify() {
      if (isEnded) throw new Failure('unauthenticated', 'portal.link_refused', 'it has ended')
      return { linkId: 'plk_1', environmentNow: (now: Date) => now } as unknown as Visitor
    },
  }
  const choose = visitorsRoute({
    path: '/api/portal/choice',
    summary: 'Choose',
    body: z.strictObject({ plan: z.string() }),
    replies: { 200: z.object({}) },
    handle: async () => {
      done += 1
      return { status: 200, body: {} }
    },
  })
  const { port } = await serveForTest([choose], { portal })
  const slow = { path: '/api/portal/choice', body: { plan: 'pro' } }
  const end = () => {
    isEnded = true
  }
  expect(await sendSlowly(port, slow, end)).toBe(401)
  expect(done).toBe(0)
})

test('a stream ends within a second for whoever may no longer read, and is cut', async () => {
  const { state, authenticate } = revocable()
  const rows = route({
    method: 'GET',
    path: '/api/rows',
    tag: 'Rows',
    summary: 'Rows',
    scope: 'usage:read',
    replies: { 200: z.object({}) },
    stream: () => ({ type: NDJSON_TYPE, chunks: slowly() }),
    handle: () => Promise.reject(new Error('it streams')),
  })
  const of = memberStreamRoute({
    path: '/api/organizations/:organizationId/rows',
    tag: 'Rows',
    summary: 'Rows',
    access: 'audit:read',
    params: z.strictObject({ organizationId: z.string() }),
    replies: { 200: z.object({}) },
    stream: () => ({ type: NDJSON_TYPE, chunks: slowly() }),
  })
  let isRemoved = false
  const people = {
    identify: async () => ({ userId: 'usr_1' }),
    memberOf: async (_person: unknown, organizationId: string) => {
      if (isRemoved) throw new Failure('not_found', 'organization.unknown', 'not yours')
      return { organizationId, role: 'OWNER' }
    },
  } as unknown as People
  const { port } = await serveForTest([rows, of], { authenticate, people })
  const revoke = () => {
    state.isRevoked = true
    isRemoved = true
  }
  const read = async (path: string) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { headers: KEY })
    let lines = 0
    const reading = (async () => {
      for await (const chunk of answer.body ?? []) {
        lines += new TextDecoder().decode(chunk).split('\n').length - 1
        if (lines >= 5) revoke()
      }
    })()
    await expect(reading).rejects.toThrow() // no part is taken for all
    return lines
  }
  for (const path of ['/api/rows', '/api/organizations/o/rows']) {
    state.isRevoked = false
    isRemoved = false
    const lines = await read(path)
    expect(lines).toBeGreaterThan(4)
    expect(lines).toBeLessThan(25)
  }
})
