/** A line of an invoice; of late usage, what it comes to. */
export type LineRow = {
  readonly kind: string
  readonly meter: string | null
  readonly quantity: string
  readonly amount: number
}

type Ours = {
  readonly lines: readonly LineRow[]
  readonly late: readonly LineRow[] | null
  readonly total_minor: string
  /** Then the base price is that of another period. */
  readonly isInAdvance: boolean
}

/** Rows are kind, name, dimension, rule, quantity, included, credited, billable, units, unit price, fixed, amount … */
type Answer = {
  readonly lines: readonly (readonly unknown[])[]
  readonly total: number
  readonly error?: string
}
const QUANTITY = 4
const AMOUNT = 11

/** In which way an invoice is not what the second implementation says; null: in none. */
export function differenceOf(
  { lines, total_minor, isInAdvance }: Ours,
  answer: string,
): string | null {
  const theirs = JSON.parse(answer) as Answer
  if (theirs.error) return theirs.error
  const kinds = isInAdvance ? ['usage'] : ['base', 'usage', 'true_up']
  const found = lines
    .filter(({ kind }) => kinds.includes(kind))
    .map(({ kind, meter, quantity, amount }) => textOf(meter ?? kind, quantity, amount))
  const wanted = theirs.lines
    .filter(([kind]) => kinds.includes(String(kind)))
    .map((line) =>
      textOf(String(line[0] === 'usage' ? line[1] : line[0]), String(line[QUANTITY]), line[AMOUNT]),
    )
  if (found.join() !== wanted.join()) return `${found.join()} instead of ${wanted.join()}`
  if (!isInAdvance && Number(total_minor) !== theirs.total)
    return `a total of ${total_minor} instead of ${theirs.total}`
  return null
}

/** Whether what was billed of each meter, in time and late, is what all these events cost together. */
export function lateDifferenceOf({ lines, late }: Ours, answer: string): string | null {
  const theirs = JSON.parse(answer) as Answer
  if (theirs.error) return theirs.error
  const billed = new Map<string, number>()
  const add = (meter: string, amount: number) =>
    billed.set(meter, (billed.get(meter) ?? 0) + amount)
  for (const { kind, meter, amount } of [
    ...lines.filter(({ kind }) => kind === 'usage'),
    ...(late ?? []),
  ])
    add(meter ?? kind, amount)
  for (const line of theirs.lines)
    if (line[0] === 'usage') add(String(line[1]), -Number(line[AMOUNT]))
  const wrong = [...billed].filter(([, rest]) => rest !== 0)
  return wrong.length === 0 ? null : `with late usage too much by ${JSON.stringify(wrong)}`
}

function textOf(name: string, quantity: string, amount: unknown): string {
  const shown = name === 'true_up' ? '' : quantity.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, '')
  return `${name} ${shown}: ${amount}`
}
