import {
  type LeaseRequest,
  type LeaseSettlement,
  type Lender,
  lend,
  NO_LEASES,
  parseRateLimit,
  settleLease,
} from '@usageflow/policy'
import { LIMIT } from './policies.ts'

type Ref = { readonly limit: object; readonly identity: object | null }
type Usage = { readonly idempotencyKey: string; readonly requests?: number }
type Counts = Readonly<Record<'produced' | 'delivered' | 'queued' | 'refused' | 'dropped', number>>

type SaidLeases = {
  readonly holder: string
  readonly settle: readonly (LeaseSettlement & Ref)[]
  readonly ask: readonly (Omit<LeaseRequest, 'lifeMs' | 'holder'> & Ref)[]
}

/** What agents told the server, and what of it cannot be. */
export type Books = {
  /** How often somebody was told what holds. */
  configs: number
  /** Requests that were told as usage, each key once. */
  readonly recorded: number
  /** How many entries came with a key that was there. */
  readonly repeated: number
  readonly reports: number
  /** What an agent said of its usage last. */
  readonly counts: Counts | null
  readonly wrong: readonly string[]
  lend(said: SaidLeases): object
  take(said: { readonly usage: readonly Usage[] }): object
  hear(said: Report): object
}

type Report = {
  readonly producer: string
  readonly sequence: number
  readonly usage?: Counts
}

const LIFE_MS = 5_000
const RATE = parseRateLimit(LIMIT)

export function openBooks(): Books {
  const lenders = new Map<string, Lender>()
  const stored = new Map<string, string>()
  const sequences = new Map<string, number>()
  const books = {
    ...{ configs: 0, recorded: 0, repeated: 0, reports: 0, counts: null as Counts | null },
    wrong: [] as string[],

    lend({ holder, settle, ask }: SaidLeases) {
      const now = Date.now()
      const lenderOf = (name: string) => lenders.get(name) ?? NO_LEASES
      for (const settlement of settle) {
        const name = nameOf(settlement)
        lenders.set(name, settleLease(RATE, lenderOf(name), settlement, now))
      }
      const results = ask.map(({ id, needed, ...ref }) => {
        const name = nameOf(ref)
        const request = { id, holder, needed, lifeMs: LIFE_MS }
        const { lender, answer } = lend(RATE, lenderOf(name), request, now)
        lenders.set(name, lender)
        return answer
      })
      return { results }
    },

    take({ usage }: { readonly usage: readonly Usage[] }) {
      const results = usage.map((one) => {
        const { idempotencyKey: key, requests = 1 } = one
        const [before, text] = [stored.get(key), JSON.stringify(one)]
        stored.set(key, text)
        if (before === undefined) books.recorded += requests
        else books.repeated += 1
        if (before !== undefined && before !== text)
          books.wrong.push(`${key} was sent again with other content: ${before}, ${text}`)
        return { status: before === undefined ? 'recorded' : 'duplicate', eventId: `evt_${key}` }
      })
      return { results }
    },

    hear({ producer, sequence, usage }: Report) {
      const last = sequences.get(producer) ?? 0
      if (sequence <= last) return { status: 'duplicate' }
      sequences.set(producer, sequence)
      books.reports += 1
      if (sequence !== last + 1) books.wrong.push(`report ${sequence} came after ${last}`)
      if (usage) {
        books.counts = usage
        const { produced, delivered, queued, refused, dropped } = usage
        if (produced !== delivered + queued + refused + dropped)
          books.wrong.push(`report ${sequence} does not add up: ${JSON.stringify(usage)}`)
      }
      return { status: 'recorded' }
    },
  }
  return books
}

function nameOf({ limit, identity }: Ref): string {
  return JSON.stringify([limit, identity])
}
