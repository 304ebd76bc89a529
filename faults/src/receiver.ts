import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { Webhook } from 'standardwebhooks'
import { openLines } from './journal.ts'
import type { Random } from './random.ts'

/** Receives webhooks like a customer's program on a bad day, and believes only what is signed. */
export type Receiver = {
  readonly port: number
  /** The address for an endpoint, by a name of our own. */
  urlOf(endpoint: string): string
  trust(endpoint: string, secret: string): void
  /** From now on nothing fails any more, so that what is left arrives. */
  behave(): void
  counts(): ReceiverCounts
  close(): Promise<void>
}

export type ReceiverCounts = {
  readonly requests: number
  /** Different `webhook-id`s that were accepted. */
  readonly distinct: number
  readonly failedOnPurpose: number
  readonly forged: number
}

const FAILS = 0.08
const SLOW_MS = 400

/** Listens on 127.0.0.1; notes every accepted webhook in `file`, one JSON line each. */
export async function startReceiver(file: string, random: Random): Promise<Receiver> {
  const lines = openLines(file)
  const secrets = new Map<string, string>()
  const accepted = new Set<string>()
  const counts = { requests: 0, failedOnPurpose: 0, forged: 0 }
  let isBehaving = false

  const accept = (endpoint: string, request: IncomingMessage, body: string): number => {
    const secret = secrets.get(endpoint)
    const id = String(request.headers['webhook-id'])
    try {
      new Webhook(secret ?? '').verify(body, request.headers as Record<string, string>)
    } catch {
      // The first delivery can be here before we have read the answer that holds the secret.
      if (secret !== undefined) counts.forged += 1
      return 401
    }
    lines.write({ endpoint, id, at: Date.now(), body: JSON.parse(body) })
    accepted.add(`${endpoint} ${id}`)
    return 204
  }

  const server = createServer((request, response) => {
    counts.requests += 1
    const endpoint = (request.url ?? '').slice(1)
    const isToFail = !isBehaving && random.chance(FAILS)
    void readBody(request).then(async (body) => {
      if (body === null) return // the sender was killed
      if (isToFail) {
        counts.failedOnPurpose += 1
        return fail(random, response, () => accept(endpoint, request, body))
      }
      response.writeHead(accept(endpoint, request, body)).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0

  return {
    port,
    urlOf: (endpoint) => `http://127.0.0.1:${port}/${endpoint}`,
    trust: (endpoint, secret) => void secrets.set(endpoint, secret),
    behave: () => {
      isBehaving = true
    },
    counts: () => ({ ...counts, distinct: accepted.size }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
        lines.close()
      }),
  }
}

/** Refuses, breaks off, answers late, or takes it and lets nobody know. */
async function fail(random: Random, response: ServerResponse, accept: () => number): Promise<void> {
  const how = random.pick(['refuse', 'break', 'late', 'swallow'] as const)
  if (how === 'refuse') return void response.writeHead(500).end()
  if (how === 'break') return void response.destroy()
  const status = accept()
  if (how === 'swallow') return void response.destroy()
  await sleep(SLOW_MS)
  response.writeHead(status).end()
}

function readBody(request: IncomingMessage): Promise<string | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
    request.on('error', () => resolve(null))
  })
}
