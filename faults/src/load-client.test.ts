import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { targetAt } from './http-client.ts'
import { type IntendedEvent, type JournalEntry, openJournal } from './journal.ts'
import { type Lane, runClient } from './load-client.ts'
import { newPace } from './pace.ts'
import { randomOf } from './random.ts'
import { newTally } from './tally.ts'

const folder = mkdtempSync(path.join(os.tmpdir(), 'usageflow-load-'))
afterAll(() => rmSync(folder, { recursive: true }))

const EVENTS = 700

/** Keeps events by key like the product, and loses every fifth answer after it has stored. */
async function startStandIn(journalFile: string) {
  const stored = new Map<string, string>()
  const unannounced: string[] = []
  const random = randomOf('stand-in')
  const record = (body: Record<string, unknown>, header: string | undefined) => {
    const { idempotencyKey = header, metric, name = metric, ...rest } = body
    if (idempotencyKey === undefined) return { status: 'recorded', eventId: 'evt_none' }
    const key = String(idempotencyKey)
    if (!readFileSync(journalFile, 'utf8').includes(`"${key}"`)) unannounced.push(key)
    const content = JSON.stringify({ name, ...rest })
    const before = stored.get(key)
    if (before === undefined) stored.set(key, content)
    else if (before !== content) return { status: 'refused', error: { code: 'usage.key_reused' } }
    return { status: before === undefined ? 'recorded' : 'duplicate', eventId: `evt_${key}` }
  }
  const server = createServer(async (request, response) => {
    const header = request.headers['idempotency-key'] as string | undefined
    const text = await bodyOf(request)
    const isStream = request.headers['content-type'] === 'application/x-ndjson'
    const sent = isStream
      ? text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
      : JSON.parse(text)
    const results = [sent].flat().map((body) => record(body, header))
    if (random.chance(0.2)) return response.destroy()
    if (random.chance(0.1)) return response.writeHead(503, { 'retry-after': '1' }).end('{}')
    if (isStream)
      return response.end(results.map((result) => `${JSON.stringify(result)}\n`).join(''))
    if (Array.isArray(sent)) return response.end(JSON.stringify({ results }))
    const [{ status, ...result } = { status: '' }] = results
    const code = { recorded: 201, duplicate: 200 }[status] ?? 422
    response.writeHead(code)
    return response.end(JSON.stringify({ ...result, success: true, duplicate: code === 200 }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return { port, stored, unannounced, close: () => server.closeAllConnections() ?? server.close() }
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

function aLane(): Lane {
  const [now, latest] = [() => Date.now(), () => Date.now()]
  const lane = { environment: 'e', canary: 'canary', customers: 10, recent: [], made: 0 }
  return { ...lane, now, latest, apiKeys: ['one', 'two'], weight: 1 }
}

test('every event is announced before it is sent, and repeated until its outcome is definite', async () => {
  const journalFile = path.join(folder, 'client.ndjson')
  const journal = openJournal(journalFile)
  const standIn = await startStandIn(journalFile)
  const stop = new AbortController()
  const [tally, pace] = [newTally(), newPace(1)]
  pace.burst(EVENTS)
  const running = runClient({
    name: 'c',
    random: randomOf('load'),
    journal,
    targets: [targetAt('stand-in', standIn.port)],
    lanes: [aLane()],
    pace,
    tally,
    shares: { repeats: 0.25, conflicts: 0.05 },
    stop: stop.signal,
  })
  while (tally.events < EVENTS * 0.9) await new Promise((resolve) => setTimeout(resolve, 20))
  stop.abort()
  pace.release()
  await running
  standIn.close()

  const lines = readFileSync(journalFile, 'utf8').trim().split('\n')
  const entries = lines.map((line) => JSON.parse(line) as JournalEntry)
  const intents = entries.filter((entry) => entry.t === 'intent')
  const definite = entries.filter((entry) => entry.t === 'outcome' && entry.results !== undefined)
  const keys = new Set(intents.flatMap(({ events }) => events.map(({ key }: IntendedEvent) => key)))
  keys.delete(null)
  expect(standIn.unannounced).toEqual([])
  expect(definite).toHaveLength(intents.length)
  expect(new Set(standIn.stored.keys())).toEqual(keys)
  expect(tally.wrong).toEqual([])
  expect(tally.answers.get('ECONNRESET')).toBeGreaterThan(2)
  expect(tally.repeats / tally.events).toBeGreaterThan(0.2)
  expect(tally.conflicts / tally.events).toBeGreaterThan(0.03)
})
