import { Money, Quantity } from '../../ui/values.tsx'

/** Units of a meter, or money: a grant is of one kind. */
export type CreditAmount = {
  readonly units?: string | undefined
  readonly amountMinor?: string | undefined
}

export function Amount({
  amount,
  currency,
}: {
  readonly amount: CreditAmount
  readonly currency: string | null
}) {
  if (amount.amountMinor !== undefined && currency !== null)
    return <Money amountMinor={amount.amountMinor} currency={currency} />
  return <Quantity value={amount.units ?? '0'} unit="units" />
}

/** What is sorted and exported. */
export function valueOfAmount({ units, amountMinor }: CreditAmount): string {
  return units ?? amountMinor ?? '0'
}
