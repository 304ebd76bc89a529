import type { Database } from '../db/database.ts'
import type { Tx } from '../db/transaction.ts'

/** How long an answer is believed: whoever is removed, signed out or demoted is so within a second. */
const FRESH_MS = 500

/** Who is calling, and that they may: found out when the headers came, and again when something comes of it later. */
export type Authority<Who> = {
  /** Who it was when the headers came. */
  readonly who: Who
  /**
   * Who it is by now; throws when they may no longer. For the beginning of work, which may itself be what
   * ends their right. A quick request is asked about once: only a body that came slowly, or a wait, is old.
   */
  renewed(tx: Tx): Promise<Who>
  /** The same in a transaction of its own, for what goes on. */
  confirm(inTransaction: Database['inTransaction']): Promise<void>
}

/** `ask` throws when nobody is calling who may; without `tx` it may remember what it knows. */
export async function authorityOf<Who>(
  ask: (tx?: Tx) => Who | Promise<Who>,
): Promise<Authority<Who>> {
  let askedAtMs = performance.now()
  const who = await ask()
  let latest = who
  const isFresh = () => performance.now() - askedAtMs < FRESH_MS
  const renewed = async (tx: Tx): Promise<Who> => {
    if (isFresh()) return latest
    const nowMs = performance.now()
    latest = await ask(tx)
    askedAtMs = nowMs
    return latest
  }
  return {
    ...{ who, renewed },
    async confirm(inTransaction) {
      if (!isFresh()) await inTransaction(renewed)
    },
  }
}
