import { hash } from 'node:crypto'
import { sqlState } from '../db/database.ts'
import type { Tx } from '../db/transaction.ts'
import { Failure } from '../errors.ts'
import type { Sealer } from '../secrets/seal.ts'
import {
  type AnsweredRequest,
  insertRequest,
  limitLockWait,
  selectAnswer,
  updateAnswer,
} from './idempotency.store.ts'
import type { Reply } from './route.ts'

const TWIN_WAIT_MS = 2_000
const LOCK_NOT_AVAILABLE = '55P03'

/**
 * Does `work` once per key: a retry with the same content gets the first answer again, in one
 * transaction with the work itself, so that a request that failed leaves the key free.
 *
 * Throws `idempotency.key_reused` for other content and `idempotency.in_flight` while the first
 * request is still under way after two seconds.
 */
export async function once(
  tx: Tx,
  request: Omit<AnsweredRequest, 'fingerprint'> & {
    readonly content: unknown
    readonly sealer: Sealer
  },
  systemNow: Date,
  work: () => Promise<Reply<unknown>>,
): Promise<Reply<unknown> & { readonly isReplay: boolean }> {
  const { content, sealer, ...identity } = request
  const mine = { ...identity, fingerprint: hash('sha256', JSON.stringify(content), 'buffer') }
  if (await takeKey(tx, mine, systemNow)) {
    const reply = await work()
    await updateAnswer(tx, mine, {
      status: reply.status,
      sealed: sealer.seal(JSON.stringify(reply.body), sealContext(mine)),
    })
    return { ...reply, isReplay: false }
  }
  const earlier = await selectAnswer(tx, mine)
  if (!earlier.fingerprint.equals(mine.fingerprint)) throw failures.keyReused(request.key)
  return {
    status: earlier.status,
    body: JSON.parse(sealer.open(earlier.sealed, sealContext(mine))),
    isReplay: true,
  }
}

/** An answer may hold a secret that is shown once, like that of a webhook endpoint: none is kept in clear. */
function sealContext(request: AnsweredRequest): string {
  return `answer ${request.envId} ${request.route} ${request.caller} ${request.key}`
}

async function takeKey(tx: Tx, request: AnsweredRequest, systemNow: Date): Promise<boolean> {
  await limitLockWait(tx, TWIN_WAIT_MS)
  try {
    return await insertRequest(tx, request, systemNow)
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
