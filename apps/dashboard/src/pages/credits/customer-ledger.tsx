import { useParams } from '@tanstack/react-router'
import { useEnvironment } from '../../api/environment.tsx'
import { List } from '../../components/ListPage.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { RecordTabs } from '../../components/RecordPage.tsx'
import { PageHeader, PageLink } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { customerQuery } from '../customers/customer-query.ts'
import { BalancesOf } from './Balances.tsx'
import { GrantButton } from './GrantButton.tsx'
import { Grants } from './Grants.tsx'
import { ledgerListOf } from './ledger-list.tsx'

/** The credits of one customer: what is there, every step that led to it, and every grant. */
export function CustomerLedgerPage() {
  const environment = useEnvironment()
  const { customerId } = useParams({ strict: false }) as { customerId: string }
  return (
    <Loaded query={customerQuery(environment, customerId)} height={420}>
      {({ name }) => (
        <>
          <PageHeader
            title={`Credits of ${name || customerId}`}
            sentence={
              <PageLink to={environment.paths.customer(customerId)}>To the customer</PageLink>
            }
            actions={<GrantButton customerId={customerId} />}
          />
          <BalancesOf customerId={customerId} />
          <RecordTabs
            tabs={[
              { id: 'ledger', label: 'Ledger', content: <Ledger customerId={customerId} /> },
              { id: 'grants', label: 'Grants', content: <Grants customerId={customerId} /> },
            ]}
          />
        </>
      )}
    </Loaded>
  )
}

function Ledger({ customerId }: { readonly customerId: string }) {
  return (
    <List
      list={ledgerListOf(customerId)}
      label="Ledger"
      empty={
        <EmptyState title="Nothing has happened yet">
          Whatever is granted, used, given back or taken back stands here, and never changes.
        </EmptyState>
      }
    />
  )
}
