import { Box, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { StripeInvoice } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Facts, OutLink, PageLink, Section } from '../../ui/page.tsx'
import { Notice } from '../../ui/states.tsx'
import { Nothing, StateBadge, Time } from '../../ui/values.tsx'
import { reasonWords } from './reason-words.ts'
import { stripeUrl } from './stripe-links.ts'

const REFRESH_MS = 5_000
const AMOUNT_DIFFERS = 'amount_differs' // of which the text is ours

function atStripeQuery({ api, key }: Environment, invoiceId: string) {
  return {
    queryKey: [...key, 'stripe-invoices', invoiceId],
    queryFn: async (): Promise<StripeInvoice | null> => {
      const params = { query: { invoiceId, limit: 1 } }
      const { data } = await answered(api.GET('/api/v1/stripe/invoices', { params }))
      return data[0] ?? null
    },
    refetchInterval: REFRESH_MS,
  }
}

/** How an invoice stands at Stripe. Nothing is shown of one that is not billed there. */
export function BilledAtStripe({ invoiceId }: { readonly invoiceId: string }) {
  const { data } = useQuery(atStripeQuery(useEnvironment(), invoiceId))
  return data ? <AtStripe billed={data} /> : null
}

function AtStripe({ billed }: { readonly billed: StripeInvoice }) {
  const { mode, paths } = useEnvironment()
  const { state, stripeCustomerId, stripeInvoiceId, stripeInvoiceStatus } = billed
  const link = (id: string | null, page: string) =>
    id === null ? (
      <Nothing />
    ) : (
      <OutLink href={stripeUrl(mode, null, `${page}/${id}`)}>{id}</OutLink>
    )
  return (
    <Section title="At Stripe" aside={<Retry billed={billed} />}>
      <Facts
        facts={{
          State: <StateBadge state={state} />,
          Invoice: link(stripeInvoiceId, 'invoices'),
          'Its status': stripeInvoiceStatus ?? <Nothing />,
          Customer: link(stripeCustomerId, 'customers'),
          Sent: <Time at={billed.sentAt} exact />,
          By: <PageLink to={paths.stripeTrigger(billed.triggerId)}>its trigger</PageLink>,
        }}
      />
      <Why billed={billed} />
    </Section>
  )
}

function Why({ billed }: { readonly billed: StripeInvoice }) {
  const { reason, reasonText, state, whatToDo } = billed
  if (reason === null) return null
  return (
    <Box mt="md">
      <Notice tone={state === 'refused' ? 'bad' : 'warn'} title={reasonWords(reason)}>
        {reasonText !== null && (
          <Text>{reason === AMOUNT_DIFFERS ? reasonText : `Stripe said: ${reasonText}`}</Text>
        )}
        <WhatToDo billed={billed} words={whatToDo} />
      </Notice>
    </Box>
  )
}

/** In words of this page where a click does it; else in those of the server. */
function WhatToDo({
  billed: { reason, customerId },
  words,
}: {
  readonly billed: StripeInvoice
  readonly words: string | null
}) {
  const { paths } = useEnvironment()
  if (reason === 'customer_not_linked')
    return (
      <Text>
        Link the customer to one of Stripe, among{' '}
        <PageLink to={`${paths.customer(customerId)}?tab=payments`} isInText>
          its payments
        </PageLink>
        : what waits is sent then.
      </Text>
    )
  if (reason === 'key_refused' || reason === 'not_connected')
    return (
      <Text>
        Connect the account again, with a key that may write Invoices and Customers, in the{' '}
        <PageLink to={`${paths.settings}?tab=stripe`} isInText>
          settings
        </PageLink>
        : it goes on then.
      </Text>
    )
  return words === null ? null : <Text>{words}</Text>
}

function Retry({ billed: { invoiceId, state } }: { readonly billed: StripeInvoice }) {
  const retry = useAction((_: undefined, { environment: { api }, headers }) =>
    answered(
      api.POST('/api/v1/stripe/invoices/{invoiceId}/retry', {
        params: { path: { invoiceId } },
        headers,
      }),
    ),
  )
  if (state !== 'refused') return null
  return (
    <GuardedButton
      permission="billing:write"
      variant="default"
      loading={retry.isPending}
      onClick={() => retry.mutate(undefined)}
    >
      Send again
    </GuardedButton>
  )
}
