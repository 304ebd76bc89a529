import { type Decimal, formatDecimal, minorDigits, ZERO } from '@usageflow/pricing'
import type { Meter } from '../catalog/meter.ts'
import type { InvoiceContent, InvoiceLine } from '../invoicing/invoice.ts'

/** What one period of a subscription came to, as clients of Dodo Payments read it. */
export function toUsageHistory(
  { periodStart, periodEnd, currency, lines }: InvoiceContent,
  meters: ReadonlyMap<string, Pick<Meter, 'name'>>,
) {
  const byMeter = new Map<string, InvoiceLine[]>()
  for (const line of lines)
    if (line.kind === 'usage' && line.meterId !== null && line.late === null)
      byMeter.set(line.meterId, [...(byMeter.get(line.meterId) ?? []), line])
  return {
    start_date: periodStart.toISOString(),
    end_date: periodEnd.toISOString(),
    meters: [...byMeter].map(([id, mine]) => ({
      id,
      name: meters.get(id)?.name ?? id,
      currency,
      ...amountsOf(mine, 10n ** BigInt(minorDigits(currency))),
    })),
  }
}

/** A price may make several lines, of its tiers or dimensions. The unit price told is that of the last, where the next unit goes. */
function amountsOf(lines: readonly InvoiceLine[], minorUnit: bigint) {
  const total = (of: (line: InvoiceLine) => bigint) =>
    lines.reduce((sum, line) => sum + of(line), 0n)
  const text = (of: (line: InvoiceLine) => Decimal) => formatDecimal(total(of) as Decimal)
  return {
    consumed_units: text(({ quantity }) => quantity),
    chargeable_units: text(({ billable }) => billable),
    free_threshold: Number(text(({ included }) => included)), // a number there
    price_per_unit: formatDecimal(((lines.at(-1)?.unitPrice ?? ZERO) * minorUnit) as Decimal), // in minor units there
    total_price: Number(total(({ amountMinor }) => amountMinor)),
  }
}
