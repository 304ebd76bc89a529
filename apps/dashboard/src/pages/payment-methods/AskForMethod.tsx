import { Button, Stack, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import { fieldErrors } from '../../api/errors.ts'
import { MakeButton } from '../../components/MakeButton.tsx'
import { CodeBlock } from '../../ui/code-block.tsx'
import { Form } from '../../ui/form.tsx'
import { Time } from '../../ui/values.tsx'
import { connectionQuery } from '../stripe/stripe-queries.ts'

/** Opens a page of Stripe for the customer, on which they give a means to pay. */
export function AskForMethod({ customerId }: { readonly customerId: string }) {
  const { data } = useQuery(connectionQuery(useEnvironment()))
  const refusal =
    data?.connection === null ? 'No account of Stripe is connected: see the settings.' : null
  return (
    <MakeButton label="Ask for a payment method" permission="billing:write" refusal={refusal}>
      {(close) => <Ask customerId={customerId} close={close} />}
    </MakeButton>
  )
}

function Ask({ customerId, close }: { readonly customerId: string; readonly close: () => void }) {
  const form = useForm({ initialValues: { currency: '', returnUrl: '' } })
  const open = useAction(({ currency, returnUrl }: typeof form.values, { environment, headers }) =>
    answered(
      environment.api.POST('/api/v1/customers/{customerId}/payment-method-setups', {
        params: { path: { customerId } },
        headers,
        body: { currency: currency.trim().toUpperCase(), returnUrl: returnUrl.trim() },
      }),
    ),
  )
  if (open.data) return <Page url={open.data.url} until={open.data.expiresAt} close={close} />
  const errors = fieldErrors(open.error)
  return (
    <Form
      isGuarded={false}
      action="Make the page"
      isRunning={open.isPending}
      error={open.error}
      shownFields={['currency', 'returnUrl']}
      onSubmit={() => open.mutate(form.values)}
    >
      <Text>
        Stripe shows the customer a page on which they give a card or a bank. What they give becomes
        their default.
      </Text>
      <TextInput
        label="Currency"
        description="In which they will be charged; it decides what the page offers"
        placeholder="USD"
        required
        {...form.getInputProps('currency')}
        error={errors.currency}
      />
      <TextInput
        label="Where the page leads back to"
        placeholder="https://cloudai.example/account"
        required
        {...form.getInputProps('returnUrl')}
        error={errors.returnUrl}
      />
    </Form>
  )
}

function Page({
  url,
  until,
  close,
}: {
  readonly url: string
  readonly until: string
  readonly close: () => void
}) {
  return (
    <Stack>
      <Text>
        Give it to the customer and nobody else. The page can be used until{' '}
        <Time at={until} exact />.
      </Text>
      <CodeBlock label="Page of Stripe" text={url} />
      <div>
        <Button onClick={close}>I have copied it</Button>
      </div>
    </Stack>
  )
}
