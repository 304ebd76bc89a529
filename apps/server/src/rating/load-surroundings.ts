import { ROOT } from '../customers/customer.ts'
import { parentLinks } from '../customers/parent-links.ts'
import type { Tx } from '../platform/db/transaction.ts'
import { earlier, later } from '../platform/instant.ts'
import { activePrices } from '../subscriptions/covering.ts'
import { type CoverageQuestion, type Surroundings, surroundingsOf } from './coverage.ts'

/** What `slicesOf` needs to know to answer any of the questions, in two reads however many there are. */
export async function loadSurroundings(
  tx: Tx,
  envId: number,
  questions: readonly CoverageQuestion[],
): Promise<Surroundings> {
  const window = windowOf(questions)
  if (!window) return surroundingsOf([], [])
  const tops = [...new Set(questions.map(({ customer }) => customer))]
  const meterIds = [...new Set(questions.map(({ meterId }) => meterId))]
  const links = await parentLinks(tx, envId, { tops, ...window })
  const below = [...new Set(links.map(({ customer }) => customer))]
  const customers = tops.includes(ROOT) ? null : below // above the root's own price nobody is asked
  const prices = await activePrices(tx, envId, { meterIds, customers, ...window })
  return surroundingsOf(links, prices)
}

function windowOf(
  questions: readonly CoverageQuestion[],
): { readonly from: Date; readonly to: Date } | null {
  const [first, ...others] = questions
  if (!first) return null
  return others.reduce(
    (window, { from, to }) => ({
      from: earlier(from, window.from),
      to: later(to, window.to),
    }),
    { from: first.from, to: first.to },
  )
}
