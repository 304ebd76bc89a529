import { Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Subscription, SubscriptionAddOn } from '../../api/records.ts'
import { addOnsQuery } from '../../components/catalog.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { MakeButton } from '../../components/MakeButton.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { DecimalField } from '../../ui/DecimalField.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Form } from '../../ui/form.tsx'
import { Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Quantity, Time } from '../../ui/values.tsx'
import { instantOf, type WhenValues, whenBody } from './change-values.ts'
import { WhenField } from './WhenField.tsx'

/** What a subscription has beside its plan, had or will have. */
export function ItsAddOns({ subscription }: { readonly subscription: Subscription }) {
  const { api, key } = useEnvironment()
  const { id: subscriptionId, status } = subscription
  return (
    <Section
      title="Add-ons"
      aside={
        <MakeButton
          label="Give it an add-on"
          permission="billing:write"
          refusal={status === 'canceled' ? 'It is over.' : null}
        >
          {(close) => <AddOnForm subscriptionId={subscriptionId} onDone={close} />}
        </MakeButton>
      }
    >
      <Loaded
        height={120}
        query={{
          queryKey: [...key, 'subscriptions', subscriptionId, 'add-ons'],
          queryFn: () =>
            answered(
              api.GET('/api/v1/subscriptions/{subscriptionId}/add-ons', {
                params: { path: { subscriptionId } },
              }),
            ),
        }}
      >
        {({ data }) =>
          data.length === 0 ? (
            <EmptyState title="It has no add-ons">
              An add-on is billed with the usage of a period, for the part in which it is there.
            </EmptyState>
          ) : (
            <DataTable label="Add-ons" rows={data} rowId={({ id }) => id} columns={COLUMNS} />
          )
        }
      </Loaded>
    </Section>
  )
}

const COLUMNS: readonly Column<SubscriptionAddOn>[] = [
  { id: 'addOn', header: 'Add-on', value: ({ addOn }) => addOn },
  {
    id: 'quantity',
    header: 'Quantity',
    align: 'right',
    value: ({ quantity }) => quantity,
    cell: ({ quantity }) => <Quantity value={quantity} />,
  },
  {
    id: 'from',
    header: 'From',
    value: ({ from }) => from,
    cell: ({ from }) => <Time at={from} />,
  },
  {
    id: 'until',
    header: 'Until',
    value: ({ until }) => until,
    cell: ({ until }) => <Time at={until} />,
  },
  {
    id: 'actions',
    header: 'Actions',
    value: () => null,
    cell: (attached) => <DetachAddOn attached={attached} />,
  },
]

function AddOnForm({
  subscriptionId,
  onDone,
}: {
  readonly subscriptionId: string
  readonly onDone: () => void
}) {
  const { data: addOns = [] } = useQuery(addOnsQuery(useEnvironment()))
  const [addOn, setAddOn] = useState<string | null>(null)
  const [quantity, setQuantity] = useState('1')
  const [from, setFrom] = useState('')
  const attach = useAction(
    (_: undefined, { environment: { api }, headers }) =>
      answered(
        api.POST('/api/v1/subscriptions/{subscriptionId}/add-ons', {
          ...{ params: { path: { subscriptionId } }, headers },
          body: {
            ...{ addOn: addOn ?? '', quantity: quantity.trim() || '1' },
            ...(from ? { from: instantOf(from) ?? from } : {}),
          },
        }),
      ),
    { onDone },
  )
  return (
    <Form
      action="Give it"
      isRunning={attach.isPending}
      error={attach.error}
      onSubmit={() => attach.mutate(undefined)}
    >
      <Select
        label="Add-on"
        placeholder={addOns.length === 0 ? 'There is none yet' : ''}
        data={addOns
          .filter(({ archivedAt }) => archivedAt === null)
          .map(({ key, name }) => ({ value: key, label: name }))}
        value={addOn}
        onChange={setAddOn}
      />
      <DecimalField label="Quantity" value={quantity} onChange={setQuantity} />
      <TextInput
        label="From"
        description="In UTC; left empty, now"
        type="datetime-local"
        value={from}
        onChange={({ currentTarget: { value } }) => setFrom(value)}
      />
    </Form>
  )
}

function DetachAddOn({ attached }: { readonly attached: SubscriptionAddOn }) {
  const [isOpen, setOpen] = useState(false)
  const [when, setWhen] = useState<WhenValues>({ kind: 'period_end', at: '' })
  const detach = useAction(
    (_: undefined, { environment: { api }, headers }) =>
      answered(
        api.POST('/api/v1/subscriptions/{subscriptionId}/add-ons/{attachedAddOnId}/detach', {
          params: {
            path: { subscriptionId: attached.subscriptionId, attachedAddOnId: attached.id },
          },
          ...{ headers, body: { when: whenBody(when) } },
        }),
      ),
    { onDone: () => setOpen(false) },
  )
  return (
    <>
      <GuardedButton
        permission="billing:write"
        variant="default"
        size="compact-xs"
        refusal={attached.until === null ? null : 'Its end is known already.'}
        onClick={() => setOpen(true)}
      >
        Take off
      </GuardedButton>
      <ConfirmDialog
        title={`Take ${attached.addOn} off?`}
        action="Take it off"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => detach.mutate(undefined)}
        isRunning={detach.isPending}
        error={detach.error}
      >
        The period under way bills the part in which it was there.
        <WhenField when={when} onChange={setWhen} periodEnd="When the period ends" />
      </ConfirmDialog>
    </>
  )
}
