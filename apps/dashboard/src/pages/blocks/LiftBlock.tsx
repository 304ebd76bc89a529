import { Text } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import type { Block } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'

export function LiftBlock({ block }: { readonly block: Block }) {
  const [isOpen, setOpen] = useState(false)
  const lift = useAction(
    (blockId: string, { environment: { api }, headers }) =>
      answered(
        api.DELETE('/api/v1/control/blocks/{blockId}', { params: { path: { blockId } }, headers }),
      ),
    { onDone: () => setOpen(false) },
  )
  return (
    <>
      <GuardedButton
        permission="control:write"
        size="compact-xs"
        variant="default"
        aria-label={`Lift the block of ${block.id}`}
        onClick={() => setOpen(true)}
      >
        Lift
      </GuardedButton>
      <ConfirmDialog
        title="Lift the block?"
        action="Lift it"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => lift.mutate(block.blockId)}
        isRunning={lift.isPending}
        error={lift.error}
        isDangerous={false}
      >
        <Text>
          <bdi>{block.id}</bdi> is let through again within two seconds, wherever limits allow it.
        </Text>
      </ConfirmDialog>
    </>
  )
}
