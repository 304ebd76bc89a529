import { Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { answered, type PaymentMethod } from './portal-api.ts'
import { usePortal, useVisitAction } from './portal-context.tsx'
import { Refusal } from './Refusal.tsx'

/** Takes a means to pay away, after saying what that means. */
export function RemoveMethod({ method }: { readonly method: PaymentMethod }) {
  const { words } = usePortal()
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button
        size="compact-sm"
        variant="default"
        aria-label={words.removeOf(method.label)}
        onClick={() => setOpen(true)}
      >
        {words.remove}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setOpen(false)}
        title={words.removeOf(method.label)}
        closeButtonProps={{ 'aria-label': words.close }}
      >
        {isOpen && <Question method={method} onClose={() => setOpen(false)} />}
      </Modal>
    </>
  )
}

function Question({
  method: { id, label, isDefault },
  onClose,
}: {
  readonly method: PaymentMethod
  readonly onClose: () => void
}) {
  const { words } = usePortal()
  const remove = useVisitAction(
    ({ api, header }) =>
      answered(
        api.POST('/api/portal/v1/payment-methods/{paymentMethodId}/detach', {
          params: { path: { paymentMethodId: id }, header },
          body: {},
        }),
      ),
    onClose,
  )
  return (
    <Stack gap="md">
      <Text>
        {words.removeAsk(label)} {isDefault && words.removeUsed}
      </Text>
      <Refusal error={remove.error} />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onClose}>
          {words.keep}
        </Button>
        <Button color="red.9" loading={remove.isPending} onClick={() => remove.mutate()}>
          {words.remove}
        </Button>
      </Group>
    </Stack>
  )
}
