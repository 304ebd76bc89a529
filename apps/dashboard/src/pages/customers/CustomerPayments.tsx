import { useEnvironment } from '../../api/environment.tsx'
import { List } from '../../components/ListPage.tsx'
import { Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { PaymentMethods } from '../payment-methods/PaymentMethods.tsx'
import { StripeCustomer } from '../payment-methods/StripeCustomer.tsx'
import { paymentsList } from '../payments/payments-list.tsx'
import { CustomerSync } from '../stripe/CustomerSync.tsx'
import { withoutCustomer } from './without-customer.ts'

const customersPayments = withoutCustomer(paymentsList)

/** What a customer pays with, and every attempt to move its money. */
export function CustomerPayments({ customerId }: { readonly customerId: string }) {
  const { paths } = useEnvironment()
  return (
    <>
      <StripeCustomer customerId={customerId} />
      <PaymentMethods customerId={customerId} />
      <Section title="Payments">
        <List
          list={customersPayments}
          label="Payments"
          fixed={{ customerId }}
          rowHref={({ invoiceId }) => paths.invoice(invoiceId)}
          empty={
            <EmptyState title="No payments yet">
              A payment is made when a final invoice is charged, or when you record that it was
              paid.
            </EmptyState>
          }
        />
      </Section>
      <CustomerSync customerId={customerId} />
    </>
  )
}
