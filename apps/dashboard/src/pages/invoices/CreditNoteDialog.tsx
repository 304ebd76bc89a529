import { SegmentedControl, Text, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import { fieldErrors } from '../../api/errors.ts'
import type { Invoice } from '../../api/records.ts'
import { Form } from '../../ui/form.tsx'
import { FormDialog } from '../../ui/form-dialog.tsx'

type Values = { amount: string; settlement: 'credit' | 'refund'; reason: string }

/** Takes back an invoice, or a part of it. */
export function CreditNoteDialog({
  invoice,
  isOpen,
  onClose,
}: {
  readonly invoice: Invoice
  readonly isOpen: boolean
  readonly onClose: () => void
}) {
  return (
    <FormDialog isOpen={isOpen} onClose={onClose} title={`Credit note for ${invoice.number ?? ''}`}>
      <CreditNoteForm invoice={invoice} onDone={onClose} />
    </FormDialog>
  )
}

function CreditNoteForm({
  invoice,
  onDone,
}: {
  readonly invoice: Invoice
  readonly onDone: () => void
}) {
  const form = useForm<Values>({
    initialValues: { amount: '', settlement: 'credit', reason: '' },
    validate: { reason: (text) => (text.trim() === '' ? 'Say why' : null) },
  })
  const issue = useAction(
    ({ amount, settlement, reason }: Values, { environment, headers }) =>
      answered(
        environment.api.POST('/api/v1/invoices/{invoiceId}/credit-notes', {
          params: { path: { invoiceId: invoice.id } },
          headers,
          body: {
            settlement,
            reason: reason.trim(),
            ...(amount.trim() === '' ? {} : { amount: amount.trim() }),
          },
        }),
      ),
    {
      onDone: ({ number }) => {
        notifications.show({ message: `Credit note ${number} was issued` })
        onDone()
      },
    },
  )
  const errors = fieldErrors(issue.error)
  return (
    <Form
      action="Issue"
      isRunning={issue.isPending}
      error={issue.error}
      shownFields={['amount', 'reason']}
      onSubmit={() => {
        if (!form.validate().hasErrors) issue.mutate(form.values)
      }}
    >
      <Text c="dimmed">The invoice stays as it is. A credit note cannot be taken back.</Text>
      <TextInput
        label="Amount"
        description={`In ${invoice.currency}; left empty, all that was not taken back yet`}
        inputMode="decimal"
        {...form.getInputProps('amount')}
        error={errors.amount}
      />
      <SegmentedControl
        aria-label="What becomes of the money"
        data={[
          { value: 'credit', label: 'Keep it as credit' },
          { value: 'refund', label: 'Give it back' },
        ]}
        {...form.getInputProps('settlement')}
      />
      <Textarea
        label="Reason"
        description="It stands on the credit note"
        {...form.getInputProps('reason')}
        error={errors.reason ?? form.errors.reason}
      />
    </Form>
  )
}
