import type { Tx } from '../platform/db/transaction.ts'
import { selectRefusedCounts } from './refused-figures.store.ts'

/** What Stripe does not take as it is, and waits for people, by trigger. */
export type RefusedFigure = {
  readonly triggerId: string
  /** Counted up to 10,000. */
  readonly refused: number
}

/** Those triggers of which something was refused, the most first. */
export function refusedFigures(tx: Tx, envId: number): Promise<RefusedFigure[]> {
  return selectRefusedCounts(tx, envId)
}
