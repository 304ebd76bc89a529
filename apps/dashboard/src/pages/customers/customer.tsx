import { useParams } from '@tanstack/react-router'
import { useEnvironment } from '../../api/environment.tsx'
import type { Customer } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { RecordPage } from '../../components/RecordPage.tsx'
import { PageLink } from '../../ui/page.tsx'
import { Id, Nothing, Time } from '../../ui/values.tsx'
import { BlockButton } from '../blocks/BlockForm.tsx'
import { CustomerBlock } from '../blocks/CustomerBlock.tsx'
import { GivenCoupons } from '../coupons/GivenCoupons.tsx'
import { Requests } from '../requests/Requests.tsx'
import { Timeline } from '../timeline/Timeline.tsx'
import { CustomerCredits } from './CustomerCredits.tsx'
import { CustomerDetails } from './CustomerDetails.tsx'
import { CustomerPayments } from './CustomerPayments.tsx'
import { CustomerUsage } from './CustomerUsage.tsx'
import { CustomerEvents, CustomerInvoices, CustomerSubscriptions } from './customer-lists.tsx'
import { customerQuery } from './customer-query.ts'
import { ROOT } from './names.ts'
import { PortalLink } from './PortalLink.tsx'

export function CustomerPage() {
  const environment = useEnvironment()
  const { customerId } = useParams({ strict: false }) as { customerId: string }
  return (
    <Loaded query={customerQuery(environment, customerId)} height={420}>
      {(customer) => <CustomerRecord customer={customer} />}
    </Loaded>
  )
}

function CustomerRecord({ customer }: { readonly customer: Customer }) {
  const { paths } = useEnvironment()
  const { customerId, name, parentId } = customer
  return (
    <RecordPage
      title={name === '' ? customerId : name}
      sentence={<Id value={customerId} whole />}
      record={customer}
      call={`GET /api/v1/customers/${encodeURIComponent(customerId)}`}
      actions={
        <>
          <PortalLink customer={customer} />
          {customerId !== ROOT && <BlockButton customerId={customerId} />}
          <GuardedButton
            permission="billing:write"
            to={`${paths.newSubscription}?customerId=${encodeURIComponent(customerId)}`}
          >
            Put on a plan
          </GuardedButton>
        </>
      }
      facts={{
        'E-mail': customer.email ?? <Nothing />,
        Parent:
          parentId === null ? (
            <Nothing />
          ) : (
            <PageLink to={paths.customer(parentId)}>{parentId}</PageLink>
          ),
        'Pays within': customer.netDays === null ? <Nothing /> : `${customer.netDays} days`,
        'First seen': <Time at={customer.createdAt} />,
      }}
      tabs={[
        { id: 'usage', label: 'Usage', content: <CustomerUsage customerId={customerId} /> },
        {
          id: 'subscriptions',
          label: 'Subscriptions',
          content: <CustomerSubscriptions customerId={customerId} />,
        },
        {
          id: 'invoices',
          label: 'Invoices',
          content: <CustomerInvoices customerId={customerId} />,
        },
        {
          id: 'payments',
          label: 'Payments',
          content: <CustomerPayments customerId={customerId} />,
        },
        { id: 'credits', label: 'Credits', content: <CustomerCredits customerId={customerId} /> },
        {
          id: 'coupons',
          label: 'Coupons',
          content: <GivenCoupons owner={{ customerId, subscriptionId: null }} />,
        },
        { id: 'events', label: 'Events', content: <CustomerEvents customerId={customerId} /> },
        { id: 'requests', label: 'Requests', content: <Requests of={{ customerId }} /> },
        {
          id: 'timeline',
          label: 'Timeline',
          content: <Timeline about={{ customerId }} />,
        },
        { id: 'details', label: 'Details', content: <CustomerDetails customer={customer} /> },
      ]}
    >
      <CustomerBlock customerId={customerId} />
    </RecordPage>
  )
}
