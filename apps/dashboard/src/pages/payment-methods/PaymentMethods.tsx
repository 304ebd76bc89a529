import { Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { type Environment, useEnvironment } from '../../api/environment.tsx'
import type { PaymentMethod } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Nothing, StateBadge, Time } from '../../ui/values.tsx'
import { AskForMethod } from './AskForMethod.tsx'

type OfCustomer = { readonly customerId: string }

function methodsQuery({ api, key }: Environment, customerId: string) {
  return {
    queryKey: [...key, 'payment-methods', { customerId }],
    queryFn: () =>
      answered(
        api.GET('/api/v1/customers/{customerId}/payment-methods', {
          params: { path: { customerId } },
        }),
      ),
  }
}

const columns: readonly Column<PaymentMethod>[] = [
  { id: 'label', header: 'Payment method', value: ({ label }) => label },
  {
    id: 'expires',
    header: 'Expires',
    value: ({ expiresOn }) => expiresOn,
    cell: ({ expiresOn }) => expiresOn ?? <Nothing />,
  },
  { id: 'by', header: 'By', value: ({ provider }) => provider },
  {
    id: 'attached',
    header: 'Given',
    value: ({ attachedAt }) => attachedAt,
    cell: ({ attachedAt }) => <Time at={attachedAt} />,
  },
  {
    id: 'use',
    header: 'Use',
    value: ({ isDefault }) => (isDefault ? 'default' : ''),
    cell: (method) =>
      method.isDefault ? (
        <StateBadge state="active" label="default" />
      ) : (
        <MakeDefault method={method} />
      ),
  },
  {
    id: 'detach',
    header: '',
    align: 'right',
    value: () => null,
    cell: (method) => <Detach method={method} />,
  },
]

/** What a customer can be charged with, and by what it is charged. */
export function PaymentMethods({ customerId }: OfCustomer) {
  return (
    <Section title="Payment methods" aside={<AskForMethod customerId={customerId} />}>
      <Loaded height={120} query={methodsQuery(useEnvironment(), customerId)}>
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState title="No payment method">
              Invoices of this customer cannot be charged. Ask for a payment method, or send a
              portal link: the customer gives one there as well.
            </EmptyState>
          ) : (
            <Stack gap="xs">
              <DataTable
                label="Payment methods"
                rows={data}
                rowId={({ id }) => id}
                columns={columns}
              />
              <Text c="dimmed">
                {data.some(({ isDefault }) => isDefault)
                  ? 'Invoices are charged to the default one.'
                  : 'None is the default: invoices cannot be charged until one is.'}
              </Text>
            </Stack>
          )
        }
      </Loaded>
    </Section>
  )
}

function MakeDefault({ method: { id, label } }: { readonly method: PaymentMethod }) {
  const choose = useAction((paymentMethodId: string, { environment: { api }, headers }) =>
    answered(
      api.POST('/api/v1/payment-methods/{paymentMethodId}/default', {
        params: { path: { paymentMethodId } },
        headers,
      }),
    ),
  )
  return (
    <GuardedButton
      permission="billing:write"
      size="compact-xs"
      variant="default"
      loading={choose.isPending}
      aria-label={`Make ${label} the default`}
      onClick={() => choose.mutate(id)}
    >
      Make it the default
    </GuardedButton>
  )
}

function Detach({ method: { id, label, isDefault } }: { readonly method: PaymentMethod }) {
  const [isOpen, setOpen] = useState(false)
  const detach = useAction(
    (paymentMethodId: string, { environment: { api }, headers }) =>
      answered(
        api.DELETE('/api/v1/payment-methods/{paymentMethodId}', {
          params: { path: { paymentMethodId } },
          headers,
        }),
      ),
    { onDone: () => setOpen(false) },
  )
  return (
    <Group justify="flex-end">
      <GuardedButton
        permission="billing:write"
        size="compact-xs"
        variant="default"
        aria-label={`Detach ${label}`}
        onClick={() => setOpen(true)}
      >
        Detach
      </GuardedButton>
      <ConfirmDialog
        title={`Detach ${label}?`}
        action="Detach"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => detach.mutate(id)}
        isRunning={detach.isPending}
        error={detach.error}
      >
        <Text>
          {isDefault
            ? 'It is the default: invoices cannot be charged until another one is.'
            : 'It is not charged any more.'}{' '}
          Payments under way with it go on.
        </Text>
      </ConfirmDialog>
    </Group>
  )
}
