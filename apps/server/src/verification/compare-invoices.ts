import { hash } from 'node:crypto'
import { formatDecimal } from '@usageflow/pricing'
import type { InvoiceContent, InvoiceLine } from '../invoicing/invoice.ts'
import type { Adjustment } from '../rating/bill.ts'

/** What an invoice says in one place, as texts: what is compared, and digested. */
export type Fields = Readonly<Record<string, string | null>>

/** Something that is said twice; null: by one of the two it is not. */
export type Compared = {
  readonly stored: Fields | null
  readonly recomputed: Fields | null
}

export type ComparedLine = Compared & {
  /** That of the invoice, else the one that it would have. */
  readonly lineNo: number
  readonly description: string
}

export type ComparedAdjustment = Compared & Pick<Adjustment, 'kind' | 'ref'>

/** Two contents of one invoice, side by side. */
export type Comparison = {
  readonly head: { readonly stored: Fields; readonly recomputed: Fields }
  readonly lines: readonly ComparedLine[]
  readonly adjustments: readonly ComparedAdjustment[]
}

/** Lines are matched by what they charge for, so that one that is missing does not shift the others. */
export function compareInvoices(stored: InvoiceContent, recomputed: InvoiceContent): Comparison {
  const lines = matched(named(stored.lines, lineName), named(recomputed.lines, lineName))
  const adjustments = matched(
    named(stored.adjustments, adjustmentName),
    named(recomputed.adjustments, adjustmentName),
  )
  return {
    head: { stored: headFields(stored), recomputed: headFields(recomputed) },
    lines: lines.map(([left, right]) => ({
      ...{ lineNo: (left ?? right)?.lineNo ?? 0, description: (left ?? right)?.description ?? '' },
      ...{ stored: left && lineFields(left), recomputed: right && lineFields(right) },
    })),
    adjustments: adjustments.map(([left, right]) => ({
      ...{ kind: (left ?? right)?.kind ?? 'tax', ref: (left ?? right)?.ref ?? '' },
      ...{ stored: left && adjustmentFields(left), recomputed: right && adjustmentFields(right) },
    })),
  }
}

/** The names of the fields that differ; of what one of the two lacks all that the other has. */
export function differing({ stored, recomputed }: Compared): string[] {
  const names = Object.keys(stored ?? recomputed ?? {})
  return names.filter((name) => stored?.[name] !== recomputed?.[name])
}

/** SHA-256 of what is said, in hexadecimal; null where nothing is. */
export function digestOf(fields: Fields | null): string | null {
  return fields && hash('sha256', JSON.stringify(Object.entries(fields)))
}

/** The same of all of it. */
export function digestOfAll(
  { head, lines, adjustments }: Comparison,
  side: 'stored' | 'recomputed',
): string {
  const parts = [head[side], ...lines.map((line) => line[side]), ...adjustments.map((a) => a[side])]
  return hash('sha256', JSON.stringify(parts.flatMap((fields) => digestOf(fields) ?? [])))
}

/** What is said of several in turn is told apart by a number. */
function named<T>(all: readonly T[], nameOf: (each: T) => string): Map<string, T> {
  const byName = new Map<string, T>()
  for (const each of all) {
    const name = nameOf(each)
    let no = 0
    while (byName.has(`${name} ${no}`)) no += 1
    byName.set(`${name} ${no}`, each)
  }
  return byName
}

function matched<T>(left: ReadonlyMap<string, T>, right: ReadonlyMap<string, T>) {
  const names = [...new Set([...left.keys(), ...right.keys()])]
  return names.map((name) => [left.get(name) ?? null, right.get(name) ?? null] as const)
}

function lineName(line: InvoiceLine): string {
  const { kind, meterId, dimension, late } = line
  return JSON.stringify([kind, meterId, dimension, late?.periodNo, nameOf(line)])
}

/** What people may rename, like a meter, is not compared. */
function nameOf({ late, name }: InvoiceLine): string | null {
  return late ? null : name
}

function adjustmentName({ kind, ref, units }: Adjustment): string {
  return JSON.stringify([kind, ref, units?.meterId])
}

function headFields(content: InvoiceContent): Fields {
  const { planId, planVersion, currency, periodStart, periodEnd } = content
  const { subtotalMinor, trueUpMinor, taxMinor, totalMinor, amountDueMinor } = content
  return {
    planId,
    planVersion: planVersion === null ? null : String(planVersion),
    currency,
    periodStart: periodStart.toISOString(),
    periodEnd: periodEnd.toISOString(),
    ...textsOf({ subtotalMinor, trueUpMinor, taxMinor, totalMinor, amountDueMinor }),
  }
}

function lineFields(line: InvoiceLine): Fields {
  const { discountMinor, promotionalMinor, taxMinor, amountMinor, late } = line
  return {
    kind: line.kind,
    rule: line.rule,
    name: nameOf(line),
    dimension: line.dimension && JSON.stringify(line.dimension),
    meterId: line.meterId,
    quantity: formatDecimal(line.quantity),
    included: formatDecimal(line.included),
    credited: formatDecimal(line.credited),
    billable: formatDecimal(line.billable),
    units: formatDecimal(line.units),
    unitPrice: formatDecimal(line.unitPrice),
    fixed: formatDecimal(line.fixed),
    taxRateId: line.taxRateId,
    ...textsOf({ amountMinor, discountMinor, promotionalMinor, taxMinor }),
    periodStart: line.periodStart.toISOString(),
    periodEnd: line.periodEnd.toISOString(),
    latePeriodNo: late && String(late.periodNo),
    lateSince: late && String(late.since),
    lateDifferenceMinor: late && String(late.differenceMinor),
  }
}

function adjustmentFields({ units, tax, amountMinor }: Adjustment): Fields {
  return {
    units: units && formatDecimal(units.quantity),
    percent: tax && formatDecimal(tax.percent),
    inclusive: tax && String(tax.isInclusive),
    taxableMinor: tax && String(tax.taxableMinor),
    ...textsOf({ amountMinor }),
  }
}

function textsOf(amounts: Readonly<Record<string, bigint>>): Fields {
  return Object.fromEntries(Object.entries(amounts).map(([name, value]) => [name, String(value)]))
}
