import { createHmac } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { FakeBooks } from './fake-books.ts'
import { CALLS, type Form, METER_EVENTS } from './fake-calls.ts'
import { FakeError, refusedRequest } from './fake-errors.ts'

/**
 * What becomes of a request: `refused` is not done, since what it names is gone, `cut_before` is lost on the way,
 * `cut_after` is done and its answer lost, `hang` is done and never answered.
 */
export type Fault =
  | 'refused'
  | 'rate_limited'
  | 'server_error'
  | 'cut_before'
  | 'cut_after'
  | 'hang'

export type FakeEvent = { readonly id: string; readonly type: string; readonly text: string }

/** A request as it came. */
export type FakeRequest = {
  readonly what: string
  readonly key: string | null
  readonly search: string
  readonly body: string
}

export type FakeStripe = {
  readonly url: string
  readonly apiKey: string
  readonly webhookSecret: string
  readonly books: FakeBooks
  /** Every request that came, the oldest first. */
  readonly requests: readonly FakeRequest[]
  /** What there is to tell, the oldest first; nothing is sent by itself. */
  readonly events: FakeEvent[]
  /** Says for each request what is to become of it. */
  fail(decide: ((what: string) => Fault | null) | null): void
  /** How long it takes to say what it has done. */
  slow(ms: number): void
  /** Its own time goes on by so much. */
  elapse(ms: number): void
  /** Sends an event as Stripe does; resolves to the status of the answer. */
  send(url: string, event: FakeEvent, signedAgoMs?: number): Promise<number>
  stop(): Promise<void>
}

type Answer = { readonly status: number; readonly body: string }
type Kept = { readonly sent: string; readonly atMs: number; answer: Answer | null }

const KEY_LIFE_MS = 24 * 3_600_000

