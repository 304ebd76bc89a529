import { Select, Switch } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment } from '../../api/environment.tsx'
import type { Coupon, CouponAttachment } from '../../api/records.ts'
import { couponsQuery } from '../../components/catalog.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { Loaded } from '../../components/Loaded.tsx'
import { MakeButton } from '../../components/MakeButton.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { type Column, DataTable } from '../../ui/data-table.tsx'
import { Form } from '../../ui/form.tsx'
import { PageLink, Section } from '../../ui/page.tsx'
import { EmptyState } from '../../ui/states.tsx'
import { Time } from '../../ui/values.tsx'
import { couponWords } from './coupon-values.ts'

type Owner = {
  readonly customerId: string
  /** Null: the customer, with all its subscriptions. */
  readonly subscriptionId: string | null
}

const ALL_ROWS = 200

/** What is taken off the invoices of a customer, or of one subscription. */
export function GivenCoupons({ owner }: { readonly owner: Owner }) {
  const { api, key } = useEnvironment()
  const { customerId, subscriptionId } = owner
  return (
    <Section
      title="Coupons"
      aside={
        <MakeButton
          label={subscriptionId === null ? 'Give a coupon' : 'Give it a coupon'}
          permission="billing:write"
        >
          {(close) => <CouponForm owner={owner} onDone={close} />}
        </MakeButton>
      }
    >
      <Loaded
        height={120}
        query={{
          queryKey: [...key, 'customers', customerId, 'coupons'],
          queryFn: () =>
            answered(
              api.GET('/api/v1/coupon-attachments', {
                params: { query: { customerId, limit: ALL_ROWS } },
              }),
            ),
        }}
      >
        {({ data }) => (
          <CouponTable
            attachments={data.filter(
              (one) =>
                subscriptionId === null ||
                one.subscriptionId === null ||
                one.subscriptionId === subscriptionId,
            )}
          />
        )}
      </Loaded>
    </Section>
  )
}

/** In the order in which they count. */
function CouponTable({ attachments }: { readonly attachments: readonly CouponAttachment[] }) {
  const { data: coupons = [] } = useQuery(couponsQuery(useEnvironment()))
  if (attachments.length === 0)
    return (
      <EmptyState title="No coupons">
        A coupon counts from the period under way; several count in the order in which they were
        given.
      </EmptyState>
    )
  return (
    <DataTable
      label="Coupons"
      rows={attachments}
      rowId={({ id }) => id}
      columns={columnsOf(coupons)}
    />
  )
}

function columnsOf(coupons: readonly Coupon[]): readonly Column<CouponAttachment>[] {
  const couponOf = (id: string) => coupons.find((coupon) => coupon.id === id)
  return [
    {
      id: 'coupon',
      header: 'Coupon',
      value: ({ couponId }) => couponOf(couponId)?.name ?? couponId,
    },
    {
      id: 'off',
      header: 'Takes off',
      value: ({ couponId }) => {
        const coupon = couponOf(couponId)
        return coupon ? couponWords(coupon) : null
      },
    },
    {
      id: 'for',
      header: 'Of',
      value: ({ subscriptionId }) =>
        subscriptionId === null ? 'all of the customer' : subscriptionId,
      cell: ({ subscriptionId }) => <WhatFor subscriptionId={subscriptionId} />,
    },
    {
      id: 'given',
      header: 'Given',
      value: ({ attachedAt }) => attachedAt,
      cell: ({ attachedAt }) => <Time at={attachedAt} />,
    },
    {
      id: 'taken',
      header: 'Taken away',
      value: ({ detachedAt }) => detachedAt,
      cell: ({ detachedAt }) => <Time at={detachedAt} />,
    },
    {
      id: 'actions',
      header: 'Actions',
      value: () => null,
      cell: (attachment) => <DetachCoupon attachment={attachment} />,
    },
  ]
}

function WhatFor({ subscriptionId }: { readonly subscriptionId: string | null }) {
  const { paths } = useEnvironment()
  if (subscriptionId === null) return 'all of the customer'
  return <PageLink to={paths.subscription(subscriptionId)}>one subscription</PageLink>
}

function CouponForm({
  owner: { customerId, subscriptionId },
  onDone,
}: {
  readonly owner: Owner
  readonly onDone: () => void
}) {
  const { data: coupons = [] } = useQuery(couponsQuery(useEnvironment()))
  const [coupon, setCoupon] = useState<string | null>(null)
  const [isForAll, setForAll] = useState(subscriptionId === null)
  const attach = useAction(
    (_: undefined, { environment: { api }, headers }) =>
      answered(
        api.POST('/api/v1/coupon-attachments', {
          headers,
          body: { coupon: coupon ?? '', ...(isForAll ? { customerId } : { subscriptionId }) },
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
        label="Coupon"
        placeholder={coupons.length === 0 ? 'There is none yet' : ''}
        data={coupons
          .filter(({ archivedAt }) => archivedAt === null)
          .map((one) => ({ value: one.key, label: `${one.name}: ${couponWords(one)}` }))}
        value={coupon}
        onChange={setCoupon}
      />
      {subscriptionId !== null && (
        <Switch
          label="For every subscription of the customer"
          checked={isForAll}
          onChange={({ currentTarget: { checked } }) => setForAll(checked)}
        />
      )}
    </Form>
  )
}

function DetachCoupon({ attachment }: { readonly attachment: CouponAttachment }) {
  const [isOpen, setOpen] = useState(false)
  const detach = useAction(
    (_: undefined, { environment: { api }, headers }) =>
      answered(
        api.POST('/api/v1/coupon-attachments/{attachmentId}/detach', {
          ...{ params: { path: { attachmentId: attachment.id } }, headers },
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
        refusal={attachment.detachedAt === null ? null : 'It was taken away already.'}
        onClick={() => setOpen(true)}
      >
        Take away
      </GuardedButton>
      <ConfirmDialog
        title="Take the coupon away?"
        action="Take it away"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => detach.mutate(undefined)}
        isRunning={detach.isPending}
        error={detach.error}
      >
        It counts for no period that ends later.
      </ConfirmDialog>
    </>
  )
}
