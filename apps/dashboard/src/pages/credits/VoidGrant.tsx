import { Text } from '@mantine/core'
import { useState } from 'react'
import { useAction } from '../../api/action.ts'
import { answered } from '../../api/client.ts'
import type { Credit } from '../../api/records.ts'
import { GuardedButton } from '../../components/GuardedButton.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { Amount } from './credit-amount.tsx'

/** Takes back what is left of a grant. */
export function VoidGrant({ credit }: { readonly credit: Credit }) {
  const [isOpen, setOpen] = useState(false)
  const take = useAction(
    (_: undefined, { environment, headers }) =>
      answered(
        environment.api.POST('/api/v1/credits/{creditId}/void', {
          params: { path: { creditId: credit.id } },
          headers,
        }),
      ),
    { onDone: () => setOpen(false) },
  )
  return (
    <>
      <GuardedButton
        permission="billing:write"
        size="compact-xs"
        variant="default"
        onClick={() => setOpen(true)}
      >
        Take back
      </GuardedButton>
      <ConfirmDialog
        title="Take back what is left?"
        action="Take it back"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => take.mutate(undefined)}
        isRunning={take.isPending}
        error={take.error}
      >
        <Text>
          <Amount amount={credit.left} currency={credit.currency} /> are left of “
          {credit.name || credit.source}”. The customer cannot use them any more. What was used
          stays used.
        </Text>
      </ConfirmDialog>
    </>
  )
}
