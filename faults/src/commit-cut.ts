import type { FrontendMessage } from './postgres-messages.ts'

/** Where, in the way of one commit, the line is cut. */
export type CutPoint =
  | 'before-statement'
  | 'within-data'
  | 'before-commit'
  | 'after-commit'
  | 'before-reply'

export const CUT_POINTS: readonly CutPoint[] = [
  'before-statement', // nothing of it reaches PostgreSQL
  'within-data', // a part of the rows does
  'before-commit', // all but the word that ends it
  'after-commit', // that word as well, and then nobody listens
  'before-reply', // PostgreSQL has surely committed, and its answer is lost
]

/** A cut that waits for the first commit whose statement matches. */
export type Cut = {
  readonly point: CutPoint
  readonly isTheOne: (statement: string) => boolean
  readonly done: () => void
}

/** What becomes of one message: which of its bytes go on, and what happens to the line after them. */
export type Verdict = {
  readonly forward: Buffer | null
  readonly next: 'go on' | 'cut now' | 'cut at the reply'
  readonly cut?: Cut
}

/**
 * Follows one connection to the commit that is to be cut; `claim` gives the waiting cut to the first
 * statement that matches. A COPY commits with the word that its data are complete; anything else
 * with the statement itself, or with the COMMIT of its transaction.
 */
export function commitWatch(
  claim: (statement: string) => Cut | undefined,
): (message: FrontendMessage) => Verdict {
  let mine: Cut | undefined
  let inTransaction = false
  return (message) => {
    inTransaction = staysInTransaction(message.statement, inTransaction)
    if (message.statement !== '') mine ??= claim(message.statement)
    return mine
      ? { ...verdict(mine.point, message, stageOf(message, inTransaction)), cut: mine }
      : { forward: message.bytes, next: 'go on' }
  }
}

function staysInTransaction(statement: string, before: boolean): boolean {
  if (statement === 'begin' || statement.startsWith('start transaction')) return true
  return before && statement !== 'rollback'
}

type Stage = 'statement' | 'data' | 'end'

function stageOf({ kind, statement }: FrontendMessage, inTransaction: boolean): Stage {
  if (kind === 'copyData' || kind === 'bind') return 'data'
  if (statement === 'commit') return 'end'
  if (inTransaction) return 'statement'
  if (kind === 'query') return statement.startsWith('copy') ? 'statement' : 'end'
  return kind === 'copyDone' || kind === 'sync' ? 'end' : 'statement'
}

function verdict(point: CutPoint, { bytes }: FrontendMessage, stage: Stage): Verdict {
  if (point === 'before-statement') return { forward: null, next: 'cut now' }
  if (stage === 'data' && point === 'within-data')
    return { forward: bytes.subarray(0, Math.ceil(bytes.length / 2)), next: 'cut now' }
  if (stage !== 'end') return { forward: bytes, next: 'go on' }
  if (point === 'before-reply') return { forward: bytes, next: 'cut at the reply' }
  // Data that came in one piece with its statement cannot be cut within: the end is near enough.
  return point === 'after-commit'
    ? { forward: bytes, next: 'cut now' }
    : { forward: null, next: 'cut now' }
}
