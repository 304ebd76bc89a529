import { hash } from 'node:crypto'
import type { Clock } from '../platform/clock.ts'
import type { Database } from '../platform/db/database.ts'
import type { Tx } from '../platform/db/transaction.ts'
import type { Logger } from '../platform/log.ts'
import { type Loop, runLoop } from '../platform/loop.ts'
import {
  insertSeals,
  lockChain,
  selectLastSeal,
  selectOutside,
  selectSeals,
  selectWaitingOrganization,
  takeWaiting,
} from './seals.store.ts'

const POLL_MS = 500
const SEALED_AT_ONCE = 500
const READ_AT_ONCE = 1_000
/** What the first seal of a chain stands on. */
const BEGINNING = Buffer.alloc(32)

/** Seals what was committed. Any number of processes may run it: a chain is made longer by one at a time. */
export function runSealing(deps: { db: Database; clock: Clock; log: Logger }): Loop {
  return runLoop(async () => {
    const organizationId = await deps.db.inTransaction(selectWaitingOrganization)
    if (organizationId === null) return POLL_MS
    await sealWaiting(deps.db, organizationId, deps.clock())
    return 0
  }, deps.log)
}

/**
 * Gives the entries that wait their places at the end of the chain: each seal is the hash of the seal
 * before and of the entry, so no entry can be changed, removed or put in between afterwards.
 */
export async function sealWaiting(
  db: Database,
  organizationId: string,
  systemNow: Date,
): Promise<void> {
  await db.inTransaction(async (tx) => {
    await lockChain(tx, organizationId)
    let last = (await selectLastSeal(tx, organizationId)) ?? { position: 0n, hash: BEGINNING }
    const seals = []
    for (const { entryId, text } of await takeWaiting(tx, organizationId, SEALED_AT_ONCE)) {
      last = { position: last.position + 1n, hash: sealOf(last.hash, text) }
      seals.push({ ...last, entryId })
    }
    if (seals.length > 0) await insertSeals(tx, organizationId, seals, systemNow)
  })
}

/** What was found about a chain. It is whole when `broken` is null. */
export type ChainReport = {
  readonly sealed: bigint
  readonly waiting: number
  /** The last seal, in hex: kept elsewhere, it proves later that nothing before it was changed. */
  readonly head: string
  readonly broken: { readonly entryId: string; readonly why: string } | null
}

/** Computes the chain of an organization again from its entries. */
export async function verifyChain(db: Database, organizationId: string): Promise<ChainReport> {
  return db.inTransaction(async (tx) => {
    const { last, broken } = await followChain(tx, organizationId)
    const { strangers, waiting } = await selectOutside(tx, organizationId)
    const [stranger] = strangers
    const slippedIn =
      stranger === undefined ? null : { entryId: stranger, why: 'it was put in without a seal' }
    return {
      sealed: last.position,
      waiting,
      head: last.hash.toString('hex'),
      broken: broken ?? slippedIn,
    }
  })
}

type Link = { readonly position: bigint; readonly hash: Buffer }

/** Goes along the chain as far as it holds. */
async function followChain(
  tx: Tx,
  organizationId: string,
): Promise<{ readonly last: Link; readonly broken: ChainReport['broken'] }> {
  let last: Link = { position: 0n, hash: BEGINNING }
  for (;;) {
    const seals = await selectSeals(tx, organizationId, last.position, READ_AT_ONCE)
    for (const { position, entryId, hash: stored, text } of seals) {
      const why = faultOf({ position, stored, text }, last)
      if (why) return { last, broken: { entryId, why } }
      last = { position, hash: stored }
    }
    if (seals.length < READ_AT_ONCE) return { last, broken: null }
  }
}

function faultOf(
  seal: { readonly position: bigint; readonly stored: Buffer; readonly text: string | null },
  last: Link,
): string | null {
  if (seal.position !== last.position + 1n) return 'the seal before it is missing'
  if (seal.text === null) return 'the entry is missing'
  return sealOf(last.hash, seal.text).equals(seal.stored) ? null : 'it was changed'
}

function sealOf(before: Buffer, text: string): Buffer {
  return hash('sha256', Buffer.concat([before, Buffer.from(text)]), 'buffer')
}
