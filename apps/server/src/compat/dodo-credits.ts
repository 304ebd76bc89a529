import { formatDecimal, formatMinor, ZERO } from '@usageflow/pricing'
import type { Meter } from '../catalog/meter.ts'
import type { Balance } from '../credits/balance.ts'
import type { Asset } from '../credits/credit.ts'

/** A kind of credit and what a customer has of it, in the words of Dodo Payments. */
export type Entitlement = {
  readonly credit_entitlement_id: string
  readonly name: string
  readonly unit: string
  readonly balance: string
}

/** What is free of a balance: usage that is not invoiced yet is off it already, as there. */
export function toEntitlement(
  { asset, available }: Pick<Balance, 'asset' | 'available'>,
  meters: ReadonlyMap<string, Meter>,
): Entitlement {
  const credit_entitlement_id = entitlementId(asset)
  if (asset.kind === 'money') {
    const { currency } = asset
    const balance = formatMinor(BigInt(formatDecimal(available)), currency) // whole minor units
    return { credit_entitlement_id, name: currency, unit: currency, balance }
  }
  const meter = meters.get(asset.meterId)
  const name = meter?.name ?? asset.meterId
  const unit = meter?.unit || name
  return { credit_entitlement_id, name, unit, balance: formatDecimal(available) }
}

/** Nothing of a meter's units. */
export function noUnits(meter: Meter): Entitlement {
  const asset = { kind: 'units', meterId: meter.id } as const
  return toEntitlement({ asset, available: ZERO }, new Map([[meter.id, meter]]))
}

/** Units are called by their meter, money by its currency, and by the meters that it may pay for if not for all. */
function entitlementId(asset: Asset): string {
  if (asset.kind === 'units') return asset.meterId
  return [asset.currency, ...(asset.meterIds ?? [])].join(':')
}
