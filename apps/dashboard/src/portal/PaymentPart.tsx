import { Button, Group } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { Part } from './Part.tsx'
import classes from './portal.module.css'
import { answered, type PaymentMethod } from './portal-api.ts'
import { useMethods, usePortal, useVisitAction } from './portal-context.tsx'
import { Refusal } from './Refusal.tsx'
import { RemoveMethod } from './RemoveMethod.tsx'
import { useGiven } from './use-given.ts'

/** What they pay with. Nothing where nobody takes a card and none is there. */
export function PaymentPart() {
  const { words } = usePortal()
  const { isGiven, isAwaited } = useGiven()
  const methods = useMethods(isAwaited)
  if (methods.data && !methods.data.canAdd && methods.data.data.length === 0) return null
  return (
    <Part title={words.paymentMethods} query={methods} height={120}>
      {({ canAdd, data }) => (
        <>
          {isGiven && <Thanks />}
          {data.length > 0 && <MethodTable methods={data} />}
          {data.length === 0 && !isGiven && (
            <p className={classes.empty}>{words.paymentMethodsEmpty}</p>
          )}
          {canAdd && <AddMethod isFirst={data.length === 0} />}
        </>
      )}
    </Part>
  )
}

/** They come back to the beginning of the page, and this stands near its end. */
function Thanks() {
  const { words } = usePortal()
  const place = useRef<HTMLParagraphElement>(null)
  useEffect(() => place.current?.scrollIntoView({ block: 'center' }), [])
  return (
    <p ref={place} className={classes.done} role="status">
      {words.methodGiven}
    </p>
  )
}

function MethodTable({ methods }: { readonly methods: readonly PaymentMethod[] }) {
  const { words, format } = usePortal()
  return (
    <table className={classes.table} aria-label={words.paymentMethods}>
      <thead>
        <tr>
          <th scope="col">{words.paymentMethod}</th>
          <th scope="col">{words.validTo}</th>
          <th scope="col" className={classes.right}>
            {words.use}
          </th>
        </tr>
      </thead>
      <tbody>
        {methods.map((method) => (
          <tr key={method.id}>
            <td className={classes.unbroken}>{method.label}</td>
            <td className={classes.unbroken}>
              {method.expiresOn === null ? words.noEnd : format.month(method.expiresOn)}
            </td>
            <td className={classes.right}>
              <Group gap="xs" justify="flex-end">
                {method.isDefault ? (
                  <span className={classes.state} data-state="active">
                    {words.isDefault}
                  </span>
                ) : (
                  <UseMethod method={method} />
                )}
                <RemoveMethod method={method} />
              </Group>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function UseMethod({ method: { id, label } }: { readonly method: PaymentMethod }) {
  const { words } = usePortal()
  const choose = useVisitAction(({ api, header }) =>
    answered(
      api.POST('/api/portal/v1/payment-methods/{paymentMethodId}/default', {
        params: { path: { paymentMethodId: id }, header },
        body: {},
      }),
    ),
  )
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        loading={choose.isPending}
        aria-label={words.useThisOf(label)}
        onClick={() => choose.mutate()}
      >
        {words.useThis}
      </Button>
      <Refusal error={choose.error} />
    </>
  )
}

/** Goes to a page of Stripe, which leads back here. */
function AddMethod({ isFirst }: { readonly isFirst: boolean }) {
  const { words, summary } = usePortal()
  const open = useVisitAction(
    ({ api, header }) =>
      answered(api.POST('/api/portal/v1/payment-method-setups', { params: { header }, body: {} })),
    ({ url }) => window.location.assign(url),
  )
  return (
    <>
      <Button
        mt="sm"
        {...(isFirst ? { className: classes.action ?? '' } : { variant: 'default' })}
        loading={open.isPending || open.isSuccess}
        onClick={() => open.mutate()}
      >
        {words.addMethod}
      </Button>
      <p className={classes.hint}>{words.addMethodHint(summary.organization.name)}</p>
      <Refusal error={open.error} />
    </>
  )
}