/** Something that behaves like Stripe, on this machine: it keeps idempotency keys for a day, and its books for ever. */
export async function startFakeStripe(port = 0): Promise<FakeStripe> {
  const apiKey = 'sk_test_fakefakefakefakefake'
  const webhookSecret = 'whsec_fakefakefakefakefakefake'
  let aheadMs = 0
  let slowMs = 0
  let told = 0
  let decide: ((what: string) => Fault | null) | null = null
  const nowMs = () => Date.now() + aheadMs
  const events: FakeEvent[] = []
  const requests: FakeRequest[] = []
  const books = new FakeBooks(
    () => Math.floor(nowMs() / 1_000),
    (type, thing) => {
      told += 1
      events.push(eventOf(told, { type, thing, atMs: nowMs() }))
    },
  )
  const kept = new Map<string, Kept>()

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sent = String(Buffer.concat(await request.toArray()))
    const { pathname, search } = new URL(`http://stripe${request.url}`)
    const key = request.headers['idempotency-key']?.toString() ?? null
    const what = `${request.method} ${pathname}`
    requests.push({ what, key, search, body: sent })
    const fault = decide?.(what) ?? null
    if (fault === 'cut_before') return void request.socket.destroy()
    const isKnown = request.headers.authorization === `Bearer ${apiKey}`
    const end = begun(books, what, sent)
    if (end === null) return give(response, TOO_MANY)
    const run = () => (fault === 'server_error' ? broken() : perform(books, what, sent + search))
    const done = () => once({ kept, key, sent: `${what}?${sent}`, nowMs: nowMs() }, run)
    const reply = refusalOf(isKnown, fault) ?? done()
    await sleep(slowMs)
    end()
    if (fault === 'cut_after') request.socket.destroy()
    else if (fault !== 'hang') give(response, reply)
  }

  const server = createServer((request, response) => {
    answer(request, response).catch(() => request.socket.destroy())
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ...{ apiKey, webhookSecret, books, requests, events },
    fail: (how) => {
      decide = how
    },
    slow: (ms) => {
      slowMs = ms
    },
    elapse: (ms) => {
      aheadMs += ms
    },
    send: (url, event, signedAgoMs = 0) =>
      sendEvent(url, { text: event.text, secret: webhookSecret, atMs: Date.now() - signedAgoMs }),
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** Does what was asked once for each key, as long as it is kept. What was refused before it began is not kept. */
function once(
  by: {
    readonly kept: Map<string, Kept>
    readonly key: string | null
    readonly sent: string
    readonly nowMs: number
  },
  run: () => Answer,
): Answer {
  const { kept, key, sent, nowMs } = by
  if (key === null || sent.startsWith('GET ')) return run()
  const before = kept.get(key)
  if (before?.answer && nowMs - before.atMs < KEY_LIFE_MS) {
    if (before.sent === sent) return before.answer
    return failure(400, { type: 'idempotency_error', message: 'Keys are for the same parameters.' })
  }
  const answer = run()
  if (answer.status !== 400 && answer.status !== 404) kept.set(key, { sent, atMs: nowMs, answer })
  return answer
}

function perform(books: FakeBooks, what: string, sent: string): Answer {
  const form = formOf(sent)
  for (const call of CALLS) {
    const match = new RegExp(`^${call.what.replace(':id', '([^/]+)')}$`).exec(what)
    if (!match) continue
    try {
      const unknown = Object.keys(form).find((name) => !call.takes.split(' ').includes(topOf(name)))
      if (unknown) throw refusedRequest('parameter_unknown', `Received unknown ${unknown}`)
      return { status: 200, body: JSON.stringify(call.run(books, { id: match[1] ?? '', form })) }
    } catch (error) {
      if (error instanceof FakeError) return failure(error.status, error.error)
      throw error
    }
  }
  return failure(404, { type: 'invalid_request_error', message: `Unrecognized: ${what}` })
}

/** Of a customer and meter Stripe takes one event at a time; null: another is under way. */
function begun(books: FakeBooks, what: string, sent: string): (() => void) | null {
  return what === METER_EVENTS ? books.meters.begin(formOf(sent)) : () => {}
}

function formOf(sent: string): Form {
  return Object.fromEntries(new URLSearchParams(sent.replace(/^\?/, '')))
}

const BAD_KEY = failure(401, { type: 'invalid_request_error', message: 'bad key' })
const GONE = failure(400, {
  type: 'invalid_request_error',
  code: 'payment_method_unexpected_state',
  message: 'The payment method was detached.',
})
const TOO_MANY = failure(429, { type: 'invalid_request_error', code: 'rate_limit' })

function refusalOf(isKnown: boolean, fault: Fault | null): Answer | null {
  if (!isKnown) return BAD_KEY
  if (fault === 'refused') return GONE
  return fault === 'rate_limited' ? TOO_MANY : null
}

const topOf = (name: string) => name.replace(/\[.*$/, '')

function broken(): Answer {
  return failure(500, { type: 'api_error', message: 'Something went wrong.' })
}

function failure(status: number, error: object): Answer {
  return { status, body: JSON.stringify({ error }) }
}

function give(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(body)
}

function eventOf(
  no: number,
  { type, thing, atMs }: { readonly type: string; readonly thing: object; readonly atMs: number },
): FakeEvent {
  const id = `evt_${String(no).padStart(8, '0')}`
  const created = Math.floor(atMs / 1_000)
  const event = { id, object: 'event', type, created, livemode: false, data: { object: thing } }
  return { id, type, text: JSON.stringify(event) }
}

async function sendEvent(
  url: string,
  { text, secret, atMs }: { readonly text: string; readonly secret: string; readonly atMs: number },
): Promise<number> {
  const at = Math.floor(atMs / 1_000)
  const signature = createHmac('sha256', secret).update(`${at}.${text}`).digest('hex')
  const headers = {
    'content-type': 'application/json; charset=utf-8',
    'stripe-signature': `t=${at},v1=${signature}`,
  }
  const answer = await fetch(url, { method: 'POST', headers, body: text })
  await answer.arrayBuffer()
  return answer.status
}
