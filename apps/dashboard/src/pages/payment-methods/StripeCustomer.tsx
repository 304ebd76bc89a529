import { Group, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import { Loaded } from '../../components/Loaded.tsx'
import { MakeButton } from '../../components/MakeButton.tsx'
import { Form } from '../../ui/form.tsx'
import { OutLink, PageLink } from '../../ui/page.tsx'
import { stripeUrl } from '../stripe/stripe-links.ts'

type OfCustomer = { readonly customerId: string }
const PATH = '/api/v1/customers/{customerId}/stripe-customer'

/** Whom the account of Stripe knows the customer as. */
export function StripeCustomer({ customerId }: OfCustomer) {
  const { api, key, mode, paths } = useEnvironment()
  return (
    <Loaded
      height={30}
      query={{
        queryKey: [...key, 'stripe-customer', { customerId }],
        queryFn: () => answered(api.GET(PATH, { params: { path: { customerId } } })),
      }}
    >
      {({ stripeCustomerId, accountId }) => {
        if (accountId === null)
          return (
            <Text c="dimmed">
              No account of Stripe is connected.{' '}
              <PageLink to={`${paths.settings}?tab=stripe`} isInText>
                Connect one
              </PageLink>
            </Text>
          )
        if (stripeCustomerId !== null)
          return (
            <Text>
              At Stripe:{' '}
              <OutLink href={stripeUrl(mode, accountId, `customers/${stripeCustomerId}`)}>
                {stripeCustomerId}
              </OutLink>
            </Text>
          )
        return (
          <Group gap="sm">
            <Text c="dimmed">
              Stripe does not know this customer yet. It is made there when it is needed.
            </Text>
            <MakeButton label="Link to one of Stripe" permission="billing:write">
              {(close) => <LinkForm customerId={customerId} onDone={close} />}
            </MakeButton>
          </Group>
        )
      }}
    </Loaded>
  )
}

function LinkForm({ customerId, onDone }: OfCustomer & { readonly onDone: () => void }) {
  const form = useForm({ initialValues: { stripeCustomerId: '' } })
  const link = useAction(
    ({ stripeCustomerId }: typeof form.values, { environment: { api }, headers }) =>
      answered(
        api.PUT(PATH, {
          params: { path: { customerId } },
          headers,
          body: { stripeCustomerId: stripeCustomerId.trim() },
        }),
      ),
    { onDone },
  )
  return (
    <Form
      action="Link"
      isRunning={link.isPending}
      error={link.error}
      shownFields={['stripeCustomerId']}
      onSubmit={() => link.mutate(form.values)}
    >
      <Text>The payment methods that the customer has at Stripe come along.</Text>
      <TextInput
        label="Customer of Stripe"
        placeholder="cus_…"
        required
        {...form.getInputProps('stripeCustomerId')}
        error={fieldErrors(link.error).stripeCustomerId}
      />
    </Form>
  )
}
