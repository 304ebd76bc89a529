import type { Tx } from '../db/transaction.ts'
import { schedule, scheduleMany } from '../due/schedule.ts'
import { newId } from '../id.ts'
import { insertFact, insertFacts } from './facts.store.ts'

/** Something that happened, for everybody who must be told. `data` is JSON and becomes the webhook's `data`. */
export type Fact = {
  readonly id: string
  readonly type: string
  /** By the environment's clock. */
  readonly at: Date
  readonly data: Readonly<Record<string, unknown>>
}

/** The `kind` of the due row that makes the pipeline hand a fact on. */
export const FACT_KIND = 'fact'

/**
 * Writes the fact and the work of handing it on, in the transaction of the change itself: either all
 * three exist or none. Returns the fact's id.
 */
export async function appendFact(tx: Tx, envId: number, fact: Omit<Fact, 'id'>): Promise<string> {
  const id = await recordFact(tx, envId, fact)
  await schedule(tx, envId, { kind: FACT_KIND, ref: id, at: fact.at })
  return id
}

/** The same for many facts, in two statements; they happened in this order. */
export async function appendFacts(
  tx: Tx,
  envId: number,
  facts: readonly Omit<Fact, 'id'>[],
): Promise<void> {
  if (facts.length === 0) return
  const named = facts.map(({ type, at, data }) => ({ id: newId('fact'), type, at, data }))
  await insertFacts(tx, envId, named)
  const work = named.map(({ id, at }) => ({ kind: FACT_KIND, ref: id, at }))
  await scheduleMany(tx, envId, work)
}

/** Writes a fact that the pipeline does not hand on: the caller tells whoever must know. Returns its id. */
export async function recordFact(tx: Tx, envId: number, fact: Omit<Fact, 'id'>): Promise<string> {
  const id = newId('fact')
  await insertFact(tx, envId, { ...fact, id })
  return id
}
