import { List } from '../../components/ListPage.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { creditsOfCustomerList } from './credits-list.tsx'

/** Every grant of a customer. */
export function Grants({ customerId }: { readonly customerId: string }) {
  return (
    <List
      list={creditsOfCustomerList}
      label="Grants"
      fixed={{ customerId }}
      empty={
        <EmptyState title="No credits">
          Credits are used up before money is asked for: units of a meter, or an amount of money.
        </EmptyState>
      }
    />
  )
}
