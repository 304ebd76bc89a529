import { Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'
import { useEffect, useMemo, useRef } from 'react'
import { ConfirmDialog } from './confirm.tsx'

type Unsaved = {
  readonly type: () => void
  readonly send: () => void
  readonly isUnsaved: () => boolean
}

/** Whether something was typed that was not sent; what was refused is not saved either. */
export function useUnsaved(isRunning: boolean, error: unknown): Unsaved {
  const state = useRef<'clean' | 'typed' | 'sent'>('clean')
  useEffect(() => {
    if (!isRunning && state.current === 'sent') state.current = error == null ? 'clean' : 'typed'
  }, [isRunning, error])
  return useMemo(
    () => ({
      type: () => {
        state.current = 'typed'
      },
      send: () => {
        state.current = 'sent'
      },
      isUnsaved: () => state.current === 'typed',
    }),
    [],
  )
}

/** Asks before somebody leaves the page, by a link or by the browser. */
export function UnsavedGuard({ isUnsaved }: Pick<Unsaved, 'isUnsaved'>) {
  const blocker = useBlocker({
    shouldBlockFn: isUnsaved,
    enableBeforeUnload: isUnsaved,
    withResolver: true,
  })
  return (
    <ConfirmDialog
      title="Leave without saving?"
      action="Leave"
      isOpen={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      onConfirm={() => blocker.proceed?.()}
      isRunning={false}
    >
      <Text>What you have typed here is not kept.</Text>
    </ConfirmDialog>
  )
}
