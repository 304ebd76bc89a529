import { useQuery } from '@tanstack/react-query'
import { useEnvironment } from '../../api/environment.tsx'
import { List } from '../../components/ListPage.tsx'
import { RealTime } from '../../components/RealTime.tsx'
import { Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { withoutCustomer } from '../customers/without-customer.ts'
import { triggersQuery } from './stripe-queries.ts'
import { syncRecordsList } from './sync-records-list.tsx'

const customersRecords = withoutCustomer(syncRecordsList)

/** What Stripe is told of a customer's usage. Nothing is shown where it is told of none at all. */
export function CustomerSync({ customerId }: { readonly customerId: string }) {
  const environment = useEnvironment()
  const { data: triggers = [] } = useQuery(triggersQuery(environment))
  if (triggers.length === 0) return null
  return (
    <Section title="Usage told to Stripe">
      <RealTime>
        <List
          isSecond
          list={customersRecords}
          label="Usage told to Stripe"
          fixed={{ customerId }}
          rowHref={({ id }) => environment.paths.syncRecord(id)}
          empty={
            <EmptyState title="Nothing was to be sent">
              No usage of this customer was counted by a meter that Stripe is told of.
            </EmptyState>
          }
        />
      </RealTime>
    </Section>
  )
}
