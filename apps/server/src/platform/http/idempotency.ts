import { hash } from 'node:crypto'
import { type Database, sqlState } from '../db/database.ts'
import type { Tx } from '../db/transaction.ts'
import { Failure, invariant } from '../errors.ts'
import type { SealedPlace } from '../secrets/reseal.ts'
import type { Sealer } from '../secrets/seal.ts'
import {
  type AnsweredRequest,
  deleteRequestsBefore,
  insertRequest,
  limitLockWait,
  restoreLockWait,
  selectAnswer,
  updateAnswer,
} from './idempotency.store.ts'

/** An answer as it goes over the wire. */
export type Answer = { readonly status: number; readonly text: string; readonly isReplay: boolean }

export type KeyedRequest = Omit<AnsweredRequest, 'fingerprint'> & {
  /** Everything that the caller chose: the same key may not come with anything else. */
  readonly content: unknown
  readonly sealer: Sealer
}

const TWIN_WAIT_MS = 2_000
const LOCK_NOT_AVAILABLE = '55P03'
const KEPT_MS = 30 * 24 * 3_600_000 // far longer than any client retries
const FORGOTTEN_AT_ONCE = 5_000 // short transactions, whose locks nobody notices

/**
 * Does `work` once per key: a retry with the same content gets the first answer again. The key is taken
 * in the transaction of the work itself, so a request that failed leaves it free.
 *
 * Throws `idempotency.key_reused` for other content and `idempotency.in_flight` while the first
 * request is still under way after two seconds.
 */
export async function once(
  tx: Tx,
  request: KeyedRequest,
  systemNow: Date,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const mine = fingerprinted(request)
  if (!(await takeKey(tx, mine, systemNow))) {
    const earlier = await earlierAnswer(tx, request)
    invariant(earlier !== null, 'a taken key has an answer')
    return earlier
  }
  const answer = await work()
  const sealed = request.sealer.seal(answer.text, sealContext(mine))
  await updateAnswer(tx, mine, { status: answer.status, sealed })
  return answer
}

/** The answer that a request with this key was given, or null. Throws `idempotency.key_reused`. */
export async function earlierAnswer(tx: Tx, request: KeyedRequest): Promise<Answer | null> {
  const mine = fingerprinted(request)
  const earlier = await selectAnswer(tx, mine)
  if (!earlier) return null
  if (!earlier.fingerprint.equals(mine.fingerprint)) throw failures.keyReused(request.key)
  const text = request.sealer.open(earlier.sealed, sealContext(mine))
  return { status: earlier.status, text, isReplay: true }
}

/**
 * Forgets the answers that are older than 30 days, of all environments, and returns how many they were:
 * from then on their keys are new again. May be interrupted, and run twice at once.
 */
export async function forgetOldRequests(db: Database, systemNow: Date): Promise<number> {
  const before = new Date(systemNow.getTime() - KEPT_MS)
  let forgotten = 0
  for (;;) {
    const count = await db.inTransaction((tx) =>
      deleteRequestsBefore(tx, before, FORGOTTEN_AT_ONCE),
    )
    forgotten += count
    if (count < FORGOTTEN_AT_ONCE) return forgotten
  }
}

function fingerprinted(request: KeyedRequest): AnsweredRequest {
  const { content, sealer: _, ...identity } = request
  return { ...identity, fingerprint: hash('sha256', canonicalText(content), 'buffer') }
}

/** The same text for the same content, in whatever order the caller wrote its members. */
function canonicalText(content: unknown): string {
  return JSON.stringify(content, (_name, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
  })
}

/** An answer may hold a secret that is shown once, like that of a webhook endpoint: none is kept in clear. */
function sealContext(request: Omit<AnsweredRequest, 'fingerprint'>): string {
  return `answer ${request.envId} ${request.route} ${request.caller} ${request.key}`
}

export const SEALED_ANSWERS: SealedPlace = {
  ...{ what: 'answers kept for repeats', table: 'idempotent_requests', column: 'sealed_reply' },
  keys: ['env_id', 'route', 'caller', 'key'],
  context: ({ env_id, route, caller, key }) =>
    sealContext({
      envId: env_id as number | null,
      route: `${route}`,
      caller: `${caller}`,
      key: `${key}`,
    }),
}

/** The wait is limited for the key alone: the work after it waits for locks as any other. */
async function takeKey(tx: Tx, request: AnsweredRequest, systemNow: Date): Promise<boolean> {
  await limitLockWait(tx, TWIN_WAIT_MS)
  try {
    const isMine = await insertRequest(tx, request, systemNow)
    await restoreLockWait(tx)
    return isMine
  } catch (error) {
    if (sqlState(error) === LOCK_NOT_AVAILABLE) throw failures.inFlight(request.key)
    throw error
  }
}

/** Reads the header. Throws `idempotency.key_malformed` when it is not 1 to 255 printable characters. */
export function idempotencyKey(header: string | string[] | undefined): string | null {
  if (header === undefined) return null
  if (typeof header === 'string' && KEY.test(header)) return header
  throw failures.keyMalformed()
}

/** What HTTP lets through unharmed: visible ASCII and spaces inside. */
const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/

export const failures = {
  keyMalformed: () =>
    new Failure(
      'malformed',
      'idempotency.key_malformed',
      'Idempotency-Key takes 1 to 255 printable ASCII characters, sent once.',
    ),

  /** Answering with the first result would hide that this request was not carried out. */
  keyReused: (key: string) =>
    new Failure(
      'invalid',
      'idempotency.key_reused',
      `Idempotency-Key "${key}" was used for a request with other content. Use a new key.`,
    ),

  inFlight: (key: string) =>
    new Failure(
      'conflict',
      'idempotency.in_flight',
      `A request with Idempotency-Key "${key}" is still under way. Retry in a second.`,
      {
        retryAfter: 1,
      },
    ),
}
