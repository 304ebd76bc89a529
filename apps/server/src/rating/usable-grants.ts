import {
  compareGrants,
  type Decimal,
  type GrantOrder,
  type MoneyGrant,
  minorRounded,
  type UnitGrant,
} from '@usageflow/pricing'

/** A grant that may pay for something of a bill. */
export type UsableGrant = GrantOrder & {
  readonly customer: string
  readonly name: string
  readonly asset:
    | { readonly kind: 'units'; readonly meterId: string }
    | {
        readonly kind: 'money'
        readonly currency: string
        readonly meterIds: readonly string[] | null
      }
  /** Units, or whole minor units. */
  readonly left: Decimal
}

/** What grants have left while bills are composed one after the other: nothing is used by two of them. */
export class Purses {
  private readonly grants: readonly UsableGrant[]
  private readonly used = new Map<string, bigint>()

  constructor(grants: readonly UsableGrant[]) {
    this.grants = grants.toSorted(compareGrants)
  }

  /** Units of the meter that the customer has left. */
  units(customer: string, meterId: string): UnitGrant[] {
    return this.of(customer).flatMap((grant) =>
      grant.asset.kind === 'units' && grant.asset.meterId === meterId
        ? [{ ...grant, units: this.leftOf(grant) }]
        : [],
    )
  }

  /** Money that the customer has left, of grants that are valid at some time of `[start, end)`. */
  money(
    customer: string,
    wanted: { readonly currency: string; readonly start: Date; readonly end: Date },
    isPromotional: boolean,
  ): MoneyGrant[] {
    return this.of(customer).flatMap((grant) => {
      const { asset, from, to } = grant
      const isValid = from < wanted.end && (to === null || to > wanted.start)
      if (asset.kind !== 'money' || asset.currency !== wanted.currency) return []
      if (grant.isPromotional !== isPromotional || !isValid) return []
      return [
        { id: grant.id, leftMinor: minorRounded(this.leftOf(grant), 0), meters: asset.meterIds },
      ]
    })
  }

  /** Notes that a bill has taken units, or whole minor units as a decimal. */
  take(grantId: string, amount: Decimal): void {
    this.used.set(grantId, (this.used.get(grantId) ?? 0n) + amount)
  }

  nameOf(grantId: string): string {
    return this.grants.find(({ id }) => id === grantId)?.name ?? ''
  }

  private of(customer: string): readonly UsableGrant[] {
    return this.grants.filter((grant) => grant.customer === customer)
  }

  private leftOf({ id, left }: UsableGrant): Decimal {
    const rest = left - (this.used.get(id) ?? 0n)
    return (rest > 0n ? rest : 0n) as Decimal
  }
}
