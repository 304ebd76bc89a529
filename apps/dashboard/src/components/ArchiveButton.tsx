import { Text } from '@mantine/core'
import { useState } from 'react'
import { type ActionCall, useAction } from '../api/action.ts'
import { ConfirmDialog } from '../ui/confirm.tsx'
import { GuardedButton } from './GuardedButton.tsx'

/** Takes something of the catalog out of use, for good: what has it keeps it. */
export function ArchiveButton({
  named: { name, key, archivedAt },
  meaning,
  archive,
}: {
  readonly named: {
    readonly name: string
    readonly key: string
    readonly archivedAt: string | null
  }
  /** What becomes of it, in a sentence. */
  readonly meaning: string
  readonly archive: (call: ActionCall) => Promise<unknown>
}) {
  const [isOpen, setOpen] = useState(false)
  const run = useAction((_: undefined, call) => archive(call), { onDone: () => setOpen(false) })
  return (
    <>
      <GuardedButton
        permission="catalog:write"
        variant="default"
        size="compact-xs"
        refusal={archivedAt === null ? null : 'It is archived already.'}
        onClick={() => setOpen(true)}
      >
        Archive
      </GuardedButton>
      <ConfirmDialog
        title={`Archive ${name}?`}
        action="Archive it"
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={() => run.mutate(undefined)}
        isRunning={run.isPending}
        error={run.error}
        typed={key}
      >
        <Text>{meaning}</Text>
      </ConfirmDialog>
    </>
  )
}
