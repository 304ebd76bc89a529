import { meterKeysByNo } from '../catalog/find-meter.ts'
import { checkAgainstEvents, type Slice, type Total, totals } from '../metering/total.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { earlier, later } from '../platform/instant.ts'
import type { RatedUsage } from '../rating/bill.ts'

/** A sum of usage that is not what its events come to. */
export type RollUpMismatch = {
  readonly meterKey: string
  readonly from: Date
  readonly to: Date
  readonly folded: Total
  readonly counted: Total
}

/** Those of the questions whose answer by the roll-up is not that by the events, both as they are now. */
export async function mismatchedRollUps(
  tx: Tx,
  envId: number,
  asked: RatedUsage['asked'],
): Promise<RollUpMismatch[]> {
  const folded = await totals(tx, envId, asked)
  const whole = asked.filter(({ meterNo }) => !folded.incompleteMeters.has(meterNo))
  const mismatches = await checkAgainstEvents(tx, envId, whole, folded)
  const keys = await meterKeysByNo(
    tx,
    envId,
    whole.map(({ meterNo }) => meterNo),
  )
  return mismatches.flatMap(({ id, ...both }) => {
    const question = whole.find((each) => each.id === id)
    const [first, ...others] = question?.slices ?? []
    if (!question || !first) return []
    const { from, to } = others.reduce(spanning, first)
    return [{ meterKey: keys.get(question.meterNo) ?? '', from, to, ...both }]
  })
}

function spanning(all: Slice, next: Slice): Slice {
  return { ...all, from: earlier(all.from, next.from), to: later(all.to, next.to) }
}
