import type { IntendedEvent } from './journal.ts'
import type { Random } from './random.ts'

/** What kind of event a client is about to send, for the counts. */
export type Draft = {
  readonly event: IntendedEvent
  readonly kind: 'new' | 'repeat' | 'conflict'
}

/** Where the events of one environment come from. Shared by all clients, so that they collide. */
export type Source = {
  readonly environment: string
  /** Stands in every key, customer and value of this environment and in no other's. */
  readonly canary: string
  readonly customers: number
  /** The environment's time, at least this late, in milliseconds. */
  now(): number
  readonly recent: IntendedEvent[]
  made: number
}

export type Shares = {
  readonly repeats: number
  readonly conflicts: number
}

const RECENT_MAX = 2_000 // of one or two rounds: a repeat must not be older than the server accepts
const YOUNG = 24 // so few that their first sending is likely still under way
const DAY_MS = 86_400_000
const AGE_DAYS_MAX = 1.5
const KEYLESS = 0.01

/** Draws the next event: a new one, one sent before, or one that reuses a key for something else. */
export function draft(source: Source, random: Random, shares: Shares): Draft {
  const dice = random.next()
  if (source.recent.length > 0) {
    if (dice < shares.repeats) return { event: earlier(source, random), kind: 'repeat' }
    if (dice < shares.repeats + shares.conflicts)
      return { event: contradicting(earlier(source, random), random), kind: 'conflict' }
  }
  const event = newEvent(source, random)
  if (event.key !== null) remember(source, event)
  return { event, kind: 'new' }
}

function earlier(source: Source, random: Random): IntendedEvent {
  const { recent } = source
  return random.chance(0.3) ? random.pick(recent.slice(-YOUNG)) : random.pick(recent)
}

/** The same key with other content, in a field that decides the bill. */
function contradicting(event: IntendedEvent, random: Random): IntendedEvent {
  const other = random.pick(['amount', 'customer', 'metadata'] as const)
  if (other === 'customer') return { ...event, customer: `${event.customer}x` }
  if (other === 'metadata')
    return { ...event, metadata: { ...event.metadata, contradiction: random.between(0, 3) } }
  return { ...event, amount: `${random.between(1_000_000, 1_000_003)}` }
}

function remember(source: Source, event: IntendedEvent): void {
  source.recent.push(event)
  if (source.recent.length > RECENT_MAX * 1.5) source.recent.splice(0, RECENT_MAX / 2)
}

/** The names that events bear. `noise` is read by no meter. */
export const EVENT_NAMES = ['call', 'gauge', 'login', 'noise'] as const

function newEvent(source: Source, random: Random): IntendedEvent {
  const number = source.made++
  const name = random.pick(['call', 'call', 'call', 'gauge', 'gauge', 'login', 'noise'] as const)
  const isKeyless = random.chance(KEYLESS)
  return {
    key: isKeyless ? null : `${source.canary}-k${number}`,
    name,
    customer: `${source.canary}-c${customerNumber(source, random)}`,
    amount: amountOf(name, random),
    metadata: { ...metadataOf(source, random), ...(isKeyless ? { once: `once-${number}` } : {}) },
    timestamp: timestampOf(source, random),
    sequence: random.chance(0.1) ? random.between(0, 5) : null,
  }
}

/** A few customers use most, as in life: then transactions meet in the same buckets. */
function customerNumber(source: Source, random: Random): number {
  return Math.floor(random.next() ** 2 * source.customers)
}

function amountOf(name: (typeof EVENT_NAMES)[number], random: Random): string | null {
  if (name === 'login' || random.chance(0.2)) return null
  const thousandths = random.between(0, 20_000)
  return random.chance(0.5) ? `${thousandths % 100}` : decimalOf(thousandths)
}

function decimalOf(thousandths: number): string {
  return `${Math.floor(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, '0')}`
}

function metadataOf(source: Source, random: Random): Record<string, unknown> {
  return {
    region: random.pick(['eu', 'us', 'ap']),
    ...(random.chance(0.9) ? { user: `${source.canary}-u${random.between(0, 40)}` } : {}),
    // Numbers and numeric strings count; the rest must add nothing.
    ...(random.chance(0.8)
      ? {
          bytes: random.pick([
            random.between(0, 9_999),
            `${random.between(0, 99)}.25`,
            'many',
            true,
          ]),
        }
      : {}),
  }
}

function timestampOf(source: Source, random: Random): string | null {
  if (random.chance(0.4)) return null
  const ageMs = Math.floor(random.next() * AGE_DAYS_MAX * DAY_MS)
  // Few distinct seconds, so that LAST meets equal times and must look further.
  const coarse = random.chance(0.3) ? 600_000 : 1
  const at = source.now() - ageMs
  return new Date(at - (at % coarse)).toISOString()
}
