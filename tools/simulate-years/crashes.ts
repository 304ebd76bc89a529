import type { Database } from '../../apps/server/src/platform/db/database.ts'
import type { Tx } from '../../apps/server/src/platform/db/transaction.ts'
import type { Random } from '../../faults/src/random.ts'

/** The process has died here, as far as the code can tell. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

const STATEMENTS_MAX = 40 // some tens of them make a transaction of billing

/**
 * The database for a program that dies in `share` of its transactions: in the midst of them, right before
 * they commit, or right after, before anybody has heard of it.
 */
export function crashing(
  db: Database,
  { random, share }: { readonly random: Random; readonly share: number },
): Database {
  return {
    ...db,
    async inTransaction(work) {
      if (!random.chance(share)) return db.inTransaction(work)
      const where = random.pick(['between', 'before', 'after'] as const)
      await db.inTransaction(async (tx) => {
        const statements = random.between(0, STATEMENTS_MAX)
        await work(where === 'between' ? dyingAfter(tx, statements) : tx)
        if (where !== 'after') throw new Crash(`died ${where}`)
      })
      throw new Crash('died after the commit')
    },
  }
}

/** The transaction for somebody who dies after so many statements. */
function dyingAfter(tx: Tx, statements: number): Tx {
  let left = statements
  return tx.withPlugin({
    transformQuery: ({ node }) => {
      if (left-- === 0) throw new Crash('died between two statements')
      return node
    },
    transformResult: async ({ result }) => result,
  }) as Tx
}
