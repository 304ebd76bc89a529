import { Text } from '@mantine/core'
import { useState } from 'react'
import { type ActionCall, useAction } from '../api/action.ts'
import { ConfirmDialog } from '../ui/confirm.tsx'
import type { Column } from '../ui/data-table.tsx'
import { Id, StateBadge } from '../ui/values.tsx'
import { GuardedButton } from './GuardedButton.tsx'

/** Something of the catalog, which is made once and later taken out of use. */
type Archivable = {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly archivedAt: string | null
}

export const archiveState = ({ archivedAt }: Pick<Archivable, 'archivedAt'>) =>
  archivedAt === null ? 'active' : 'archived'

/** What identifies it in lists. */
export function nameColumns(header: string): readonly Column<Archivable>[] {
  return [
    { id: 'name', header, value: ({ name }) => name },
    {
      id: 'key',
      header: 'Key',
      value: ({ key }) => key,
      cell: ({ key }) => <Id value={key} whole />,
    },
  ]
}

/** Whether it is in use, and the way out of it. */
export function archiveColumns(
  meaning: string,
  archive: (id: string, call: ActionCall) => Promise<unknown>,
): readonly Column<Archivable>[] {
  return [
    {
      id: 'state',
      header: 'State',
      value: archiveState,
      cell: (row) => <StateBadge state={archiveState(row)} />,
    },
    {
      id: 'actions',
      header: 'Actions',
      value: () => null,
      cell: (row) => (
        <ArchiveButton named={row} meaning={meaning} archive={(call) => archive(row.id, call)} />
      ),
    },
  ]
}

/** Takes it out of use, for good: what has it keeps it. */
export function ArchiveButton({
  named: { name, key, archivedAt },
  permission = 'catalog:write',
  refusal = null,
  size = 'compact-xs',
  meaning,
  archive,
}: {
  readonly named: Archivable
  readonly permission?: string
  /** Why it cannot be done as things are. */
  readonly refusal?: string | null
  readonly size?: 'compact-xs' | 'sm'
  /** What becomes of it, in a sentence. */
  readonly meaning: string
  readonly archive: (call: ActionCall) => Promise<unknown>
}) {
  const [isOpen, setOpen] = useState(false)
  const run = useAction((_: undefined, call) => archive(call), { onDone: () => setOpen(false) })
  return (
    <>
      <GuardedButton
        permission={permission}
        variant="default"
        size={size}
        refusal={archivedAt === null ? refusal : 'It is archived already.'}
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
