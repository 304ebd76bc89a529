import { Button, Menu, Text, Textarea } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { useEnvironment, useRefusal } from '../../api/environment.tsx'
import { messageOf } from '../../api/errors.ts'
import type { Invoice } from '../../api/records.ts'
import { saveFile } from '../../components/csv.ts'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Money } from '../../ui/values.tsx'
import { CreditNoteDialog } from './CreditNoteDialog.tsx'
import { refusalsOf } from './invoice-rules.ts'

type Step = 'pay' | 'collect' | 'fail' | 'void' | 'credit'

/** What can be done with an invoice; what its state does not allow says why. */
export function InvoiceActions({ invoice }: { readonly invoice: Invoice }) {
  const [step, setStep] = useState<Step | null>(null)
  const role = useRefusal('billing:write')
  const close = () => setStep(null)
  const refusals = refusalsOf(invoice)
  const item = (name: Step, label: string, color?: string) => {
    const refusal = role ?? refusals[name]
    return (
      <Menu.Item
        disabled={refusal !== null}
        title={refusal ?? ''}
        {...(color ? { color } : {})}
        onClick={() => setStep(name)}
      >
        {label}
        {refusal !== null && (
          <Text size="xs" c="dimmed" maw={240}>
            {refusal}
          </Text>
        )}
      </Menu.Item>
    )
  }
  return (
    <>
      <PdfButton invoice={invoice} />
      <Menu position="bottom-end" width={280}>
        <Menu.Target>
          <Button rightSection={<Icon name="down" size={14} />}>Actions</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {item('pay', 'Record a payment')}
          {item('collect', 'Charge the customer now')}
          {item('credit', 'Issue a credit note')}
          <Menu.Divider />
          {item('fail', 'Record a failed payment')}
          {item('void', 'Declare void', 'red')}
        </Menu.Dropdown>
      </Menu>
      <PlainStep invoice={invoice} step={step} onClose={close} />
      <CreditNoteDialog invoice={invoice} isOpen={step === 'credit'} onClose={close} />
    </>
  )
}

function PdfButton({ invoice }: { readonly invoice: Invoice }) {
  const { api } = useEnvironment()
  const [isRunning, setRunning] = useState(false)
  const save = async (): Promise<void> => {
    setRunning(true)
    try {
      const pdf = await answered(
        api.GET('/api/v1/invoices/{invoiceId}/pdf', {
          params: { path: { invoiceId: invoice.id } },
          parseAs: 'blob',
        }),
      )
      saveFile(`${(invoice.number ?? invoice.id).replaceAll('/', '-')}.pdf`, pdf as Blob)
    } catch (error) {
      notifications.show({ color: 'red', title: 'No PDF', message: messageOf(error) })
    } finally {
      setRunning(false)
    }
  }
  if (invoice.status === 'draft') return null
  return (
    <Button
      variant="default"
      loading={isRunning}
      leftSection={<Icon name="download" size={14} />}
      onClick={() => void save()}
    >
      PDF
    </Button>
  )
}

const PLAIN = {
  pay: {
    title: 'Record a payment?',
    action: 'It was paid',
    text: 'For money that came in outside of UsageFlow, like a transfer to your bank.',
  },
  collect: {
    title: 'Charge the customer now?',
    action: 'Charge',
    text: 'The default payment method of the customer is charged with what is due.',
  },
  fail: {
    title: 'Record a failed payment?',
    action: 'It failed',
    text: 'The invoice stays open and can be paid later. Webhooks are told.',
  },
  void: {
    title: 'Declare the invoice void?',
    action: 'Declare void',
    text: 'Nothing is owed any more, and the period is not invoiced again. This cannot be taken back.',
  },
} as const

/** The steps that need no more than a yes, and two of them a reason. */
function PlainStep({
  invoice,
  step,
  onClose,
}: {
  readonly invoice: Invoice
  readonly step: Step | null
  readonly onClose: () => void
}) {
  const [reason, setReason] = useState('')
  const path = { invoiceId: invoice.id }
  const run = useAction(
    (wanted: keyof typeof PLAIN, { environment: { api }, headers }) => {
      const options = { params: { path }, headers }
      const withReason = { ...options, body: { reason } }
      if (wanted === 'pay')
        return answered<unknown>(api.POST('/api/v1/invoices/{invoiceId}/pay', options))
      if (wanted === 'collect')
        return answered<unknown>(api.POST('/api/v1/invoices/{invoiceId}/collect', options))
      if (wanted === 'fail')
        return answered<unknown>(api.POST('/api/v1/invoices/{invoiceId}/fail', withReason))
      return answered<unknown>(api.POST('/api/v1/invoices/{invoiceId}/void', withReason))
    },
    { onDone: onClose },
  )
  if (step === null || step === 'credit') return null
  const { title, action, text } = PLAIN[step]
  const needsReason = step === 'fail' || step === 'void'
  return (
    <ConfirmDialog
      title={title}
      action={action}
      isOpen
      onClose={onClose}
      onConfirm={() => run.mutate(step)}
      isRunning={run.isPending}
      error={run.error}
      isDangerous={needsReason}
      {...(step === 'void' ? { typed: invoice.number ?? 'void' } : {})}
    >
      <Text>
        {text} Due is <Money amountMinor={invoice.amountDueMinor} currency={invoice.currency} />.
      </Text>
      {needsReason && (
        <Textarea
          label="Reason"
          description="It stands with the invoice and in the webhook"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
        />
      )}
    </ConfirmDialog>
  )
}
