import { Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { createContext, type RefObject, useContext, useEffect, useMemo, useRef } from 'react'
import { ConfirmDialog } from './confirm.tsx'

type Unsaved = {
  readonly type: () => void
  readonly isUnsaved: () => boolean
}

/** Whether something was typed that was not sent; what was refused is not saved either. */
export function useUnsaved(isRunning: boolean, error: unknown): Unsaved {
  const state = useRef<'clean' | 'typed' | 'sent'>('clean')
  useEffect(() => {
    if (isRunning) state.current = 'sent'
    else if (state.current === 'sent') state.current = error == null ? 'clean' : 'typed'
  }, [isRunning, error])
  return useMemo(
    () => ({
      type: () => {
        state.current = 'typed'
      },
      isUnsaved: () => state.current === 'typed',
    }),
    [],
  )
}

/** Where a dialog learns whether the form in it has something unsaved. */
export const UnsavedInDialog = createContext<RefObject<() => boolean> | null>(null)

/** Asks before somebody leaves the page, by a link or by the browser. */
export function UnsavedGuard({ isUnsaved }: Pick<Unsaved, 'isUnsaved'>) {
  const dialog = useContext(UnsavedInDialog)
  useEffect(() => {
    if (dialog === null) return
    dialog.current = isUnsaved
    return () => {
      dialog.current = () => false
    }
  }, [dialog, isUnsaved])
  const blocker = useBlocker({
    shouldBlockFn: isUnsaved,
    enableBeforeUnload: isUnsaved,
    withResolver: true,
  })
  return (
    <LeaveQuestion
      isOpen={blocker.status === 'blocked'}
      onStay={() => blocker.reset?.()}
      onLeave={() => blocker.proceed?.()}
    />
  )
}

export function LeaveQuestion({
  isOpen,
  onStay,
  onLeave,
}: {
  readonly isOpen: boolean
  readonly onStay: () => void
  readonly onLeave: () => void
}) {
  return (
    <ConfirmDialog
      title="Leave without saving?"
      action="Leave"
      isOpen={isOpen}
      onClose={onStay}
      onConfirm={onLeave}
      isRunning={false}
    >
      <Text>What you have typed here is not kept.</Text>
    </ConfirmDialog>
  )
}
