import { hash } from 'node:crypto'
import type { Tx } from '../../platform/db/transaction.ts'
import {
  addDecisionCells,
  type DecisionCell,
  selectDecisionCounts,
  selectKnownDecisions,
} from './decisions.store.ts'
import type { DecisionsRow } from './report.ts'
import { startOf } from './window.ts'

/** Of one application in one hour; from there on identities are left away, and whatever is new at twice as many counts for nothing. */
const DECISIONS_MAX = 5_000

/** Adds what limits did to their hours. Returns how many rows found no place. */
export async function addDecisions(
  tx: Tx,
  envId: number,
  application: string,
  rows: readonly DecisionsRow[],
): Promise<number> {
  if (rows.length === 0) return 0
  const named = await withinBounds(tx, envId, application, {
    ...{ cells: addUp(rows.map(cellOf)), max: DECISIONS_MAX },
    beyond: (cell) => [withKey({ ...cell, identity: null })],
  })
  let leftOut = 0
  const cells = await withinBounds(tx, envId, application, {
    ...{ cells: addUp(named), max: 2 * DECISIONS_MAX },
    beyond: () => {
      leftOut += 1
      return []
    },
  })
  if (cells.length > 0) await addDecisionCells(tx, envId, application, cells)
  return leftOut
}

/** What there is no room for in its hour is replaced, unless it has a row already. */
async function withinBounds(
  tx: Tx,
  envId: number,
  application: string,
  {
    cells,
    max,
    beyond,
  }: {
    readonly cells: readonly DecisionCell[]
    readonly max: number
    beyond(cell: DecisionCell): readonly DecisionCell[]
  },
): Promise<readonly DecisionCell[]> {
  const hours = [...new Map(cells.map(({ startsAt }) => [startsAt.getTime(), startsAt])).values()]
  const stored = await selectDecisionCounts(tx, envId, application, hours)
  const present = new Map(stored.map(({ startsAt, count }) => [startsAt.getTime(), count]))
  const isTight = ({ startsAt }: DecisionCell) =>
    (present.get(startsAt.getTime()) ?? 0) + cells.length > max
  const tight = cells.filter(isTight)
  if (tight.length === 0) return cells
  const known = await selectKnownDecisions(tx, envId, application, tight)
  const kept = new Set(known.map(placeOf))
  return cells.flatMap((cell) =>
    !isTight(cell) || kept.has(placeOf(cell)) ? [cell] : beyond(cell),
  )
}

function placeOf({ startsAt, key }: Pick<DecisionCell, 'startsAt' | 'key'>): string {
  return `${startsAt.getTime()} ${key}`
}

function cellOf({ minute, ...row }: DecisionsRow): DecisionCell {
  return withKey({ ...row, startsAt: startOf(minute, 'hour'), key: '' })
}

function withKey(cell: DecisionCell): DecisionCell {
  const { policyId, pattern, limit, mode, identity } = cell
  const name = [policyId, pattern, limit, mode, identity?.kind, identity?.id]
  return { ...cell, key: hash('sha256', JSON.stringify(name)) }
}

function addUp(cells: readonly DecisionCell[]): DecisionCell[] {
  const sums = new Map<string, DecisionCell>()
  for (const cell of cells) {
    const sum = sums.get(placeOf(cell))
    sums.set(placeOf(cell), sum ? added(sum, cell) : cell)
  }
  return [...sums.values()]
}

function added(one: DecisionCell, other: DecisionCell): DecisionCell {
  return {
    ...one,
    refused: one.refused + other.refused,
    allowedWithoutAnswer: one.allowedWithoutAnswer + other.allowedWithoutAnswer,
    refusedWithoutAnswer: one.refusedWithoutAnswer + other.refusedWithoutAnswer,
  }
}
