import { useEnvironment } from '../../api/environment.tsx'
import { List } from '../../components/ListPage.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { eventsList } from '../events/events-list.tsx'
import { invoicesList } from '../invoices/invoices-list.tsx'
import { subscriptionsList } from '../subscriptions/subscriptions-list.tsx'
import { withoutCustomer } from './without-customer.ts'

type OfCustomer = { readonly customerId: string }

const customersSubscriptions = withoutCustomer(subscriptionsList)
const customersInvoices = withoutCustomer(invoicesList)
const customersEvents = withoutCustomer(eventsList)

export function CustomerSubscriptions({ customerId }: OfCustomer) {
  const { paths } = useEnvironment()
  return (
    <List
      list={customersSubscriptions}
      label="Subscriptions"
      fixed={{ customerId }}
      rowHref={({ id }) => paths.subscription(id)}
      empty={
        <EmptyState title="On no plan">
          The usage of this customer is counted and not billed, unless an account above it is on a
          plan.
        </EmptyState>
      }
    />
  )
}

export function CustomerInvoices({ customerId }: OfCustomer) {
  const { paths } = useEnvironment()
  return (
    <List
      list={customersInvoices}
      label="Invoices"
      fixed={{ customerId }}
      rowHref={({ id }) => paths.invoice(id)}
      empty={
        <EmptyState title="No invoices yet">
          The first one is made when a period of a subscription ends.
        </EmptyState>
      }
    />
  )
}

export function CustomerEvents({ customerId }: OfCustomer) {
  const { paths } = useEnvironment()
  return (
    <List
      list={customersEvents}
      label="Events"
      fixed={{ customerId }}
      rowHref={({ eventId }) => paths.event(eventId)}
      empty={
        <EmptyState title="No events">Nothing was recorded for this customer so far.</EmptyState>
      }
    />
  )
}
