import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import classes from './portal.module.css'
import { answered, type Invoice } from './portal-api.ts'
import { useMethods, usePortal, useVisitAction } from './portal-context.tsx'
import { Refusal } from './Refusal.tsx'

/** What they can do about an invoice that is owed: pay it, or confirm at their bank that they do. Nothing when nothing. */
export function PayInvoice({ invoice }: { readonly invoice: Invoice }) {
  const { words } = usePortal()
  const [isOpen, setOpen] = useState(false)
  const method = useMethods().data?.data.find(({ isDefault }) => isDefault)
  const { payment, isPayable, number } = invoice
  const name = number ?? ''
  if (payment?.status === 'action_required' && payment.actionUrl !== null)
    return (
      <Button
        component="a"
        href={payment.actionUrl}
        size="compact-sm"
        className={classes.action ?? ''}
        aria-label={words.confirmPaymentOf(name)}
      >
        {words.confirmPayment}
      </Button>
    )
  const isUnderWay = payment?.status === 'pending' || payment?.status === 'action_required'
  if (!isPayable || isUnderWay || !method) return null
  return (
    <>
      <Button
        size="compact-sm"
        className={classes.action ?? ''}
        aria-label={words.payOf(name)}
        onClick={() => setOpen(true)}
      >
        {words.pay}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={words.payOf(name)}
        closeButtonProps={{ 'aria-label': words.close }}
      >
        {isOpen && (
          <Question invoice={invoice} label={method.label} onClose={() => setOpen(false)} />
        )}
      </Modal>
    </>
  )
}

function Question({
  invoice: { id, amountDueMinor, currency },
  label,
  onClose,
}: {
  readonly invoice: Invoice
  readonly label: string
  readonly onClose: () => void
}) {
  const { words, format } = usePortal()
  const amount = format.money(amountDueMinor, currency)
  const pay = useVisitAction(
    ({ api, header }) =>
      answered(
        api.POST('/api/portal/v1/invoices/{invoiceId}/pay', {
          params: { path: { invoiceId: id }, header },
          body: {},
        }),
      ),
    onClose,
  )
  return (
    <Stack gap="md">
      <Text>{words.payBy(amount, label)}</Text>
      <Refusal error={pay.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {words.notNow}
        </Button>
        <Button className={classes.action} loading={pay.isPending} onClick={() => pay.mutate()}>
          {words.payAmount(amount)}
        </Button>
      </Group>
    </Stack>
  )
}
